"""Sending: claim, upload, write down, POST once, write down."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from storyboard.errors import (
    Charged,
    Failed,
    KeyProblem,
    LostAnswer,
    MediaError,
    NoNews,
    NotAllowed,
    NotSent,
    OverBudget,
    Refusal,
    Refused,
    ServiceError,
    StoreError,
)
from storyboard.events import State
from storyboard.generating import claiming, contested
from storyboard.generating.attempt import AT_ONCE
from storyboard.generating.past import mark_of
from storyboard.generating.refusing import explained, part_of
from storyboard.images.parts import PictureError
from storyboard.images.payloads import payload
from storyboard.ledger.rows import OF_CONTENT, UNFETCHED, TakenAlready, Wish, marked
from storyboard.models.request import addresses

if TYPE_CHECKING:
    from storyboard.generating.attempt import Attempt, Wait
    from storyboard.images.payloads import Payload
    from storyboard.images.still import PreparedStill
    from storyboard.service import Accepted


def send(attempt: Attempt) -> Wait:
    """Send the take's request once, if it may be bought."""
    return claiming.claimed(attempt, _send)


def _send(attempt: Attempt) -> Wait:
    if not attempt.order.may_buy:
        return attempt.fail(_came_to_nothing_meanwhile())
    if attempt.conductor.brake.reason is not None:
        return attempt.fail(not_sent(attempt.conductor.brake.reason))
    intent = attempt.intent or attempt.next_intent
    try:
        if _paid_elsewhere(attempt):
            return AT_ONCE
        arguments = attempt.ready = _still_there(attempt) or _arguments(attempt, intent)
        price = attempt.conductor.price(attempt.order)
    except NotAllowed as error:
        attempt.conductor.brake.pull(error)
        return attempt.fail(error)
    except NotSent as error:
        return _again(attempt, error)
    except Refused as error:
        return refused(attempt, error)
    except NoNews:
        return _asked_later(attempt)
    # Told before it is written down: a listener that breaks leaves nothing unknown.
    attempt.say(State.SENDING, cost_microusd=price)
    if attempt.conductor.broken is not None:
        return attempt.fail(not_sent(attempt.conductor.broken))
    with attempt.conductor.store.alone(intent) as alone:
        if not alone:
            return attempt.pace.seconds(1.0)
        if not claiming.holds(attempt):
            attempt.claim = None
            return AT_ONCE
        return _post(attempt, intent, arguments, price)


def _paid_elsewhere(attempt: Attempt) -> bool:
    """Whether this very request was paid for before, from elsewhere: then it is collected."""
    last = attempt.pace.resend(attempt.asks) is None
    row = None if attempt.sends else attempt.conductor.from_elsewhere(attempt.order, last=last)
    if row is None:
        return False
    attempt.intent, attempt.resending = row.intent, False
    return True


def _asked_later(attempt: Attempt) -> Wait:
    """The history, the only witness of what this store does not know, says nothing at the moment:
    a trouble that passes must not cost a second payment."""
    wait = attempt.pace.resend(attempt.asks)
    attempt.asks += 1
    return AT_ONCE if wait is None else wait


def _post(attempt: Attempt, intent: str, arguments: dict[str, Any], price: int) -> Wait:
    """The one POST. Whatever comes of it is on the disk before anything else happens.

    It is written down when the connection stands, right before its first byte leaves: a run
    that dies earlier has left nothing that could have been sent.
    """
    endpoint = attempt.order.endpoint
    write_down = partial(_write_down, attempt, intent, _wish(attempt, arguments, price))
    try:
        accepted = attempt.conductor.service.submit(
            endpoint, arguments, tag=intent, before=write_down
        )
        attempt.conductor.require_no_strangers(endpoint, accepted.request_id, arguments)
    except TakenAlready as other:
        attempt.intent, attempt.resending = other.row.intent, False
        return AT_ONCE
    except NotAllowed as error:
        attempt.conductor.brake.pull(error)
        return attempt.fail(error)
    except (NotSent, Refused) as error:
        attempt.ledger.settle(intent, "REFUSED", words_of(error), charged=Charged.NO)
        if _dead_picture(attempt, error):
            attempt.uploaded_anew, attempt.ready = True, None
            return _again(attempt, error)
        return _again(attempt, error) if _queued_nothing(error) else refused(attempt, error)
    except LostAnswer as error:
        attempt.ledger.note(intent, "answer lost", str(error))
        attempt.notice(f"{error}; looking for it in the account's history")
        return attempt.pace.look(0)
    attempt.accepted = accepted
    return keep_id(attempt, accepted)


def _write_down(attempt: Attempt, intent: str, wish: Wish) -> None:
    try:
        attempt.ledger.intend(intent, wish, attempt.conductor.caps_now())
    except OverBudget:
        attempt.ledger.intend(intent, wish, attempt.conductor.caps_now(anew=True))
    attempt.intent, attempt.resending = intent, False


def keep_id(attempt: Attempt, accepted: Accepted) -> Wait:
    """Write the id in hand down; again and again while the ledger can't be written."""
    try:
        attempt.ledger.sent(attempt.intent, accepted.request_id, accepted.urls)
    except StoreError as error:
        attempt.conductor.brake.pull(error)
        wait = attempt.pace.resend(attempt.errors)
        attempt.errors += 1
        note = f"the service accepted it as {accepted.request_id}, but {error}"
        if wait is None or "belongs to another" in str(error):
            attempt.accepted = None
            _doubted(attempt, accepted.request_id)
            return attempt.fail(ServiceError(note, charged=Charged.YES))
        attempt.notice(f"{note}; tried again")
        return wait
    attempt.accepted, attempt.errors = None, 0
    attempt.say(State.QUEUED, request_id=accepted.request_id)
    return attempt.pace.first_poll()


def _doubted(attempt: Attempt, request_id: str) -> None:
    """Whoever is at home by the id that this take was given may have another's clip."""
    with suppress(StoreError):
        row = attempt.ledger.row(attempt.intent)
        contested.doubt(attempt.conductor.store, row, request_id)


def _wish(attempt: Attempt, arguments: dict[str, Any], price: int) -> Wish:
    order = attempt.order
    return Wish(
        key=order.key,
        storyboard=attempt.conductor.storyboard,
        shot=order.shot,
        take=order.take,
        run=attempt.conductor.run,
        endpoint=order.endpoint,
        canonical=order.canonical,
        arguments=arguments,
        estimate=price,
        after=attempt.conductor.priced_after,
        account=attempt.conductor.account,
        payer=attempt.conductor.payer,
        covers=order.covers,
    )


# the pictures


def _arguments(attempt: Attempt, intent: str) -> dict[str, Any]:
    """Everything that is sent, with the pictures uploaded for this intent alone.

    Addresses that no other request has are what a lost answer is found by.
    """
    wanted = attempt.order.request
    uploaded: dict[str, str] = {}
    for prepared in wanted.pictures.values():
        if prepared.digest not in uploaded:
            uploaded[prepared.digest] = _uploaded(attempt, prepared, intent)
    return wanted.filled({name: uploaded[still.digest] for name, still in wanted.pictures.items()})


def _still_there(attempt: Attempt) -> dict[str, Any] | None:
    """What an earlier try would have sent, unless one of its pictures is gone by now."""
    if attempt.ready is None:
        return None
    sent = dict.fromkeys(addresses(attempt.ready).values())
    return attempt.ready if all(_may_be_there(attempt, address) for address in sent) else None


def _may_be_there(attempt: Attempt, address: str) -> bool:
    try:
        return attempt.conductor.service.is_there(address)
    except ServiceError:
        return True


def _uploaded(attempt: Attempt, prepared: PreparedStill, intent: str) -> str:
    attempt.say(State.UPLOADING)
    ready = _payload(attempt, prepared)
    whose = mark_of(attempt.conductor.storyboard)
    name = f"{prepared.still.sha256[:16]}-{intent[:16]}-{whose}{ready.name_suffix}"
    return attempt.conductor.service.upload(ready.data, ready.mime, name)


def _payload(attempt: Attempt, prepared: PreparedStill) -> Payload:
    limit = attempt.order.model.stills.max_bytes
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


def _dead_picture(attempt: Attempt, error: NotSent | Refused) -> bool:
    """Whether a picture was gone at the service, which is mended once by uploading it anew."""
    if attempt.uploaded_anew or not isinstance(error, Refused):
        return False
    named = attempt.order.request.pictures
    return any(name in named for name in error.unread)


def _again(attempt: Attempt, error: NotSent | Refused) -> Wait:
    """Nothing was queued: try again, a few times."""
    wait = attempt.pace.resend(attempt.sends)
    if wait is None:
        return attempt.fail(error)
    if isinstance(error, Refused) and error.retry_after is not None:
        wait = max(wait, attempt.pace.seconds(error.retry_after))
    attempt.sends += 1
    attempt.resending = True
    attempt.say(State.WAITING, detail=f"{error}; trying again")
    return wait


def refused(attempt: Attempt, error: NotSent | Refused) -> Wait:
    """The service said no: to this take, or to the account."""
    if not isinstance(error, Refused):
        return attempt.fail(error)
    if not error.stops_all:
        return named(attempt, error)
    bad_key = KeyProblem(f"the service does not take the key: {error}")
    reason = bad_key if error.of is Refusal.KEY else error
    attempt.conductor.brake.pull(reason)
    return attempt.fail(reason)


def named(attempt: Attempt, error: Refused) -> Wait:
    """Something of this take was refused: said at its line."""
    order = attempt.order
    return attempt.fail(explained(order, error), part=part_of(order, error.names))


def not_sent(reason: Exception) -> NotAllowed | NotSent:
    """Why a take was never sent: something stopped all new requests."""
    kinds = (OverBudget, NotAllowed)
    kind = next((kind for kind in kinds if isinstance(reason, kind)), NotSent)
    return kind(f"not sent, because: {reason}")


def _came_to_nothing_meanwhile() -> NotAllowed:
    return NotAllowed(
        "what was in flight came to nothing; a new request is a new payment: run again to see "
        "its price"
    )
