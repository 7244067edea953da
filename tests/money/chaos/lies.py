"""What the service does wrong: each is a name, a group, and how to make it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from storyboard.testing import Fault, Visit, acts
from storyboard.testing.acts import Act, OfConnection, Proceed
from storyboard.testing.visits import Place
from storyboard.testing.wire import Reply

KEY = "fake-key-id:fake-key-secret"
"""The account's, which some answers repeat."""

_ECHO = {"detail": f"the key {KEY} is not for this"}


STRANGER = "stranger-"
"""What the tags of somebody else's requests begin with."""


def is_ours(visit: Visit) -> bool:
    """Whether no stranger sent this: only our own programs are lied to."""
    return STRANGER not in str(visit.request.headers.get("X-Fal-Tags", ""))


@dataclass(frozen=True, slots=True)
class Lie:
    """Something that the service does wrong, drawn."""

    name: str
    group: str
    place: Place
    act: Act
    times: int
    skip: int

    @property
    def fault(self) -> Fault:
        """To be injected. On an answer that another lie has spoiled it changes nothing."""
        act = self.act if isinstance(self.act, OfConnection) else self._tolerant
        return Fault(self.place, act, times=self.times, skip=self.skip, when=is_ours)

    def _tolerant(self, visit: Visit, proceed: Proceed) -> Reply:
        known: list[Reply] = []

        def once() -> Reply:
            known.append(proceed())
            return known[0]

        try:
            return self.act(visit, once)
        except (ValueError, KeyError, TypeError, AttributeError):
            return known[0]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of lie; `most` is how often in a row it is told at the most."""

    group: str
    place: Place
    act: Callable[[random.Random], Act]
    most: int = 3

    def drawn(self, name: str, dice: random.Random) -> Lie:
        """One of them."""
        times, skip = dice.randint(1, self.most), dice.choice((0, 0, 0, 1, 2, 4))
        return Lie(name, self.group, self.place, self.act(dice), times, skip)


def _always(act: Act) -> Callable[[random.Random], Act]:
    return lambda _: act


def _lost(status: int) -> Callable[[random.Random], Act]:
    """Whether it was accepted is drawn: nobody can tell by the answer."""
    return lambda dice: acts.nginx(status, accepted=dice.random() < 0.6)


def _named_otherwise(page: Any) -> Any:
    """The status of another request."""
    return {**page, "request_id": "00000000-0000-4000-8000-000000000000"}


def _ended_badly(page: dict[str, Any]) -> dict[str, Any]:
    """A history that says of all that they failed, and has no clip of any."""
    wrong = {"status_code": 500, "ended_at": "2026-01-01T00:00:00Z", "json_output": None}
    return {**page, "items": [{**item, **wrong} for item in page["items"]]}


def _half(page: dict[str, Any]) -> dict[str, Any]:
    """A page that lacks every other entry."""
    return {**page, "items": page["items"][::2]}


def _turned(page: dict[str, Any]) -> dict[str, Any]:
    return {**page, "items": page["items"][::-1]}


def _cut(visit: Visit, proceed: Proceed) -> Reply:
    """Half of the body, and the connection breaks."""
    reply = proceed()
    return replace(reply, sent=len(reply.body) // 2)


def _seldom(dice: random.Random) -> Act:
    return acts.hold(dice.random() * 0.3, accepted=True)


KINDS: dict[str, Kind] = {
    # the answer to a payment
    "answer lost": Kind(
        "lost", "submit", lambda d: acts.drop(accepted=True, reset=d.random() < 0.5)
    ),
    "POST lost": Kind("lost", "submit", lambda d: acts.drop(reset=d.random() < 0.5)),
    "502 at the POST": Kind("lost", "submit", _lost(502)),
    "504 at the POST": Kind("lost", "submit", _lost(504)),
    "500 at the POST": Kind(
        "lost", "submit", lambda d: acts.answer(500, "oops", accepted=d.random() < 0.6)
    ),
    "slow receipt": Kind("lost", "submit", _seldom),
    "receipt cut": Kind("cut", "submit", _always(_cut)),
    "receipt empty": Kind("wrong", "submit", _always(acts.answer(200, "", accepted=True))),
    "receipt no JSON": Kind("wrong", "submit", _always(acts.answer(200, "<html>", accepted=True))),
    "receipt a list": Kind("wrong", "submit", _always(acts.answer(201, [], accepted=True))),
    "no id": Kind("wrong", "submit", _always(acts.without("request_id"))),
    "no addresses": Kind("wrong", "submit", _always(acts.without("status_url", "cancel_url"))),
    "foreign addresses": Kind(
        "wrong", "submit", _always(acts.put(status_url="https://evil.example/"))
    ),
    "id twice": Kind("wrong", "submit", lambda _: acts.repeat(), most=2),
    "409 at the POST": Kind(
        "wrong", "submit", _always(acts.answer(409, {"detail": "conflict"}, accepted=True))
    ),
    "redirect at the POST": Kind(
        "wrong",
        "submit",
        _always(acts.answer(302, {}, headers={"Location": "https://fal.run/"}, accepted=True)),
    ),
    "key echoed at the POST": Kind(
        "key", "submit", _always(acts.answer(500, _ECHO, accepted=True))
    ),
    # refusals
    "429": Kind("refused", "submit", _always(acts.too_many())),
    "422": Kind("refused", "submit", lambda _: acts.moderated(), most=1),
    "402": Kind("refused", "submit", lambda _: acts.no_credit(), most=1),
    "key refused": Kind("key", "submit", _always(acts.answer(401, _ECHO)), most=1),
    "job fails": Kind("refused", "submit", lambda _: acts.fail(500, "it broke"), most=2),
    "job moderated": Kind("refused", "submit", lambda _: acts.fail_moderated(), most=1),
    # contradictions
    "status 404": Kind("contradicting", "status", _always(acts.answer(404, {"detail": "?"})), 8),
    "status 500": Kind("contradicting", "status", _always(acts.answer(500, "oops")), 8),
    "status FAILED": Kind("contradicting", "status", _always(acts.put(status="FAILED")), 2),
    "status with error": Kind(
        "contradicting", "status", _always(acts.put(status="COMPLETED", error="it broke")), 2
    ),
    "status of another": Kind("contradicting", "status", _always(acts.edit(_named_otherwise)), 4),
    "status cut": Kind("cut", "status", _always(_cut), 4),
    "status unknown word": Kind(
        "contradicting", "status", _always(acts.put(status="PONDERING")), 4
    ),
    "status odd": Kind("contradicting", "status", _always(acts.answer(405, {"detail": "no"})), 4),
    "result in progress": Kind(
        "contradicting",
        "result",
        _always(acts.answer(400, {"detail": "Request is still in progress"})),
        6,
    ),
    "result 404": Kind("contradicting", "result", _always(acts.answer(404, {"detail": "?"})), 6),
    "result 422": Kind("contradicting", "result", lambda _: acts.moderated(), 1),
    "result odd": Kind(
        "contradicting",
        "result",
        lambda d: acts.answer(d.choice((405, 408, 409, 423, 451, 418)), {"detail": "no"}),
        6,
    ),
    "result redirected": Kind(
        "contradicting",
        "result",
        _always(acts.answer(302, {"detail": "moved"}, headers={"Location": "https://fal.run/"})),
        5,
    ),
    "result 504": Kind("contradicting", "result", _always(acts.nginx(504)), 8),
    "result without video": Kind("wrong", "result", _always(acts.answer(200, {"video": None})), 4),
    "result cut": Kind("cut", "result", _always(_cut), 4),
    "result with half an emoji": Kind(
        "wrong", "result", _always(acts.answer(500, b'{"detail": "\\ud83d broke"}')), 3
    ),
    "key echoed in the result": Kind("key", "result", _always(acts.answer(500, _ECHO)), 3),
    # the history, the price list
    "history 500": Kind("history", "history", _always(acts.answer(500, "oops")), 4),
    "history empty": Kind("history", "history", lambda _: acts.empty_page(), 4),
    "history says failed": Kind("contradicting", "history", _always(acts.edit(_ended_badly)), 3),
    "history lacks half": Kind("history", "history", _always(acts.edit(_half)), 4),
    "history turned": Kind("history", "history", _always(acts.edit(_turned)), 6),
    "history doubled": Kind("history", "history", lambda _: acts.twins(), 2),
    "history without payloads": Kind("history", "history", lambda _: acts.unreadable(), 3),
    "history cut": Kind("cut", "history", _always(_cut), 3),
    "price list down": Kind("prices", "pricing", _always(acts.nginx(503)), 4),
    "price list odd": Kind(
        "prices", "pricing", _always(acts.answer(200, {"prices": [None, 3]})), 3
    ),
    # files
    "upload lost": Kind("files", "upload", lambda _: acts.drop(), 2),
    "upload 500": Kind("files", "upload", _always(acts.answer(500, "oops")), 2),
    "clip cut": Kind("cut", "download", lambda d: acts.truncate(d.randint(1, 1500)), 4),
    "clip short": Kind("cut", "download", lambda d: acts.shorten(d.randint(1, 1500)), 1),
    "clip damaged": Kind("files", "download", lambda _: acts.corrupt(), 1),
    "clip a portal's page": Kind("files", "download", _always(acts.swap(acts.PORTAL)), 1),
    "clip not there yet": Kind(
        "files", "download", lambda d: acts.answer(d.choice((403, 404, 410)), "no"), 6
    ),
    "clip mislabelled": Kind("files", "download", _always(acts.labelled("text/plain")), 3),
    "no connection": Kind("files", "connect", lambda _: acts.refuse(), 2),
}
"""By name. `lost`, `cut` and `wrong` are about the answers to payments, first of all."""


def drawn(dice: random.Random) -> tuple[Lie, ...]:
    """A handful of them; payments' answers are among them more often than not."""
    names = list(KINDS)
    money = [name for name in names if KINDS[name].group in ("lost", "cut", "wrong")]
    some = {*dice.sample(names, dice.randint(2, 9)), *dice.sample(money, dice.randint(0, 3))}
    return tuple(KINDS[name].drawn(name, dice) for name in sorted(some))
