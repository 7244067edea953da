"""Edits of a storyboard's text: what is named changes, and not a byte besides."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from storyboard.errors import InvalidStoryboard, StoryboardError
from storyboard.loading.edits import REMOVE, Uneditable, edited
from storyboard.loading.reading import read

ROOT = Path(__file__).parents[2]
PICK = ("keyframes", 0, "shot", "pick")


def after(text: str, edits: dict[tuple[str | int, ...], Any]) -> str:
    """The text, edited."""
    return edited(text.encode(), edits, file="film.yaml").decode()


def test_a_number_is_exchanged_where_it_stands() -> None:
    """One line changes, and its comment stays."""
    text = (
        "version: 1\nkeyframes:\n  - image: a.png\n    shot:\n      prompt: x\n      pick: 1 # 1\n"
    )
    assert after(text, {PICK: 2}) == text.replace("pick: 1", "pick: 2")


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("shot: She turns", "shot:\n      prompt: She turns\n      pick: 2"),
        ("shot: 'It''s she' # why", "shot:\n      prompt: 'It''s she' # why\n      pick: 2"),
        (
            "shot: She\n      turns # why",
            "shot:\n      prompt: She\n        turns # why\n      pick: 2",
        ),
        (
            "shot: >-\n      She\n      turns\n\n",
            "shot:\n      prompt: >-\n        She\n        turns\n      pick: 2\n\n",
        ),
        (
            'shot: "She\n\n      turns"',
            'shot:\n      prompt: "She\n\n        turns"\n      pick: 2',
        ),
        ("shot: {prompt: She turns}", "shot: {prompt: She turns, pick: 2}"),
        (
            "shot: {\n      prompt: She turns, # why\n      takes: 2 # two\n    }",
            "shot: {\n      prompt: She turns, # why\n      takes: 2,\n      pick: 2 # two\n    }",
        ),
        (
            "shot:\n      prompt: She turns\n      # below\n      hold: 1",
            "shot:\n      prompt: She turns\n      pick: 2\n      # below\n      hold: 1",
        ),
        (
            "shot:\n      hold: 1\n      prompt: She turns",
            "shot:\n      hold: 1\n      prompt: She turns\n      pick: 2",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_pick_is_put_into_a_shot_however_it_is_written(
    written: str, wanted: str, newline: str, mark: str
) -> None:
    """A text becomes a block with its own words in it; a block gets one more field."""
    text = f"{mark}# Ü\U0001f600\nversion: 1\nkeyframes:\n  - image: a.png\n    SHOT\n  - x: 1\n"
    before, now = (text.replace("SHOT", shot).replace("\n", newline) for shot in (written, wanted))
    assert after(before, {PICK: 2}) == now


def test_blocks_that_are_missing_are_made() -> None:
    """A field of a block that is not there, an entry of a list that is not there."""
    text = "version: 1\nkeyframes:\n- image: a.png\n  shot: x\n"
    made = after(
        text,
        {
            ("audio", "music", "file"): "a.mp3",
            ("keyframes", 0, "shot", "captions", 0, "text"): "Hi: there",
            ("keyframes", 1): {"image": "b.png"},
        },
    )
    assert made == (
        "version: 1\nkeyframes:\n- image: a.png\n  shot:\n    prompt: x\n    captions:\n"
        '      - {text: "Hi: there"}\n- {image: b.png}\naudio:\n  music: {file: a.mp3}\n'
    )


def test_a_list_keeps_the_lines_of_what_stays_in_it() -> None:
    """Another order: each entry goes with its comments; what is gone leaves its comment alone."""
    text = (
        "version: 1\ncut:\n  - sh010 # why\n  # then\n  - {shot: sh020, hold: 1} # x\n"
        "  # last\n  - sh030\n# audio\naudio: {loudness: -14}\n"
    )
    order = [{"shot": "sh020", "hold": 1}, "sh010", "sh030"]
    assert after(text, {("cut",): order}) == (
        "version: 1\ncut:\n  # then\n  - {shot: sh020, hold: 1} # x\n  - sh010 # why\n"
        "  # last\n  - sh030\n# audio\naudio: {loudness: -14}\n"
    )
    assert after(text, {("cut",): ["sh030", "new"]}) == (
        "version: 1\ncut:\n  # then\n  # last\n  - sh030\n  - new\n"
        "# audio\naudio: {loudness: -14}\n"
    )


def test_json_stays_json() -> None:
    """A storyboard that is written as JSON can be read as JSON afterwards."""
    text = '{\n  "version": 1,\n  "keyframes": [{"image": "a.png", "shot": "go"}]\n}\n'
    made = after(text, {PICK: 2, ("title",): "A"})
    found = json.loads(made)
    assert found["keyframes"][0]["shot"] == {"prompt": "go", "pick": 2}
    assert made.endswith('],\n  "title": "A"\n}\n')


def test_what_is_not_there_is_removed_already() -> None:
    """Taking out nothing changes nothing."""
    text = "version: 1\nkeyframes:\n  - {image: a.png, shot: x}\n"
    assert after(text, {PICK: REMOVE, ("cut",): REMOVE}) == text


def test_several_edits_are_those_of_the_text_that_was_given() -> None:
    """Taking out one of a list does not move the place of another edit."""
    text = "version: 1\ncut:\n  - a\n  - b # b's\n  - c\n"
    made = after(text, {("cut", 0): REMOVE, ("cut", 1): REMOVE, ("cut", 2): "d"})
    assert made == "version: 1\ncut:\n  - d\n"


def test_what_can_t_be_written_safely_is_said_to_be_typed() -> None:
    """A key of the kind `? key`: refused at its line, with the line to type; nothing is made."""
    text = "version: 1\n? keyframes # a: b\n: - {image: a.png, shot: x}\n? defaults # c: d\n: [1]\n"
    with pytest.raises(Uneditable) as refused:
        after(text, {("defaults",): {"fit": "cover"}, ("keyframes", 0, "shot"): REMOVE})
    assert str(refused.value).startswith("film.yaml:5:3: defaults can't be written here")
    assert refused.value.lines == "defaults: {fit: cover}"


def test_a_text_with_mistakes_is_not_edited() -> None:
    """An alias, a key that is there twice: the usual mistake, at its line."""
    for text in ("version: 1\na: &x 1\nb: *x\n", "version: 1\ntitle: a\ntitle: b\n"):
        with pytest.raises(InvalidStoryboard, match=r"film.yaml:"):
            after(text, {("title",): "c"})


def _snippets() -> list[tuple[str, str]]:
    """Every storyboard of the examples, the tests' good files, and the documents."""
    found = [(str(p.relative_to(ROOT)), p.read_text()) for p in ROOT.glob("examples/*/film.yaml")]
    found += [(p.name, p.read_text()) for p in ROOT.glob("tests/loading/good/*.yaml")]
    for page in (ROOT / "README.md", *ROOT.glob("docs/*.md")):
        for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", page.read_text(), re.S)):
            found.append((f"{page.name}-{number}", block))
    return found


def _steps(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of every value."""
    inner = node.items() if isinstance(node, dict) else enumerate(node)
    found = [path] if path else []
    for step, value in inner:
        below = isinstance(value, (dict, list))
        found += _steps(value, (*path, step)) if below else [(*path, step)]
    return found


def _at(root: Any, path: tuple[str | int, ...]) -> Any:
    """What stands at a path; None where nothing does."""
    for step in path:
        try:
            root = root[step]
        except (LookupError, TypeError):
            return None
    return root


def _comments(text: str) -> list[str]:
    return re.findall(r"(?m)(?:^|\s)(#[^\r\n]*)", text)


@pytest.mark.parametrize(("name", "text"), _snippets(), ids=lambda v: v if len(v) < 40 else "")
def test_every_value_of_every_document_can_be_edited(name: str, text: str) -> None:
    """Each value exchanged, each taken out, each pick set: read back as that, comments kept."""
    root = read(text.encode(), file=name).root
    for path in _steps(root):
        there: Any = root
        for step in path:
            there = there[step]
        if not isinstance(there, (dict, list)):
            made = after(text, {path: "new: text"})
            assert _comments(made) == _comments(text)
            assert after(made, {path: "new: text"}) == made
        after(text, {path: REMOVE})
        if path[-1] == "shot" and path[0] != "cut":
            made = after(text, {(*path, "pick"): 3})
            assert _comments(made) == _comments(text)


# Random storyboards in random styles.

WORDS = st.sampled_from(
    [
        "go",
        "She turns",
        "a: b",
        "it's",
        '"q"',
        "#no",
        "- x",
        "é\U0001f600",
        "12f",
        "yes",
        "7",
        "{x}",
    ]
)
SCALARS = st.one_of(WORDS, st.integers(-5, 99), st.sampled_from([0.5, True, None]))
NOTES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
    ),
    max_leaves=6,
)
SHOTS = st.one_of(
    st.sampled_from(["She turns", "It goes on: on"]),
    st.fixed_dictionaries(
        {"prompt": WORDS.filter(str)},
        optional={
            "takes": st.integers(1, 3),
            "pick": st.integers(1, 3),
            "captions": st.lists(st.fixed_dictionaries({"text": WORDS}), max_size=2),
            "notes": NOTES,
        },
    ),
)
BOARDS = st.fixed_dictionaries(
    {
        "version": st.just(1),
        "keyframes": st.lists(
            st.fixed_dictionaries({"image": WORDS, "shot": SHOTS}), min_size=1, max_size=3
        ),
    },
    optional={
        "title": WORDS,
        "cut": st.lists(
            WORDS | st.fixed_dictionaries({"shot": WORDS, "hold": SCALARS}), min_size=1, max_size=3
        ),
        "notes": NOTES,
    },
)


class Styled:
    """A storyboard's text in a style that is drawn at each step."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        self._draw = draw

    def text(self, root: Any) -> str:
        """All of it."""
        lines = self._block(root, self._pick([0, 0, 0, 2]))
        newline, mark = self._pick(["\n", "\n", "\r\n"]), self._pick(["", "", "\ufeff"])
        return f"{mark}{newline.join(lines)}{self._pick([newline, newline, '', newline * 2])}"

    def _pick(self, choices: list[Any]) -> Any:
        return self._draw(st.sampled_from(choices))

    def _comment(self) -> str:
        return str(self._pick(["", "", "", " # why: so", "  #x"]))

    def _above(self, column: int) -> list[str]:
        above = [[], [], [], [""], [f"{' ' * column}# above, {{it}}"], ["# left"]]
        return list(self._pick(above))

    def _scalar(self, value: Any, *, flow: bool = False) -> str:
        if not isinstance(value, str):
            return json.dumps(value)
        plain = re.fullmatch(r"[A-Za-zé][A-Za-z0-9 ']*", value) and value != "yes"
        ways = [json.dumps(value, ensure_ascii=False), "'" + value.replace("'", "''") + "'"]
        return str(self._pick([value, value, *ways] if plain else ways))

    def _flow(self, value: Any) -> str:
        gap = self._pick(["", " "])
        if isinstance(value, dict):
            inner = [f"{key}: {self._flow(v)}" for key, v in value.items()]
        elif isinstance(value, list):
            inner = [self._flow(v) for v in value]
        else:
            return self._scalar(value, flow=True)
        ends = "{}" if isinstance(value, dict) else "[]"
        comma = self._pick([", ", ", ", ",  "])
        tail = self._pick(["", "", ","]) if inner else ""
        return f"{ends[0]}{gap}{comma.join(inner)}{tail}{gap}{ends[1]}"

    def _value(self, head: str, value: Any, column: int) -> list[str]:
        """A value after its key or dash."""
        if isinstance(value, (dict, list)) and value and self._pick([True, True, False]):
            inward = column + self._pick([1, 2, 2, 4])
            if isinstance(value, list) and self._pick([True, False]) and head.endswith(":"):
                inward = column
            return [head + self._comment(), *self._block(value, inward)]
        if isinstance(value, str) and value in ("She turns", "go") and self._pick([True, False]):
            header = self._pick(["|-", ">-"])
            return [f"{head} {header}{self._comment()}", f"{' ' * (column + 3)}{value}"]
        if value == "She turns" and self._pick([True, False]):
            return [f"{head} She", f"{' ' * (column + 2)}turns{self._comment()}"]
        if value is None and self._pick([True, False]):
            return [head + self._comment()]
        return [f"{head} {self._flow(value)}{self._comment()}"]

    def _block(self, value: Any, column: int) -> list[str]:
        """A block on lines of its own, whose first line begins at the column."""
        lines = []
        indent = " " * column
        if isinstance(value, dict):
            for key, inner in value.items():
                name = self._pick([key, key, f'"{key}"'])
                lines += self._above(column) + self._value(f"{indent}{name}:", inner, column)
            return lines
        for inner in value:
            lines += self._above(column)
            if isinstance(inner, dict) and inner and self._pick([True, True, False]):
                within = column + self._pick([2, 2, 4])
                first, *rest = self._entry(inner, within)
                lines += [f"{indent}-{' ' * (within - column - 1)}{first.lstrip()}", *rest]
            else:
                lines += self._value(f"{indent}-", inner, column)
        return lines

    def _entry(self, value: dict[str, Any], column: int) -> list[str]:
        """A block whose first line stands beside its dash."""
        lines: list[str] = []
        for number, (key, inner) in enumerate(value.items()):
            above = self._above(column) if number else []
            lines += above + self._value(f"{' ' * column}{key}:", inner, column)
        return lines


@st.composite
def styled(draw: Callable[..., Any]) -> tuple[Any, str]:
    """A storyboard and a text that says it."""
    root = draw(BOARDS)
    return root, Styled(draw).text(root)


@st.composite
def edits(draw: Callable[..., Any], root: Any) -> tuple[tuple[str | int, ...], Any]:
    """An edit that makes sense there."""
    paths = [path for path in _steps(root) if "notes" not in path[:-1]]
    shots: list[tuple[str | int, ...]] = [
        ("keyframes", i, "shot") for i in range(len(root["keyframes"]))
    ]
    path = draw(st.sampled_from(paths))
    choices: list[tuple[tuple[str | int, ...], Any]] = [
        (path, draw(SCALARS)),
        (path, REMOVE),
        (path, draw(NOTES)),
        ((*draw(st.sampled_from(shots)), draw(st.sampled_from(["pick", "id", "hold"]))), 2),
        ((*draw(st.sampled_from(shots)), "captions", 0, "text"), "Hi"),
        (("cut",), draw(st.lists(WORDS, min_size=1, max_size=3))),
        (("cut", len(root.get("cut", ()))), draw(WORDS)),
        (("defaults", "fit"), "cover"),
        (("keyframes", len(root["keyframes"])), {"image": "z.png"}),
    ]
    chosen: tuple[tuple[str | int, ...], Any] = draw(st.sampled_from(choices))
    return chosen


@settings(
    max_examples=120,
    deadline=None,
    phases=[Phase.generate],
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(st.data())
def test_any_edit_of_any_style_changes_what_it_names(data: st.DataObject) -> None:
    """Read back it says what was wanted; comments stay; lines that have nothing to do with it too.

    A storyboard that can't be edited is refused; what is usual never is.
    """
    root, text = data.draw(styled())
    assert read(text.encode(), file="").root == root
    path, value = data.draw(edits(root))
    try:
        made = after(text, {path: value})
    except StoryboardError:  # a path into something that is no block
        return
    assert after(made, {path: value}) == made or value is REMOVE
    assert made.startswith("\ufeff") == text.startswith("\ufeff")
    assert ("\r\n" in text) <= (made.count("\r\n") == made.count("\n"))
    if value is not REMOVE and not isinstance(_at(root, path), (dict, list)):
        assert sorted(_comments(made)) == sorted(_comments(text))
