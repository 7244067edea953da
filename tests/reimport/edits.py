"""Edits that people make in their programs, by name: each changes a desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from tests.reimport.desk import Cut, Desk, Items, Mix, trimmed

Edit = Callable[[Desk], None]
EDITS: dict[str, Edit] = {}
"""All of them. The film: 0 sh010, 1 sh020, 2 its hold, 3 a dissolve of 4 and 4 frames, 4 sh030,
5 sh040, 6 sh050 at twice the speed, 7 sh060 at half of it."""

SH010, SH020, HOLD, MIX, SH030, SH040, FAST, SLOW = range(8)
NAMES = {SH010: "sh010", SH020: "sh020", SH030: "sh030", SH040: "sh040", FAST: "fast", SLOW: "slow"}


def edit(name: str) -> Callable[[Edit], Edit]:
    """Put an edit into the table."""

    def named(one: Edit) -> Edit:
        EDITS[name] = one
        return one

    return named


def cut(desk: Desk, number: int) -> Cut:
    """The clip at a place."""
    found = desk.items[number]
    assert isinstance(found, Cut)
    return found


def _trims() -> None:
    for number, name in NAMES.items():
        for head, tail in ((2, 0), (0, 5), (6, 3)):
            if number == SH030 and head == 2:
                continue
            EDITS[f"{name} trimmed by {head} and {tail}"] = lambda desk, n=number, h=head, t=tail: (  # type: ignore[misc]
                desk.items.__setitem__(n, trimmed(cut(desk, n), head=h, tail=t))
            )


def _slips() -> None:
    for number, by in ((SH020, 3), (SH040, -4), (SH040, 5), (FAST, 2), (SLOW, 4)):
        EDITS[f"{NAMES[number]} slipped by {by}"] = lambda desk, n=number, b=by: (  # type: ignore[misc]
            desk.items.__setitem__(
                n, replace(cut(desk, n), first=int(cut(desk, n).first + b * cut(desk, n).speed))
            )
        )


def _speeds() -> None:
    for number, speed, frames in (
        (SH010, "2", 20),
        (SH010, "1/2", 60),
        (SH040, "2", 15),
        (SH040, "1/2", 72),
        (SH040, "4", 8),
        (FAST, "1", 30),
        (FAST, "4", 10),
        (SLOW, "1", 30),
        (SLOW, "1/4", 96),
        (SH020, "3/2", 24),
    ):

        def run(desk: Desk, n: int = number, s: str = speed, f: int = frames) -> None:
            first = {SH020: 6, SH040: 8}.get(n, cut(desk, n).first)
            desk.items[n] = replace(cut(desk, n), speed=Fraction(s), frames=f, first=first)
            if n == SH020:
                del desk.items[HOLD]

        EDITS[f"{NAMES[number]} at {speed}"] = run


def _drops() -> None:
    for number in (SH010, SH040, FAST, SLOW):
        EDITS[f"{NAMES[number]} deleted"] = lambda desk, n=number: desk.items.__delitem__(n)  # type: ignore[misc]
        EDITS[f"{NAMES[number]} doubled"] = lambda desk, n=number: (  # type: ignore[misc]
            desk.items.append(cut(desk, n))
        )
        EDITS[f"{NAMES[number]} moved to the front"] = lambda desk, n=number: (  # type: ignore[misc]
            desk.items.insert(0, desk.items.pop(n))
        )


def _razors() -> None:
    for number in (SH010, SH040, FAST, SLOW):
        for keep, name in (
            ((0, 1), "cut by a razor"),
            ((1, 0), "halves swapped"),
            ((0,), "second half dropped"),
        ):

            def run(desk: Desk, n: int = number, k: tuple[int, ...] = keep) -> None:
                whole = cut(desk, n)
                halves = (trimmed(whole, tail=whole.frames - 8), trimmed(whole, head=8))
                desk.items[n : n + 1] = [halves[half] for half in k]

            EDITS[f"{NAMES[number]} {name}"] = run


def _mixes() -> None:
    for before, after in ((4, 4), (3, 4), (0, 8), (8, 0), (1, 0)):

        def run(desk: Desk, b: int = before, a: int = after) -> None:
            desk.items[SH040] = trimmed(cut(desk, SH040), head=8)
            desk.items[SH030] = trimmed(cut(desk, SH030), tail=8)
            desk.items.insert(SH040, Mix(b, a))

        EDITS[f"a dissolve of {before} and {after} put in"] = run
    for before, after in ((2, 2), (3, 2), (0, 4), (4, 0)):
        EDITS[f"the dissolve made {before} and {after}"] = lambda desk, b=before, a=after: (  # type: ignore[misc]
            desk.items.__setitem__(MIX, Mix(b, a))
        )

    def into_fast(desk: Desk) -> None:
        desk.items[FAST] = trimmed(cut(desk, FAST), head=4)
        desk.items[SH040] = trimmed(cut(desk, SH040), tail=6)
        desk.items.insert(FAST, Mix(3, 3))

    EDITS["a dissolve into the fast one"] = into_fast


_trims()
_slips()
_speeds()
_drops()
_razors()
_mixes()


@edit("untouched")
def _untouched(desk: Desk) -> None:
    del desk


@edit("backwards, shot by shot")
def _backwards(desk: Desk) -> None:
    del desk.items[MIX]
    desk.items[SH020], desk.items[HOLD] = desk.items[HOLD], desk.items[SH020]
    desk.items.reverse()


@edit("two swapped")
def _swapped(desk: Desk) -> None:
    items: Items = desk.items
    items[SH040], items[FAST] = items[FAST], items[SH040]


@edit("the dropped frame of a seam shown again")
def _handle(desk: Desk) -> None:
    desk.items[SH010] = trimmed(cut(desk, SH010), tail=-1)


@edit("the dissolve taken out")
def _no_mix(desk: Desk) -> None:
    del desk.items[MIX]


@edit("the hold made longer")
def _longer(desk: Desk) -> None:
    desk.items[HOLD] = replace(cut(desk, HOLD), frames=20)


@edit("the hold made shorter")
def _shorter(desk: Desk) -> None:
    desk.items[HOLD] = replace(cut(desk, HOLD), frames=5)


@edit("the hold taken out, and its dissolve")
def _no_hold(desk: Desk) -> None:
    del desk.items[HOLD : MIX + 1]


@edit("the hold alone")
def _alone(desk: Desk) -> None:
    desk.items.pop(SH020)


@edit("a fade at the start")
def _fade_in(desk: Desk) -> None:
    desk.items[SH010] = replace(cut(desk, SH010), fade_in=6)


@edit("a fade at the end")
def _fade_out(desk: Desk) -> None:
    desk.items[SLOW] = replace(cut(desk, SLOW), fade_out=9)


@edit("a fade between two shots")
def _fade(desk: Desk) -> None:
    desk.items[SH030] = replace(cut(desk, SH030), fade_out=6)
    desk.items[SH040] = replace(cut(desk, SH040), fade_in=6)


@edit("a fade whose halves differ")
def _uneven(desk: Desk) -> None:
    desk.items[SH030] = replace(cut(desk, SH030), fade_out=3)
    desk.items[SH040] = replace(cut(desk, SH040), fade_in=10)


@edit("a fade out, and a cut")
def _half(desk: Desk) -> None:
    desk.items[SH030] = replace(cut(desk, SH030), fade_out=8)


@edit("one shot alone")
def _one(desk: Desk) -> None:
    desk.items[:] = [desk.items[SH040]]


@edit("order, trims, speeds and a dissolve at once")
def _all(desk: Desk) -> None:
    desk.items[SH040] = trimmed(replace(cut(desk, SH040), speed=Fraction(2), frames=14), head=1)
    desk.items[SH030] = trimmed(cut(desk, SH030), tail=4)
    desk.items.insert(0, desk.items.pop(FAST))
