"""The package counted: how large its rooms are, how they lean on each other, doubled names."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "storyboard"


@dataclass(frozen=True)
class Function:
    """A function or method, without its decorators."""

    module: str
    name: str
    lines: int


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    name: str
    """Dotted; a package's own file has the package's name."""
    path: Path

    @cached_property
    def text(self) -> str:
        """What is written in it."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The same, parsed."""
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        """All of them."""
        return self.text.count("\n")

    def functions(self) -> Iterator[Function]:
        """Every function in it, wherever it stands."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Function(self.name, node.name, (node.end_lineno or 0) - node.lineno + 1)

    def classes(self) -> Iterator[str]:
        """Its public classes."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name


def modules(package: Path = PACKAGE) -> dict[str, Module]:
    """Every module of a package, by its dotted name."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path)
    return found


def imports(found: Mapping[str, Module]) -> dict[str, set[str]]:
    """Which modules each one loads when it is loaded itself."""
    return {name: set(_loaded(module.tree.body, name, found)) for name, module in found.items()}


def _loaded(body: Sequence[ast.stmt], own: str, found: Mapping[str, Module]) -> Iterator[str]:
    """Those of a block, without what only the type checker reads or a function loads later."""
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module in found:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield from {inner if inner in found else node.module} - {own}
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in found)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            yield from _loaded([*node.body, *node.orelse], own, found)
        elif isinstance(node, ast.Try):
            yield from _loaded(node.body, own, found)


def rings(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """Modules that lead back to themselves, in groups."""
    beyond = {name: _beyond(name, graph) for name in graph}
    groups = {
        frozenset(other for other in beyond[name] if name in beyond[other])
        for name in graph
        if name in beyond[name]
    }
    return [set(group) for group in groups]


def _beyond(name: str, graph: Mapping[str, set[str]]) -> set[str]:
    """All that can be reached from a module."""
    seen: set[str] = set()
    waiting = list(graph[name])
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting.extend(graph[one])
    return seen


def longest_chain(graph: Mapping[str, set[str]]) -> list[str]:
    """Modules each of which loads the next, as many as there are; only where there is no ring."""
    known: dict[str, list[str]] = {}

    def chain(name: str) -> list[str]:
        if name not in known:
            known[name] = [name, *max((chain(next_) for next_ in graph[name]), key=len, default=[])]
        return known[name]

    return max(map(chain, graph), key=len)


def doubled_classes(found: Mapping[str, Module]) -> dict[str, list[str]]:
    """Public classes of one name, and the modules that define them."""
    homes: dict[str, list[str]] = defaultdict(list)
    for name, module in found.items():
        for kind in module.classes():
            homes[kind].append(name)
    return {kind: names for kind, names in homes.items() if len(names) > 1}


def doubled_modules(found: Mapping[str, Module]) -> dict[str, list[str]]:
    """Modules and packages whose last name is the same."""
    homes: dict[str, list[str]] = defaultdict(list)
    for name in found:
        homes[name.rpartition(".")[2]].append(name)
    return {last: names for last, names in homes.items() if len(names) > 1}
