"""The page of the Python API, made from the code's own words: `docs/api.md`."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from enum import Enum
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import storyboard
from storyboard import errors, events

if TYPE_CHECKING:
    from types import ModuleType

HEAD = """\
# Python

Made from the code's own docstrings; a test fails when it is stale
(`python -m storyboard.cli.api_page > docs/api.md`). Everything here is typed, and imported from
`storyboard` itself unless it says otherwise; nothing prints.
"""

JSON = """\
## `--json`

One value on stdout, of an error too: `error` with `kind` and `message`, and `mistakes` (`file`,
`line`, `column`, `path`, `message`) where the storyboard has them. Below are the names of the
others, and in brackets those of what their lists hold; `render` prints what `animatic` does. Money
is in micro-dollars where the name says `microusd`, in dollars where it says `usd`, and a text for
people elsewhere.

"""

FUNCTIONS = (
    *("render", "render_async", "load", "plan", "generate", "conform", "footage", "cut", "crew"),
    *("repeats", "film", "assemble", "export", "review", "render_batch", "plan_batch"),
)
"""In the order in which data flows."""
COMMANDS = (
    *("plan_film", "expected_wait", "status", "pick", "take", "adopt", "edit", "qc"),
    *("review_page", "review_document", "notes", "add_note", "close_note"),
    *("export_cut", "import_cut", "farm_job", "du", "verify", "clean", "push", "pull"),
)
COMMANDS_ABOUT = """\
They do what the commands of the same words do ([commands.md](commands.md)), and give it as values.
`storyboard` is the path of its file, or a `StoryboardFile`, which says how it is read."""
RESULTS = (
    *("Standings", "Pick", "OneMore", "Adopted", "Rewriting", "REMOVE", "Measured", "Judgement"),
    *("ReviewPage", "Said", "ReviewNote", "Exported", "TakenBack", "WrittenJob"),
    *("Stock", "Damage", "Cleaned", "Exchanged"),
)

BLOCKS = (
    *("Storyboard", "Scene", "Keyframe", "Shot", "Take", "Defaults", "Transition", "Trim", "Seam"),
    *("Title", "Caption", "Audio", "Music", "Voice", "Effect", "OwnSound", "CutShot", "Size"),
    *("Version", "Ending", "Card", "CardWords", "OwnModel", "OwnOption", "OwnPrice"),
)
VALUES = (
    *("StoryboardFile", "CheckedStoryboard", "CheckedScene", "CheckedShot", "Plan", "Store"),
    *("Generated", "Footage", "Timeline", "MoviepyClip", "Film", "Report"),
    *("Batch", "BatchFilm", "BatchPlan", "Fal", "MODELS"),
)
WAYS = ("Run", "Finish", "Stop", "Pace", "EventLog")
ERRORS = ("StoryboardError", "InvalidStoryboard")
MODULES = ("errors", "events")

VARIABLES = {
    "FAL_KEY": "The service's key. Or `FAL_KEY_ID` with `FAL_KEY_SECRET`, or a file that "
    "`FAL_KEY_FILE` names; where there is none, the login of fal's client, in `FAL_HOME_DIR`.",
    "STORYBOARD_STORE": "The store's folder; a relative one is relative to the storyboard.",
    "STORYBOARD_NOTIFY": "Who is told how a render ended, as by `--notify` (docs/pipelines.md).",
    "STORYBOARD_MEDIA": "The place for takes that several machines share (docs/media.md); a "
    "relative folder is relative to the storyboard.",
    "STORYBOARD_STATE": "The folder of the record of all that this user has sent, from whichever "
    "store; by default where the system keeps a user's state.",
    "STORYBOARD_FONT": "A font file for letters that the fonts in the package lack.",
    "STORYBOARD_FONT_FOLDERS": "Folders in which fonts are looked for that have what all of these "
    "lack, instead of the system's; empty: nowhere.",
    "STORYBOARD_MODELS": "A Python file of models of one's own (docs/models.md).",
    "STORYBOARD_PACE": "How long it waits between two looks at the service: 2 is twice as long.",
    "HTTPS_PROXY": "A proxy, as `ALL_PROXY` and `NO_PROXY` have it, too. `SSL_CERT_FILE` and "
    "`SSL_CERT_DIR` name certificates; the command line takes `REQUESTS_CA_BUNDLE` and "
    "`CURL_CA_BUNDLE` for them as well.",
}
"""Environment variables, and what they are for."""

SHAPES = {
    "validate": "file, valid, shots, warnings",
    "plan": "title, file, draft, rate, rate_assumed, frames, seconds, overlap_frames, "
    "price_microusd, price, most_microusd, budget_microusd, expected, size, size_assumed, "
    "versions [name, size, reframe, cut_off, cut_off_of], pictures [id, image, notes, "
    "cut_off_width, cut_off_height], shared, shots [id, scene, start, end, prompt, model, "
    "endpoint, model_seconds, frames, request, clip, pick, takes, price_microusd, renewed, notes], "
    "about_models, warnings",
    "animatic": "film, beside, others [version, film, size, beside], frames, rate, size, seconds, "
    "cost_microusd, complete, held, join [start, frames, shots, how, why], sound, seams, failures",
    "batch": "films [name, row, path, state, share_microusd, error, made], cost_microusd, "
    "complete, manifest",
    "status": "takes [shot, take, model, standing, price_microusd, cost_microusd, cost, "
    "request_id, age_seconds, detail, left, elsewhere, measured], counts, spent_microusd, "
    "reserved_microusd, "
    "possibly_charged_microusd, budget_microusd",
    "qc": "rate, seams [at, before, after, numbers, kinds, picture, untold, timecode, good], held, "
    "takes, moved_keyframes",
    "export": "files, notes",
    "review": "kind, version, title, file, messages, money, film, scenes [id, title, start, "
    "frames], shots [id, scene, prompt, words, model, endpoint, duration, asked, hold, start, "
    "frames, seen, pick, wanted, notes, buys, line, next_take_microusd, from, to, takes, draft, "
    "stack, focus], seams [at, timecode, before, after, video, width, height, frames, cut, kinds, "
    "numbers, told, remedies], notes",
    "ledger costs": "requests, total_usd",
    "ledger verify": "damaged, mended",
    "store verify": "damaged",
    "store du": "store, files, bytes, paid_bytes, kinds [kind, files, bytes, paid_bytes], "
    "storyboards [storyboard, files, bytes, paid_bytes], media",
    "store clean": "dry_run, bytes, files, left",
    "doctor": "[name, grade, words]",
}
"""What commands print with `--json`: the names of the object, and of those in its lists."""


def text() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *_sections()])


def _sections() -> Iterator[str]:
    yield "## From a storyboard to a film\n\n" + _prose(str(storyboard.__doc__).partition("\n")[2])
    yield from _group("Functions", FUNCTIONS)
    yield from _group("A file, its takes and its store", COMMANDS, COMMANDS_ABOUT)
    yield from _group("What these give", RESULTS)
    yield from _group("A storyboard in code", BLOCKS, "Each field is in [format.md](format.md).")
    yield from _group("What the stages give", VALUES)
    yield from _group("How work is carried out", WAYS)
    yield "## Events\n\n" + _prose(str(events.__doc__)) + "\n" + _members(events)
    yield "## Errors\n\n" + _prose(str(errors.__doc__)) + "\n" + _members(errors)
    yield "## Environment variables\n\n" + _table(("variable", "what it does"), VARIABLES)
    shapes = {name: re.sub(r"\w+", r"`\g<0>`", names) for name, names in SHAPES.items()}
    yield JSON + _table(("command", "names"), shapes)


def _group(title: str, names: tuple[str, ...], more: str = "") -> Iterator[str]:
    yield f"## {title}\n" + (f"\n{more}\n" if more else "")
    yield from (_entry(name, getattr(storyboard, name), blocks=names is BLOCKS) for name in names)


def _entry(name: str, found: Any, *, blocks: bool = False) -> str:
    """A function with its signature, or a class with its fields."""
    if inspect.isfunction(found):
        return f"### {name}\n\n```python\n{_signature(found)}\n```\n\n{_prose(str(found.__doc__))}"
    if isinstance(found, Enum):
        return f"### {name}\n\n{_prose(str(type(found).__doc__))}"
    if not inspect.isclass(found):
        return f"### {name}\n\n" + ", ".join(f"`{key}`" for key in found) + "\n"
    return f"### {name}\n\n{_prose(str(found.__doc__))}" + ("" if blocks else _fields(found))


def _members(module: ModuleType) -> str:
    """All classes that a module defines."""
    own = [
        _entry(name, found)
        for name, found in vars(module).items()
        if inspect.isclass(found) and found.__module__ == module.__name__
    ]
    return "\n".join(own)


def _signature(function: Callable[..., Any]) -> str:
    node = _node(function)
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    before = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    arguments = _arguments(node.args)
    gives = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    line = f"{before} {node.name}({', '.join(arguments)}){gives}"
    if len(line) <= 96:
        return line
    return f"{before} {node.name}(\n" + "".join(f"    {one},\n" for one in arguments) + f"){gives}"


def _arguments(given: ast.arguments) -> list[str]:
    """Each argument as it is written, with its default."""
    missing: list[ast.expr | None] = [None] * (len(given.args) - len(given.defaults))
    found = [_argument(*pair) for pair in zip(given.args, [*missing, *given.defaults], strict=True)]
    named = [_argument(*pair) for pair in zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    rest = [f"**{_argument(given.kwarg, None)}"] if given.kwarg else []
    return [*found, *(["*"] if named else []), *named, *rest]


def _argument(given: ast.arg, default: ast.expr | None) -> str:
    kind = f": {ast.unparse(given.annotation)}" if given.annotation else ""
    return f"{given.arg}{kind}" + (f" = {ast.unparse(default)}" if default else "")


def _fields(kind: type) -> str:
    """A class's fields, properties and methods, each with the first sentence about it."""
    node, found = _node(kind), {}
    assert isinstance(node, ast.ClassDef)
    for one, after in zip(node.body, [*node.body[1:], ast.Pass()], strict=True):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            said = _said(after)
            found[one.target.id] = f"`{ast.unparse(one.annotation)}`. {said}"
        elif isinstance(one, ast.Assign) and issubclass(kind, Enum):
            found[ast.unparse(one.targets[0])] = _said(after) or f"`{ast.unparse(one.value)}`."
        elif isinstance(one, ast.FunctionDef):
            found[one.name] = ast.get_docstring(one) or ""
    rows = {name: said for name, said in found.items() if said and not name.startswith("_")}
    return "\n" + _table(("name", "what it is"), rows) if rows else ""


def _said(node: ast.stmt) -> str:
    """The text below a field."""
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return str(node.value.value) if text else ""  # type: ignore[attr-defined]


def _node(found: Any) -> ast.stmt:
    """The definition, as it stands in its module."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(found) or storyboard))
    return next(n for n in tree.body if getattr(n, "name", "") == found.__name__)


def _table(columns: tuple[str, str], rows: dict[str, str]) -> str:
    lines = [f"| {columns[0]} | {columns[1]} |", "| --- | --- |"]
    lines += [f"| `{name}` | {_cell(said)} |" for name, said in rows.items()]
    return "\n".join(lines) + "\n"


def _cell(said: str) -> str:
    first = said.strip().split("\n\n")[0]
    return " ".join(first.split()).replace("|", "\\|")


def _dedented(doc: str) -> str:
    """A docstring without the indentation of its source; that of its code stays."""
    first, _, rest = doc.partition("\n")
    return "\n".join([first.strip(), dedent(rest)]).strip("\n").rstrip()


def _prose(doc: str) -> str:
    """A docstring as Markdown: what is indented is code."""
    lines: list[str] = []
    for block in re.split(r"\n\s*\n", _dedented(doc)):
        if block.startswith("    "):
            again = bool(lines) and lines[-1] == "```"
            lines[-1:] = (
                ["", dedent(block), "```"]
                if again
                else [
                    *lines[-1:],
                    "",
                    "```text" if "\u2500" in block else "```python",
                    dedent(block),
                    "```",
                ]
            )
        else:
            lines += ["", block] if lines else [block]
    return "\n".join(lines).strip("\n") + "\n"


if __name__ == "__main__":
    print(text(), end="")
