"""Count the package: the size of its modules and functions, its import chains, names used twice.

    python benchmarks/house.py                  this package
    python benchmarks/house.py PATH             another one, such as site-packages/httpx

Rooms that are too large, circles and doubled names are listed under the table.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.house import (
    PACKAGE,
    doubled_classes,
    doubled_modules,
    imports,
    longest_chain,
    modules,
    rings,
)

LONG = 40
"""Lines; no function is longer."""


def spread(sizes: Sequence[int]) -> str:
    """Median, nine tenths and the largest."""
    return f"{median(sizes):g} / {quantiles(sizes, n=10)[-1]:.0f} / {max(sizes)}"


def counted(package: Path) -> Iterator[tuple[str, str]]:
    """Each number with what it is."""
    found = modules(package)
    graph, lines = imports(found), [module.lines for module in found.values()]
    functions = [function for module in found.values() for function in module.functions()]
    circles = rings(graph)
    yield "modules / lines", f"{len(found)} / {sum(lines):,}"
    yield "median / p90 / max lines a module", spread(lines)
    yield "median / p90 / max lines a function", spread([one.lines for one in functions])
    long = [one for one in functions if one.lines > LONG]
    yield f"functions over {LONG} lines", f"{len(long)} of {len(functions):,}"
    yield "import cycles", str(len(circles))
    yield "longest import chain", "-" if circles else str(len(longest_chain(graph)))
    yield "median / p90 / max modules that one imports", spread([len(n) for n in graph.values()])
    yield "module names used twice", str(len(doubled_modules(found)))
    yield "public class names used twice", str(len(doubled_classes(found)))


def listed(package: Path) -> Iterator[str]:
    """What the numbers are about, a line each."""
    found = modules(package)
    graph = imports(found)
    for module in found.values():
        for one in module.functions():
            if one.lines > LONG:
                yield f"{one.module}.{one.name} has {one.lines} lines"
    circles = rings(graph)
    yield from (f"a circle: {', '.join(sorted(circle))}" for circle in circles)
    if not circles:
        yield f"the longest chain: {' -> '.join(longest_chain(graph))}"
    for name, homes in (doubled_modules(found) | doubled_classes(found)).items():
        yield f"{name}: {', '.join(homes)}"


def main() -> None:
    """Print the table, and the list below it."""
    package = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else PACKAGE
    print(f"| | {package.name} |\n| --- | --- |")
    for what, number in counted(package):
        print(f"| {what} | {number} |")
    print()
    print("\n".join(listed(package)))


if __name__ == "__main__":
    main()
