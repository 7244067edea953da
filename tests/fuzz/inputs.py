"""What strangers hand over: noise, and good things with something wrong in them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.exporting.cuts import plain_film, written

ROOT = Path(__file__).parents[2]
BOARDS = ROOT / "tests" / "loading"
EXAMPLES = sorted((ROOT / "examples").glob("*/film.yaml"))
GOOD = [
    re.sub(r"(frames|audio)/[\w-]+", lambda use: "a" if use[1] == "frames" else "theme", text)
    for text in (p.read_text() for p in (*sorted((BOARDS / "good").glob("*.yaml")), *EXAMPLES))
]
"""Storyboards of pictures that are there."""
BAD = [path.read_bytes() for path in sorted((BOARDS / "bad").glob("*.yaml"))]


def listed(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


FIELDS = listed(
    "version title size fps model defaults variables keyframes scenes cut seam titles audio budget "
    "image id frame shot prompt duration style takes pick on_fail speed trim hold fit captions "
    "transition type direction color at text position music voiceover file volume loop duck "
    "loudness match_color bridge background start end notes x-a promt imgae"
)
SIGNS = [
    *listed(
        ": , - [ ] { } ' \" | > # & * ! % @ ` ? ~ << --- ... ${ } $${ ${a} \\ 雪 \u202e \ufeff"
    ),
    *(": ", "- ", "  ", "    ", "\n", "\n- ", "\n  - ", "\t", "\r", "\0", "\x1b", "\x80", "\u2028"),
]
WORDS = listed(
    "1 0 -1 5 2.5 12f 0f 1e999 .nan .inf 010 0x1f 16:9 1920x1080 24000/1001 24/0 true no null "
    "cover dissolve fade keep mute a.png b.png small.png tall.png moving.png text.png folder "
    "pipe.png loop.png ../a.png /dev/zero https://127.0.0.1/a.png kling-o1-pro draft sora "
    "'#ffffff' sh010"
)

PIECES = st.sampled_from(FIELDS) | st.sampled_from(SIGNS) | st.sampled_from(WORDS)


def mutated(seeds: list[bytes], pieces: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """One of the seeds with a few stretches of it replaced, left out, or said again."""

    @st.composite
    def mutate(draw: st.DrawFn) -> bytes:
        data = draw(st.sampled_from(seeds))
        for _ in range(draw(st.integers(1, 4))):
            at = draw(st.integers(0, len(data)))
            end = min(len(data), at + draw(st.integers(0, 40)))
            data = data[:at] + draw(pieces | st.just(data[at:end] * 2)) + data[end:]
        return data

    return mutate()


@st.composite
def revalued(draw: st.DrawFn) -> bytes:
    """A good storyboard with a few of its values exchanged for others."""
    text = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(0, 3))):
        values = list(re.finditer(r"(?<=: )[^\n{}\[\],]+", text))
        value = draw(st.sampled_from(values))
        word = draw(st.sampled_from(WORDS) | st.integers(0, 400).map("{}f".format))
        text = text[: value.start()] + word + text[value.end() :]
    return text.encode()


def _blocks(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.sampled_from(FIELDS)
    return st.lists(inside, max_size=4) | st.dictionaries(keys, inside, max_size=5)


def _scalar(word: str) -> Any:
    try:
        return json.loads(word)
    except ValueError:
        return word


_TREES = st.recursive(
    st.sampled_from([_scalar(word) for word in WORDS]) | st.floats() | st.integers() | st.text(),
    _blocks,
    max_leaves=30,
)


def _flow(tree: Any) -> bytes:
    """As JSON, which nearly is YAML; half characters stay halves."""
    return json.dumps(tree, ensure_ascii=False).encode("utf-8", "surrogatepass")


STORYBOARDS: st.SearchStrategy[bytes] = st.one_of(
    revalued(),
    mutated([text.encode() for text in GOOD], PIECES.map(str.encode) | st.binary(max_size=8)),
    mutated(BAD, PIECES.map(str.encode) | st.binary(max_size=8)),
    st.lists(PIECES, max_size=60).map(lambda pieces: ("version: 1\n" + "".join(pieces)).encode()),
    st.lists(PIECES, max_size=60).map(lambda pieces: " ".join(pieces).encode()),
    st.dictionaries(st.sampled_from(FIELDS), _TREES, max_size=8).map(
        lambda fields: _flow({"version": 1, **fields})
    ),
    st.text(st.characters(exclude_categories=["Cs"])).map(str.encode),
    st.binary(),
)
"""Texts that are, nearly are, or are not at all storyboards."""

_NAMES = listed(
    "request_id status_url response_url cancel_url status queue_position error error_type detail "
    "loc msg type input ctx video url file_size message items payload sent_at"
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(
            st.sampled_from(_NAMES) | st.text(max_size=10),
            inside,
            max_size=6,
        )
    ),
    max_leaves=25,
)

ANSWERS: st.SearchStrategy[bytes] = st.one_of(
    _JSON.map(lambda answer: json.dumps(answer).encode()),
    mutated(
        [
            b'{"request_id": "a", "status_url": "https://queue.fal.run/a", "response_url": '
            b'"https://queue.fal.run/b", "cancel_url": "https://queue.fal.run/c"}',
            b'{"status": "IN_QUEUE", "queue_position": 3}',
            b'{"status": "COMPLETED", "error": {"a": 1}, "error_type": "x"}',
            b'{"detail": [{"loc": ["body", "prompt"], "msg": "too long", "type": "value_error"}]}',
            b'{"video": {"url": "https://v3.fal.media/a.mp4", "file_size": 12}}',
        ],
        st.binary(max_size=8),
    ),
    st.binary(),
)
"""What a service that is broken, or is not the service, may answer."""

FILM = plain_film()
"""The film whose cut is edited."""
_SEED = written(FILM)
_SEEDS = [json.dumps(json.loads(_SEED)).encode(), _SEED.encode()]


@st.composite
def _recut(draw: st.DrawFn) -> bytes:
    """The film's `.otio` with a few of its values exchanged for others."""
    root = json.loads(_SEED)
    for _ in range(draw(st.integers(1, 4))):
        holder, key = draw(st.sampled_from(list(_places(root))))
        holder[key] = draw(_VALUES)
    return json.dumps(root).encode("utf-8", "surrogatepass")


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Every value of a tree, as what holds it and its key there."""
    keys = tree.keys() if isinstance(tree, dict) else range(len(tree))
    inner = [p for key in keys if isinstance(tree[key], dict | list) for p in _places(tree[key])]
    return [*((tree, key) for key in keys), *inner]


_VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        [None, True, 0, -1, 1e300, 10**400, 0.5, -1.0, "", "x", [], {}, [[]], [{}], {"a": 1}]
    ),
    st.floats(),
    st.integers(-100, 200_000),
    st.sampled_from(
        listed(
            "Clip.2 Gap.1 Stack.1 Transition.1 TimeEffect.1 FreezeFrame.1 LinearTimeWarp.1 Video "
            "Audio sh010 sh020_v002.mov sh030_v001_hold.mov \u202e DEFAULT_MEDIA"
        )
    ),
)

CUTS: st.SearchStrategy[bytes] = st.one_of(
    _recut(),
    mutated(_SEEDS, st.binary(max_size=8)),
    st.binary(),
)
"""What an editor's program that is broken, or is none, may hand back."""
