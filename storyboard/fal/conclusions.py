"""What may be concluded from an answer of the service: one table, which every exchange goes by.

Whatever stands in no row is *no news*: the request is as it was before, and is asked about again.
*Failed* and *gone* are what one source says. What the program does about them stands in
`storyboard.generating.verdicts`: they have to be said more than once, and by no source denied.

Sources: fal.ai's documentation of queue, errors, retention and history (stored copies).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from storyboard.fal.hosts import is_media
from storyboard.fal.incoming import Answer


class Step(Enum):
    """One kind of exchange with the service."""

    SUBMIT = "submit"
    STATUS = "status"
    RESULT = "result"
    HISTORY = "history"
    ENTRY = "history's entry"
    PRICES = "price list"
    UPLOAD = "upload"
    PICTURE = "uploaded picture"
    DOWNLOAD = "download"
    CANCEL = "cancel"


class Conclusion(Enum):
    """What follows from one answer."""

    ACCEPTED = "accepted"
    """It is what was asked for."""
    REFUSED = "refused"
    """The service said no to this exchange; nothing is on its way because of it."""
    FAILED = "failed"
    """This request came to nothing."""
    GONE = "gone"
    """This source does not have it (any more)."""
    NO_NEWS = "no news"
    """Nothing follows."""


Looks = Callable[[Answer, str], bool]
"""Whether an answer looks like this; given the id of the request that was asked about."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    step: Step
    answer: str
    """What the answer looks like, in words."""
    looks: Looks
    then: Conclusion
    and_so: str
    """What is done, in words."""


# how answers look


def status_is(*wanted: int) -> Looks:
    """One of these statuses."""
    return lambda answer, _: answer.status in wanted


def _all(*looks: Looks) -> Looks:
    return lambda answer, request_id: all(look(answer, request_id) for look in looks)


def with_reasons(answer: Answer, _: str = "") -> bool:
    """A `detail` in one of the documented forms: a text, or a list of reasons."""
    detail = answer.fields.get("detail")
    if isinstance(detail, str):
        return bool(detail.strip())
    return isinstance(detail, list) and bool(detail) and all(map(_is_reason, detail))


def _is_reason(part: Any) -> bool:
    return isinstance(part, dict) and (_text(part, "msg") or _text(part, "type"))


def about_this(answer: Answer, request_id: str) -> bool:
    """Not about another request: it names this one, or none."""
    named = answer.fields.get("request_id")
    return named is None or named == request_id


_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}")


def is_id(found: object) -> bool:
    """A text that can be a request's id, and stand in an address."""
    return isinstance(found, str) and _ID.fullmatch(found) is not None


def _with_id(answer: Answer, _: str) -> bool:
    return answer.ok and is_id(answer.fields.get("request_id"))


def word(answer: Answer) -> str:
    """The state's word in a status, in capitals."""
    return str(answer.fields.get("status", "")).upper()


FINAL_WORDS = ("FAILED", "ERROR", "CANCELLED", "CANCELED")
"""Not documented, but seen: they say that it has ended, and the result says how."""


def _says_failed(answer: Answer, _: str) -> bool:
    done = word(answer) == "COMPLETED" and bool(answer.fields.get("error"))
    return answer.status in (200, 202) and done


def _is_state(answer: Answer, _: str) -> bool:
    return answer.status in (200, 202) and isinstance(answer.json, dict)


def _with_video(answer: Answer, _: str) -> bool:
    return answer.status == 200 and video_of(answer.json) is not None


def video_of(output: Any) -> dict[str, Any] | None:
    """The clip in an answer's JSON; None where there is none."""
    video = output.get("video") if isinstance(output, dict) else None
    found = isinstance(video, dict) and isinstance(video.get("url"), str) and bool(video["url"])
    return video if found else None


def _cancelled(answer: Answer, _: str) -> bool:
    kinds = (answer.fields.get("error_type"), answer.headers.get("x-fal-error-type"))
    return answer.status == 499 and "client_cancelled" in kinds


def _page(answer: Answer, _: str) -> bool:
    return answer.status == 200 and isinstance(answer.fields.get("items"), list)


def _entry_failed(answer: Answer, _: str) -> bool:
    """The history's own word, in its entry of this request: ended, with an error's status."""
    entry = answer.fields
    status = entry.get("status_code")
    ended = isinstance(entry.get("ended_at"), str) and isinstance(status, int)
    return ended and 400 <= int(status or 0) < 600 and video_of(entry.get("json_output")) is None


def _entry_video(answer: Answer, _: str) -> bool:
    return video_of(answer.fields.get("json_output")) is not None


def _prices(answer: Answer, _: str) -> bool:
    return answer.status == 200 and isinstance(answer.fields.get("prices"), list)


def _address(answer: Answer, _: str) -> bool:
    found = answer.fields.get("access_url")
    return answer.ok and isinstance(found, str) and is_media(found)


def _says(said: str) -> Looks:
    return lambda answer, _: answer.fields.get("status") == said


def _text(part: dict[str, Any], name: str) -> bool:
    return isinstance(part.get(name), str) and bool(part[name].strip())


# the table

_S, _C = Step, Conclusion
_ACCOUNT = _all(status_is(401, 402, 403), with_reasons)
_TOO_MANY = status_is(429)
_NOT_THERE = status_is(404, 410)
_STOP = "nothing new is sent to anybody; what is on its way is asked about again"

TABLE = (
    Rule(_S.SUBMIT, "2xx with a `request_id`", _with_id, _C.ACCEPTED,
         "the id is written down; addresses that are missing or foreign are built from it"),
    Rule(_S.SUBMIT, "401, 402, 403 with `detail`", _ACCOUNT, _C.REFUSED,
         "not charged; nothing new is sent"),
    Rule(_S.SUBMIT, "400, 404, 413, 422 with `detail`",
         _all(status_is(400, 404, 413, 422), with_reasons), _C.REFUSED, "not charged"),
    Rule(_S.SUBMIT, "429", _TOO_MANY, _C.REFUSED, "not queued: sent again after a while"),
    Rule(_S.STATUS, "200, 202: `COMPLETED` with an `error`",
         _all(about_this, _says_failed), _C.FAILED,
         "the result is asked for; failed if that, or this again and again, says so, and the "
         "history as well"),
    Rule(_S.STATUS, "200, 202 with a JSON object", _all(about_this, _is_state), _C.ACCEPTED,
         "queued, running, or completed; an unknown word counts as running, one like FAILED as "
         "completed: its result is asked for"),
    Rule(_S.STATUS, "401, 402, 403 with `detail`", _ACCOUNT, _C.REFUSED, _STOP),
    Rule(_S.STATUS, "404, 410", _NOT_THERE, _C.GONE, "the result and the history are asked"),
    Rule(_S.RESULT, "200 with `video.url`", _all(about_this, _with_video), _C.ACCEPTED,
         "the clip is fetched, whatever was said before"),
    Rule(_S.RESULT, "422 with `detail`, a text or a list of reasons",
         _all(about_this, status_is(422), with_reasons), _C.FAILED,
         "failed once it is said again after a pause, and the history says so as well; possibly "
         "charged"),
    Rule(_S.RESULT, "499, `client_cancelled`", _all(about_this, _cancelled), _C.FAILED,
         "cancelled, said again likewise"),
    Rule(_S.RESULT, "401, 402, 403 with `detail`", _ACCOUNT, _C.REFUSED, _STOP),
    Rule(_S.RESULT, "404, 410", _NOT_THERE, _C.GONE, "the history is asked"),
    Rule(_S.HISTORY, "200 with a list of `items`", _page, _C.ACCEPTED,
         "its entries are looked at; one that is missing means nothing by itself"),
    Rule(_S.HISTORY, "401, 402, 403 with `detail`", _ACCOUNT, _C.REFUSED, "as if it had not come"),
    Rule(_S.ENTRY, "its `json_output` has `video.url`", _entry_video, _C.ACCEPTED,
         "the clip is fetched, whatever the queue says"),
    Rule(_S.ENTRY, "ended, with a `status_code` from 400 on", _entry_failed, _C.FAILED,
         "failed where the queue's answers are errors as well"),
    Rule(_S.PRICES, "200 with a list of `prices`", _prices, _C.ACCEPTED, "the dearer price counts"),
    Rule(_S.PRICES, "401, 402, 403 with `detail`", _ACCOUNT, _C.REFUSED, "as if it had not come"),
    Rule(_S.UPLOAD, "2xx with an `access_url` of the service's", _address, _C.ACCEPTED,
         "the address is used"),
    Rule(_S.UPLOAD, "401, 402, 403 with `detail`", _ACCOUNT, _C.REFUSED, "nothing new is sent"),
    Rule(_S.UPLOAD, "400, 413, 415, 422 with `detail`",
         _all(status_is(400, 413, 415, 422), with_reasons), _C.REFUSED, "nothing was paid"),
    Rule(_S.PICTURE, "200, 206", status_is(200, 206), _C.ACCEPTED, "its address is used again"),
    Rule(_S.PICTURE, "403, 404, 410", status_is(403, 404, 410), _C.GONE,
         "it is uploaded anew: free"),
    Rule(_S.DOWNLOAD, "200, 206", status_is(200, 206), _C.ACCEPTED,
         "kept if it decodes from the first frame to the last"),
    Rule(_S.DOWNLOAD, "403, 404, 410", status_is(403, 404, 410), _C.GONE,
         "waited for, then the result and the history are asked for another address"),
    Rule(_S.CANCEL, "202, `CANCELLATION_REQUESTED`",
         _all(status_is(200, 202), _says("CANCELLATION_REQUESTED")), _C.ACCEPTED,
         "cancelled once the queue says so itself"),
    Rule(_S.CANCEL, "400, `ALREADY_COMPLETED`",
         _all(status_is(400), _says("ALREADY_COMPLETED")), _C.REFUSED, "collected"),
    Rule(_S.CANCEL, "404, `NOT_FOUND`", _all(status_is(404), _says("NOT_FOUND")), _C.GONE,
         "nothing is concluded from it alone"),
)  # fmt: skip
"""The first row that fits counts."""


def conclude(
    step: Step, answer: Answer, request_id: str = "", *, table: tuple[Rule, ...] = TABLE
) -> Conclusion:
    """What follows from an answer, to an exchange about the request with this id."""
    for rule in table:
        if rule.step is step and rule.looks(answer, request_id):
            return rule.then
    return Conclusion.NO_NEWS


def as_markdown() -> str:
    """The table as it stands in DESIGN.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "| step | answer | conclusion | and so |"
    yield "| --- | --- | --- | --- |"
    for rule in TABLE:
        yield f"| {rule.step.value} | {rule.answer} | *{rule.then.value}* | {rule.and_so} |"
    yield "| any | anything else, or nothing | *no news* | asked again; after patience held |"


if __name__ == "__main__":
    print(as_markdown(), end="")
