"""Sending: upload, write down, POST once, write down."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from storyboard.errors import (
    Charged,
    Failed,
    KeyProblem,
    LostAnswer,
    MediaError,
    NoNews,
    NotAllowed,
    NotSent,
    Refusal,
    Refused,
    ServiceError,
    StoreError,
)
from storyboard.events import State
from storyboard.generating.attempt import AT_ONCE, Attempt, Wait
from storyboard.images.parts import PictureError
from storyboard.images.payloads import Payload, payload
from storyboard.images.still import PreparedStill
from storyboard.ledger.rows import OF_CONTENT, UNFETCHED, TakenAlready, Wish, marked
from storyboard.models.request import addresses
from storyboard.service import Accepted


def send(flight: Attempt) -> Wait:
    """Send the take's request once, if it may be bought."""
    if not flight.order.may_buy:
        return flight.fail(_came_to_nothing_meanwhile())
    if flight.studio.brake.reason is not None:
        return flight.fail(not_sent(flight.studio.brake.reason))
    intent = flight.intent or flight.next_intent
    try:
        if _paid_elsewhere(flight):
            return AT_ONCE
        arguments = flight.ready = _still_there(flight) or _arguments(flight, intent)
        price = flight.studio.price(flight.order)
    except NotAllowed as error:
        flight.studio.brake.pull(error)
        return flight.fail(error)
    except NotSent as error:
        return _again(flight, error)
    except Refused as error:
        return refused(flight, error)
    except NoNews:
        return _asked_later(flight)
    # Told before it is written down: a listener that breaks leaves nothing unknown.
    flight.say(State.SENDING, cost=price)
    if flight.studio.broken is not None:
        return flight.fail(not_sent(flight.studio.broken))
    with flight.studio.store.alone(intent) as alone:
        return _post(flight, intent, arguments, price) if alone else flight.pace.seconds(1.0)


def _paid_elsewhere(flight: Attempt) -> bool:
    """Whether this very request was paid for before, from elsewhere: then it is collected."""
    last = flight.pace.resend(flight.asks) is None
    row = None if flight.sends else flight.studio.from_elsewhere(flight.order, last=last)
    if row is None:
        return False
    flight.intent, flight.resending = row.intent, False
    day = datetime.fromtimestamp(row.intended_at).strftime("%Y-%m-%d %H:%M")
    flight.notice(
        f"take {row.take} was bought at {day} from elsewhere, as {row.request_id}; it is "
        "collected, and not paid again"
    )
    return True


def _asked_later(flight: Attempt) -> Wait:
    """The history, the only witness of what this store does not know, says nothing at the moment:
    a trouble that passes must not cost a second payment."""
    wait = flight.pace.resend(flight.asks)
    flight.asks += 1
    return AT_ONCE if wait is None else wait


def _post(flight: Attempt, intent: str, arguments: dict[str, Any], price: int) -> Wait:
    """The one POST. Whatever comes of it is on the disk before anything else happens.

    It is written down when the connection stands, right before its first byte leaves: a run
    that dies earlier has left nothing that could have been sent.
    """
    endpoint = flight.order.model.endpoint
    write_down = partial(_write_down, flight, intent, _wish(flight, arguments, price))
    try:
        accepted = flight.studio.service.submit(endpoint, arguments, tag=intent, before=write_down)
    except TakenAlready as other:
        flight.intent, flight.resending = other.row.intent, False
        return AT_ONCE
    except NotAllowed as error:
        flight.studio.brake.pull(error)
        return flight.fail(error)
    except (NotSent, Refused) as error:
        flight.ledger.settle(intent, "REFUSED", words_of(error), charged=Charged.NO)
        if _dead_picture(flight, error):
            flight.uploaded_anew, flight.ready = True, None
            return _again(flight, error)
        return _again(flight, error) if _queued_nothing(error) else refused(flight, error)
    except LostAnswer as error:
        flight.ledger.note(intent, "answer lost", str(error))
        flight.notice(f"{error}; looking for it in the account's history")
        return flight.pace.look(0)
    flight.accepted = accepted
    return keep_id(flight, accepted)


def _write_down(flight: Attempt, intent: str, wish: Wish) -> None:
    flight.ledger.intend(intent, wish, flight.studio.caps_now())
    flight.intent, flight.resending = intent, False


def keep_id(flight: Attempt, accepted: Accepted) -> Wait:
    """Write the id in hand down; again and again while the ledger can't be written."""
    try:
        flight.ledger.sent(flight.intent, accepted.request_id, accepted.urls)
    except StoreError as error:
        flight.studio.brake.pull(error)
        wait = flight.pace.resend(flight.errors)
        flight.errors += 1
        note = f"the service accepted it as {accepted.request_id}, but {error}"
        if wait is None or "belongs to another" in str(error):
            flight.accepted = None
            return flight.fail(ServiceError(note, charged=Charged.YES))
        flight.notice(f"{note}; tried again")
        return wait
    flight.accepted, flight.errors = None, 0
    flight.say(State.QUEUED, request_id=accepted.request_id)
    return flight.pace.first_poll()


def _wish(flight: Attempt, arguments: dict[str, Any], price: int) -> Wish:
    order = flight.order
    return Wish(
        key=order.key,
        storyboard=flight.studio.storyboard,
        shot=order.shot,
        take=order.take,
        run=flight.studio.run,
        endpoint=order.model.endpoint,
        canonical=order.canonical,
        arguments=arguments,
        estimate=price,
        after=flight.studio.priced_after,
        account=flight.studio.account,
    )


# the pictures


def _arguments(flight: Attempt, intent: str) -> dict[str, Any]:
    """Everything that is sent, with the pictures uploaded for this intent alone.

    Addresses that no other request has are what a lost answer is found by.
    """
    wanted = flight.order.request
    uploaded: dict[str, str] = {}
    for prepared in wanted.pictures.values():
        if prepared.digest not in uploaded:
            uploaded[prepared.digest] = _uploaded(flight, prepared, intent)
    return wanted.filled({name: uploaded[still.digest] for name, still in wanted.pictures.items()})


def _still_there(flight: Attempt) -> dict[str, Any] | None:
    """What an earlier try would have sent, unless one of its pictures is gone by now."""
    if flight.ready is None:
        return None
    sent = dict.fromkeys(addresses(flight.ready).values())
    return flight.ready if all(_may_be_there(flight, address) for address in sent) else None


def _may_be_there(flight: Attempt, address: str) -> bool:
    try:
        return flight.studio.service.is_there(address)
    except ServiceError:
        return True


def _uploaded(flight: Attempt, prepared: PreparedStill, intent: str) -> str:
    flight.say(State.UPLOADING)
    ready = _payload(flight, prepared)
    name = f"{prepared.still.sha256[:16]}-{intent[:16]}{ready.name_suffix}"
    return flight.studio.service.upload(ready.data, ready.mime, name)


def _payload(flight: Attempt, prepared: PreparedStill) -> Payload:
    limit = flight.order.model.stills.max_bytes
    try:
        return payload(prepared.still.read(), prepared.recipe, max_bytes=limit)
    except PictureError as error:
        raise MediaError(f"{prepared.still.name}: {error}") from error


# refusals


def words_of(error: ServiceError) -> str:
    """What the ledger keeps of an error: its words, marked where the content was refused, or a
    picture could not be had."""
    words = str(error)
    if isinstance(error, Refused) and error.of is Refusal.CONTENT:
        return marked(words, OF_CONTENT)
    if isinstance(error, Failed) and error.unread:
        return marked(words, UNFETCHED)
    return words


def _queued_nothing(error: NotSent | Refused) -> bool:
    """A POST that certainly queued nothing, and may go better another time."""
    return isinstance(error, NotSent) or error.of is Refusal.HURRY


def _dead_picture(flight: Attempt, error: NotSent | Refused) -> bool:
    """Whether a picture was gone at the service, which is mended once by uploading it anew."""
    if flight.uploaded_anew or not isinstance(error, Refused):
        return False
    named = flight.order.request.pictures
    return any(name in named for name in error.unread)


def _again(flight: Attempt, error: NotSent | Refused) -> Wait:
    """Nothing was queued: try again, a few times."""
    wait = flight.pace.resend(flight.sends)
    if wait is None:
        return flight.fail(error)
    if isinstance(error, Refused) and error.retry_after is not None:
        wait = max(wait, flight.pace.seconds(error.retry_after))
    flight.sends += 1
    flight.resending = True
    flight.say(State.WAITING, detail=f"{error}; trying again")
    return wait


def refused(flight: Attempt, error: NotSent | Refused) -> Wait:
    """The service said no: to this take, or to the account."""
    if not isinstance(error, Refused):
        return flight.fail(error)
    if not error.stops_all:
        return flight.fail(error, part=part_of(flight, error))
    bad_key = KeyProblem(f"the service does not take the key: {error}")
    reason = bad_key if error.of is Refusal.KEY else error
    flight.studio.brake.pull(reason)
    return flight.fail(reason)


def part_of(flight: Attempt, error: Refused) -> str:
    """The part of the shot that the service's reasons name."""
    parts = map(flight.order.request.part_of, error.names)
    return next((part for part in parts if part is not None), "shot")


def not_sent(reason: Exception) -> NotAllowed | NotSent:
    """Why a take was never sent: something stopped all new requests."""
    kind = NotAllowed if isinstance(reason, NotAllowed) else NotSent
    return kind(f"not sent, because: {reason}")


def _came_to_nothing_meanwhile() -> NotAllowed:
    return NotAllowed(
        "what was in flight came to nothing; a new request is a new payment: run again to see "
        "its price"
    )
