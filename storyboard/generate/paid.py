"""One paid take on its way: sent once, followed to the end, fetched, checked, kept.

The order of effects is what keeps money safe:

    pictures are uploaded                        free, may be repeated
    the intent is on the disk, price reserved    one transaction
    one POST                                     never repeated unless nothing was sent
    the request id is on the disk
    polled until it is complete                  any process may do so
    the answer is on the disk
    the clip is fetched, checked, and takes its name
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from storyboard import pictures
from storyboard.errors import (
    Charged,
    Expired,
    KeyProblem,
    LostAnswer,
    MediaError,
    NotAllowed,
    NotSent,
    Refused,
    ServiceError,
    StoreError,
    StoryboardError,
)
from storyboard.events import State
from storyboard.fal import Past, Progress, Receipt, Result, answers, download, fields
from storyboard.generate.engine import FINISHED, Next
from storyboard.generate.studio import Studio, broken
from storyboard.load import Plate
from storyboard.models import dollars
from storyboard.plan import PlannedShot, PlannedTake
from storyboard.store import Row, TakenAlready, Wish

REUSE_UPLOADS = 24 * 3600.0
"""Seconds for which an uploaded picture is used again; the service keeps it for days."""

_SERVER_SIDE = (408, 409, 429)


@dataclass(slots=True)
class Flight:
    """A paid take. Its methods are steps of the engine."""

    studio: Studio
    shot: PlannedShot
    take: PlannedTake
    intent: str = ""
    _sends: int = 0
    _seen: int = 0
    _errors: int = 0
    _looks: int = 0
    _fetches: int = 0
    _ran_since: float | None = None
    _heard: float = field(default_factory=time.monotonic)
    _result: Result | None = None

    # sending

    def begin(self) -> Next:
        """Go on from wherever the store says the take is."""
        if self.studio.store.has(self.take.key):
            return self._say(State.REUSED)
        row = self.studio.store.ledger.live(self.take.key)
        return self._follow(row) if row else self.send()

    def _follow(self, row: Row) -> Next:
        self.intent = row.intent
        if row.state == "SENDING":
            return Next(self.look, 0.0)
        if row.state == "SENT":
            self._say(State.QUEUED, request_id=row.request_id or "", cost=row.estimate)
            return Next(self.poll)
        return Next(self.fetch)

    def send(self) -> Next:
        """Upload, write down, send once, write down."""
        if self.studio.brake.reason is not None:
            return self._failed(_stopped(self.studio.brake.reason))
        try:
            arguments = self._arguments()
        except NotSent as error:
            return self._again(error)
        except Refused as error:
            return self._refused(error)
        except StoryboardError as error:
            return self._failed(error)
        intent = uuid.uuid4().hex
        with self.studio.store.sending(intent):
            return self._send(intent, arguments)

    def _send(self, intent: str, arguments: dict[str, Any]) -> Next:
        ledger = self.studio.store.ledger
        try:
            ledger.intend(intent, self._wish(arguments), self.studio.caps)
        except TakenAlready as other:
            return self._follow(other.row)
        except (NotAllowed, StoreError) as error:
            self.studio.brake.pull(error)
            return self._failed(error)
        self.intent = intent
        self._say(State.SENDING, cost=self.take.price)
        try:
            receipt = self.studio.service.submit(self.shot.request.endpoint, arguments, tag=intent)
        except (NotSent, Refused) as error:
            ledger.settle(intent, "REFUSED", str(error), possibly_charged=False)
            return self._again(error) if _may_resend(error) else self._refused(error)
        except LostAnswer as error:
            ledger.note(intent, "answer lost", str(error))
            self.studio.notice(f"{error}; looking for it in the account's history", self.shot.id)
            return Next(self.look, self.studio.pace.seconds(self.studio.pace.looks[0]))
        try:
            ledger.sent(intent, receipt.request_id, receipt.urls)
        except StoreError as error:
            self.studio.brake.pull(error)
            note = f"{error}; the service accepted it as {receipt.request_id}"
            return self._failed(ServiceError(note, charged=Charged.YES))
        self._say(State.QUEUED, request_id=receipt.request_id, cost=self.take.price)
        return Next(self.poll, self.studio.pace.seconds(0.5))

    def _wish(self, arguments: dict[str, Any]) -> Wish:
        return Wish(
            key=self.take.key,
            storyboard=self.studio.storyboard,
            shot=self.shot.id,
            take=self.take.number,
            run=self.studio.run,
            endpoint=self.shot.request.endpoint,
            canonical=self.shot.request.canonical(self.take.number),
            arguments=arguments,
            estimate=self.take.price,
        )

    def _arguments(self) -> dict[str, Any]:
        """Everything that is sent, with the pictures uploaded."""
        request = self.shot.request
        addresses = {name: self._address(plate) for name, plate in request.pictures.items()}
        return {**request.arguments, **addresses}

    def _address(self, plate: Plate) -> str:
        ledger = self.studio.store.ledger
        with self.studio.uploading(plate.digest):
            known = ledger.upload(plate.digest, younger_than=REUSE_UPLOADS)
            if known:
                return known
            self._say(State.UPLOADING)
            ready = self._prepared(plate)
            address = self.studio.service.upload(
                ready.data, ready.mime, f"{plate.still.sha256[:16]}{ready.name_suffix}"
            )
            ledger.uploaded(plate.digest, address)
            return address

    def _prepared(self, plate: Plate) -> pictures.Payload:
        limit = self.shot.model.stills.max_bytes
        try:
            return pictures.payload(plate.still.read(), plate.recipe, max_bytes=limit)
        except pictures.PictureError as error:
            raise MediaError(f"{plate.still.name}: {error}") from error

    def _again(self, error: NotSent | Refused) -> Next:
        """Nothing was queued: try again, a few times."""
        waits = self.studio.pace.resends
        if self._sends >= len(waits):
            return self._failed(error)
        wait = self.studio.pace.seconds(waits[self._sends])
        if isinstance(error, Refused) and error.retry_after is not None:
            wait = self.studio.pace.seconds(error.retry_after)
        self._sends += 1
        self._say(State.WAITING, detail=f"{error}; trying again")
        return Next(self.send, wait)

    def _refused(self, error: NotSent | Refused) -> Next:
        if not isinstance(error, Refused):
            return self._failed(error)
        if error.stops_all:
            self.studio.brake.pull(error)
        if error.status == 401:
            return self._failed(KeyProblem(f"the service does not take the key: {error}"))
        return self._failed(error, field=self._field(error))

    def _field(self, error: Refused) -> str:
        """The part of the shot that the service's reasons name."""
        model = self.shot.model
        names = {model.start: "start", model.end: "end", "prompt": "prompt", "duration": "duration"}
        return next((names[name] for name in fields(error.details) if name in names), "shot")

    # a lost answer

    def look(self) -> Next:
        """Look for a request whose answer was lost, by the pictures' addresses."""
        with self.studio.store.sending(self.intent) as alone:
            row = self.studio.store.ledger.row(self.intent)
            if row.state != "SENDING":
                return self.begin()
            if alone:
                found = self._found(row)
                if found is not None:
                    receipt = self.studio.service.receipt_of(row.endpoint, found)
                    self.studio.store.ledger.sent(self.intent, found, receipt.urls)
                    self._say(State.QUEUED, request_id=found, cost=row.estimate)
                    return Next(self.poll)
        waits = self.studio.pace.looks
        self._looks += 1
        fresh = time.time() - row.intended_at < self.studio.pace.seconds(600.0)
        if fresh and self._looks < len(waits):
            return Next(self.look, self.studio.pace.seconds(waits[self._looks]))
        return self._unknown(row)

    def _found(self, row: Row) -> str | None:
        """The one request in the history that is this one; None where there is none, or doubt."""
        since = datetime.fromtimestamp(row.intended_at - 24 * 3600, UTC).isoformat()
        ledger = self.studio.store.ledger
        explained = {other.request_id for other in ledger.rows() if other.request_id}
        try:
            past = [
                entry.request_id
                for entry in self.studio.service.history(row.endpoint, since=since)
                if _matches(entry, row) and entry.request_id not in explained
            ]
        except ServiceError:
            return None
        same = [
            other
            for other in ledger.rows(states=("SENDING",))
            if other.arguments == row.arguments and other.endpoint == row.endpoint
        ]
        distinct = list(dict.fromkeys(past))
        return distinct[0] if 0 < len(distinct) <= len(same) else None

    def _unknown(self, row: Row) -> Next:
        when = datetime.fromtimestamp(row.intended_at).strftime("%Y-%m-%d %H:%M")
        error = LostAnswer(
            f"sent on {when} for {dollars(row.estimate)}, and the answer was lost; it is not sent "
            f"again. `storyboard status` looks for it again, `storyboard resolve` decides"
        )
        self.studio.fail(self.shot, self.take, error, state=State.UNKNOWN)
        return FINISHED

    # following

    def poll(self) -> Next:
        """One look at how far it is."""
        row = self.studio.store.ledger.row(self.intent)
        if row.state != "SENT":
            return self.begin()
        receipt = _receipt(row)
        try:
            progress = self.studio.service.progress(receipt)
        except (ServiceError, StoryboardError) as error:
            return self._trouble(error, row)
        self._errors, self._heard = 0, time.monotonic()
        self._seen += 1
        if progress.state == "completed":
            return self._completed(row, progress)
        return self._wait(progress, row)

    def _wait(self, progress: Progress, row: Row) -> Next:
        if progress.state == "queued":
            position = "" if progress.position is None else f"position {progress.position}"
            self._say(State.QUEUED, detail=position, request_id=row.request_id or "")
        else:
            if self._ran_since is None:
                self._ran_since = time.monotonic()
            odd = "" if progress.word == "IN_PROGRESS" else f"the service says {progress.word!r}"
            self._say(State.RUNNING, detail=odd, request_id=row.request_id or "")
        ran = time.monotonic() - self._ran_since if self._ran_since else 0.0
        return Next(self.poll, self.studio.pace.poll(progress, seen=self._seen, ran=ran))

    def _trouble(self, error: StoryboardError, row: Row) -> Next:
        """A look that failed: look again later; the request is safe."""
        self._errors += 1
        if isinstance(error, Refused) and error.status in (401, 403):
            self.studio.brake.pull(error)
            return self._failed(error, charged=Charged.YES)
        if isinstance(error, Expired) and self._errors >= 4:
            return self._completed(row, Progress("completed", "EXPIRED"))
        silent = time.monotonic() - self._heard
        if silent > self.studio.pace.seconds(self.studio.pace.patience):
            message = f"no useful answer for {silent / 60:.0f} minutes ({error}); it goes on there"
            return self._failed(ServiceError(message, charged=Charged.YES), state=State.HELD)
        wait = self.studio.pace.after_errors(self._errors)
        if isinstance(error, Refused) and error.retry_after is not None:
            wait = self.studio.pace.seconds(error.retry_after)
        return Next(self.poll, wait)

    def _completed(self, row: Row, progress: Progress) -> Next:
        """It is complete, or forgotten: get its answer onto the disk."""
        if self._ran_since is not None:
            self.studio.pace.finished(time.monotonic() - self._ran_since)
        try:
            result = self._answer(row)
        except Refused as error:
            if error.status >= 500 or error.status in _SERVER_SIDE:
                if not progress.error:
                    return self._trouble(error, row)
                return self._came_to_nothing(progress.error, Charged.NO)
            return self._came_to_nothing(str(error), error.charged, error)
        except Expired as error:
            return self._lost(row, error)
        except NotSent as error:
            return self._trouble(error, row)
        except ServiceError as error:
            return self._came_to_nothing(progress.error or str(error), Charged.POSSIBLY)
        self._result = result
        price = self.shot.model.price.per_second
        units = result.billable_units
        actual = None if units is None else round(units * price)
        self.studio.store.ledger.done(self.intent, result.answer, actual)
        return self.fetch()

    def _answer(self, row: Row) -> Result:
        """The result; from the history where the queue has forgotten it."""
        try:
            return self.studio.service.result(_receipt(row))
        except Expired:
            outputs = self._remembered(row)
            if outputs is None:
                raise
            return outputs

    def _remembered(self, row: Row) -> Result | None:
        since = datetime.fromtimestamp(row.intended_at - 24 * 3600, UTC).isoformat()
        for entry in self.studio.service.history(row.endpoint, since=since):
            if entry.request_id == row.request_id and entry.outputs is not None:
                return answers.result(entry.outputs, {})
        return None

    def _came_to_nothing(
        self, reason: str, charged: Charged, refused: Refused | None = None
    ) -> Next:
        possibly = charged is not Charged.NO
        self.studio.store.ledger.settle(self.intent, "FAILED", reason, possibly_charged=possibly)
        error = refused or ServiceError(f"the service failed: {reason}", charged=charged)
        return self._failed(
            error, charged=charged, field=self._field(refused) if refused else "shot"
        )

    def _lost(self, row: Row, error: Expired) -> Next:
        """Paid, and gone: never bought again unasked."""
        message = f"{error}; it was paid ({dollars(row.cost)}). `storyboard resolve` decides"
        self.studio.store.ledger.settle(self.intent, "LOST", str(error), possibly_charged=True)
        lost = ServiceError(message, charged=Charged.YES)
        return self._failed(lost, charged=Charged.YES)

    # fetching

    def fetch(self) -> Next:
        """Download the clip, check it whole, and take it in."""
        if self.studio.store.has(self.take.key):
            self.studio.store.ledger.kept(self.intent)
            return self._say(State.DONE, cost=self.studio.store.ledger.row(self.intent).cost)
        with self.studio.store.sending(f"{self.intent}.part") as alone:
            if not alone:
                return Next(self.fetch, self.studio.pace.seconds(1.0))
            return self._fetch(self.studio.store.ledger.row(self.intent))

    def _fetch(self, row: Row) -> Next:
        part = self.studio.store.part(f"{self.intent}.mp4")
        self._say(State.DOWNLOADING, request_id=row.request_id or "")
        try:
            result = self._result or _result_of(row) or self._answer(row)
            download(result.video_url, part, expected=result.file_size, advance=self._advance)
            odd = self.studio.keep(self.shot, self.take, part, self._note(row))
        except Expired as error:
            return self._gone(row, error)
        except MediaError as error:
            part.unlink(missing_ok=True)
            return self._refetch(broken(error))
        except (ServiceError, OSError) as error:
            return self._refetch(error)
        self.studio.store.ledger.kept(self.intent, "; ".join(odd))
        for one in odd:
            self.studio.notice(f"take {self.take.number}: {one}; kept, it was paid", self.shot.id)
        return self._say(State.DONE, request_id=row.request_id or "", cost=row.cost)

    def _advance(self, here: int, total: int | None) -> None:
        if total:
            self._say(State.DOWNLOADING, fraction=here / total)

    def _refetch(self, error: Exception) -> Next:
        waits = self.studio.pace.refetches
        if self._fetches >= len(waits):
            message = f"{error}; paid, and fetched again by the next run"
            return self._failed(ServiceError(message, charged=Charged.YES))
        wait = self.studio.pace.seconds(waits[self._fetches])
        self._fetches += 1
        return Next(self.fetch, wait)

    def _gone(self, row: Row, error: Expired) -> Next:
        """The address is dead: ask for a new one once, in the queue and in the history."""
        if self._fetches == 0:
            self._fetches += 1
            try:
                self._result = self._answer(row)
            except ServiceError:
                return self._lost(row, error)
            return Next(self.fetch, self.studio.pace.seconds(1.0))
        return self._lost(row, error)

    def _note(self, row: Row) -> dict[str, Any]:
        """What the take's note says of its payment."""
        return {
            "endpoint": row.endpoint,
            "request_id": row.request_id,
            "intent": row.intent,
            "arguments": row.arguments,
            "result": row.result,
            "cost": row.cost,
            "charged": row.actual is not None,
            "sent_at": row.sent_at,
        }

    # telling

    def _say(self, state: State, **more: Any) -> Next:
        self.studio.say(self.shot, self.take, state, **more)
        return FINISHED

    def _failed(self, error: StoryboardError, **more: Any) -> Next:
        self.studio.fail(self.shot, self.take, error, **more)
        return FINISHED


def _may_resend(error: NotSent | Refused) -> bool:
    """Nothing was queued, and another try may do better."""
    return isinstance(error, NotSent) or error.status == 429


def _stopped(reason: Exception) -> NotAllowed | ServiceError:
    kind = NotAllowed if isinstance(reason, NotAllowed) else NotSent
    return kind(f"not sent, because: {reason}")


def _matches(entry: Past, row: Row) -> bool:
    """Whether a request in the history carries what this row sent, the addresses above all."""
    sent = {name: value for name, value in row.arguments.items() if isinstance(value, str)}
    addressed = any(entry.inputs.get(name) == sent[name] for name in sent if "://" in sent[name])
    return addressed and all(entry.inputs.get(name, text) == text for name, text in sent.items())


def _receipt(row: Row) -> Receipt:
    return Receipt(row.request_id or "", **row.urls)


def _result_of(row: Row) -> Result | None:
    return answers.result(row.result, {}) if row.result else None
