"""Plays a round: starts programs, kills them, lets things happen in between, and at the end lets
the service be honest, and sees whether everything comes home."""

from __future__ import annotations

import shutil
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storyboard.accounting.rebuilding import rebuild
from storyboard.accounting.resolving import Decision, adopt, resolve
from storyboard.errors import StoryboardError
from storyboard.ledger.place import LEDGER
from storyboard.ledger.rows import Row
from storyboard.loading.load import load
from storyboard.planning.planner import plan
from storyboard.testing import Fault, Visit, acts
from storyboard.testing.faults import Injection
from tests.money.chaos import count
from tests.money.chaos.count import Cap, Count, Expected, Till, Unknown
from tests.money.chaos.draw import HOUR, Act, Between, Script, Start, script
from tests.money.chaos.ground import Ground, copied, laid
from tests.money.chaos.lies import is_ours
from tests.money.client import DONE, INTERRUPTED, Client, Orders

ENOUGH = 1_000_000_000
"""Micro-dollars of a cap that is none."""
TRIES = 4
"""How often the programs run at the end, when nothing goes wrong any more."""


@dataclass(slots=True)
class Stage:
    """A round that is being played."""

    ground: Ground
    till: Till
    expected: Expected = field(default_factory=Expected)
    came: Count = field(default_factory=Count)
    caps: list[Cap] = field(default_factory=list)
    windows: list[tuple[int, int, int]] = field(default_factory=list)
    """From which to which payment all programs together had a cap, and which."""
    lies: list[Injection] = field(default_factory=list)
    released: set[str] = field(default_factory=set)
    """Requests for which the user allowed another payment."""

    @property
    def script(self) -> Script:
        """What is played."""
        return self.ground.script


def played(seed: int) -> Count:
    """The round of this seed, from nothing to everything there; and what came of it."""
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="chaos-") as name,
        laid(Path(name), script(seed)) as ground,
    ):
        stage = Stage(ground, Till(ground.service, spoilt=_spoilt(ground.script)))
        stage.caps.append(Cap(0.0, stage.script.budget))
        _learn(stage)
        _lie(stage)
        for act in stage.script.acts:
            _play(stage, act)
        _end(stage)
        _count(stage)
    stage.came.seconds = time.monotonic() - began
    return stage.came


def _spoilt(script: Script) -> int:
    """The answers of the price list until one is of use."""
    return sum(lie.skip + lie.times for lie in script.lies if lie.place == "pricing")


def attempted(seed: int) -> Count:
    """The same; a mistake of the chaos's own spoils one round, and is told."""
    try:
        return played(seed)
    except Exception:
        return Count(told=(f"not played: {traceback.format_exc()}",))


def _learn(stage: Stage) -> None:
    stage.expected.learn(stage.ground.films)


def _lie(stage: Stage) -> None:
    """Let everything go wrong that was drawn."""
    for lie in stage.script.lies:
        stage.lies.append(stage.ground.service.inject(lie.fault))
    if stage.script.hidden:
        _hide(stage)  # behind the lies: these see what it makes of an answer


# what a history may do to one request


def _hide(stage: Stage) -> None:
    """The answer to one payment is lost, and the history never tells of it as it was."""
    ids: list[str] = []

    def chosen(visit: Visit) -> bool:
        return not ids and is_ours(visit)

    def lose(visit: Visit, proceed: acts.Proceed) -> Any:
        proceed()
        if visit.job is not None:
            ids.append(visit.job.submission.request_id)
        return acts.drop()(visit, proceed)

    def bent(page: dict[str, Any]) -> dict[str, Any]:
        how = stage.script.hidden
        some = (_bent(how, item, hidden=item["request_id"] in ids) for item in page["items"])
        return {**page, "items": [item for items in some for item in items]}

    service = stage.ground.service
    stage.lies.append(service.inject(Fault("submit", lose, times=1, when=chosen)))
    stage.lies.append(service.inject(Fault("history", acts.edit(bent), times=None)))


def _bent(how: str, item: dict[str, Any], hidden: bool) -> list[dict[str, Any]]:
    if not hidden:
        return [item]
    if how == "unlisted":
        return []
    if how == "altered":
        other = {**(item.get("json_input") or {}), "prompt": "other words"}
        return [{**item, "json_input": other}]
    return [item, {**item, "request_id": f"{item['request_id']}-2"}]


# an act


def _play(stage: Stage, act: Act) -> None:
    """Programs run together, and something may happen meanwhile; then something else happens."""
    stage.ground.send_as_strangers(stage.script.strangers)
    before = len(stage.till.charges)
    clients = [(start, _started(stage, start, number)) for number, start in enumerate(act.starts)]
    for between in act.meanwhile:
        time.sleep(0.05)
        _happens(stage, between)
    _bother(clients)
    for start, client in clients:
        stage.came.kills += client.wait() == -signal.SIGKILL
        stage.came.within |= set(_ended(start, client.wait()))
    if len(clients) > 1:
        stage.came.within.add("two programs at once")
    caps = [start.max_cost for start in act.starts if start.verb == "render"]
    if all(cap is not None for cap in caps):
        total = sum(cap or 0 for cap in caps)
        stage.windows.append((before, len(stage.till.charges), total))
    for between in act.then:
        _happens(stage, between)


def _ended(start: Start, code: int) -> Iterator[str]:
    """What a program's run adds to what happened."""
    if code == -signal.SIGKILL:
        yield f"kill -9 at a {'point' if start.die else 'moment'}"
    if code == INTERRUPTED:
        yield "SIGINT, SIGTERM"
    if start.verb != "render":
        yield start.verb
    if start.name != "absolute":
        yield "stores by several names"
    if start.wrong:
        yield "a wrong clock"
    if start.max_cost is not None:
        yield "--max-cost"


def _started(stage: Stage, start: Start, number: int) -> Client:
    stage.came.starts += 1
    ground = stage.ground
    which = number % len(ground.stores)
    return Client(
        Orders(
            film=ground.films[start.film].called,
            store=ground.store_as(start.name, which),
            environment=ground.service.environment,
            die=start.die,
            nth=start.nth,
            scale=1.0,
            jobs=start.jobs,
            max_cost=start.max_cost,
            verb=start.verb,
            clock=ground.clock.wrong(start.wrong),
            folder=ground.folder,
            log=ground.log,
        )
    )


def _bother(clients: list[tuple[Start, Client]]) -> None:
    """Send each its signal, if it still runs by then."""
    began = time.monotonic()
    for start, client in sorted(clients, key=lambda one: one[0].after):
        if start.signal:
            client.process.join(max(0.0, start.after - (time.monotonic() - began)))
            if client.process.is_alive():
                client.tell(signal.Signals[start.signal])


# what happens in between


def _happens(stage: Stage, between: Between) -> None:
    """One thing. Whatever is no expected error of the program's is a traceback."""
    what = between.what.removesuffix(" meanwhile")
    stage.came.within.add(f"{between.what} {between.detail}".strip())
    try:
        _HAPPENINGS[what](stage, between)
    except StoryboardError as error:
        with stage.ground.log.open("a") as file:
            print(f"{what}: {error}", file=file)
    except Exception:
        with stage.ground.log.open("a") as file:
            traceback.print_exc(file=file)


def _passes(stage: Stage, between: Between) -> None:
    stage.ground.clock.jump(between.amount)


def _edited(stage: Stage, between: Between) -> None:
    film = stage.ground.films[between.film]
    film.words += 1
    film.write()
    _learn(stage)


def _budgeted(stage: Stage, between: Between) -> None:
    film = stage.ground.films[between.film]
    film.budget = int(between.amount)
    film.write()
    stage.caps.append(Cap(time.monotonic(), film.budget))


def _repriced(stage: Stage, between: Between) -> None:
    stage.till.reprice(between.amount)


def _resolved(stage: Stage, between: Between) -> None:
    """The user allows another payment, for everything that is unknown; with one yes, not two."""
    _decide(stage, between, Decision.RESUBMIT)


def _abandoned(stage: Stage, between: Between) -> None:
    _decide(stage, between, Decision.ABANDON)


def _decide(stage: Stage, between: Between, decision: Decision) -> None:
    film = stage.ground.films[between.film].path
    with stage.ground.store() as store, stage.ground.fal() as fal:
        rows = [row for row in store.rows() if row.state in ("SENDING", "LOST")]
        for shot in sorted({row.shot for row in rows if row.storyboard == store.name_of(film)}):
            with suppress(StoryboardError):
                resolve(store, film, shot, decision, service=fal)
        released = {row.intent for row in store.rows() if row.state == "RELEASED"}
        stage.released |= released & {row.intent for row in rows}


def _rebuilt(stage: Stage, between: Between) -> None:
    """The ledger's file is damaged, and made again from what there is."""
    with stage.ground.store() as store, stage.ground.fal() as fal:
        _DAMAGE[between.detail](store.folder / LEDGER)
        held = {} if between.detail != "none" else store.held()
        wanted = plan(load(stage.ground.films[between.film].path), held=held)
        rebuild(store, plan=wanted, service=fal)


def _deleted(ledger: Path) -> None:
    for path in ledger.parent.glob(f"{ledger.name}*"):
        path.unlink()


def _torn(ledger: Path) -> None:
    """A page in its middle is overwritten."""
    if ledger.exists():
        with ledger.open("r+b") as file:
            size = ledger.stat().st_size
            file.seek(max(4096, size // 2 // 4096 * 4096))
            file.write(b"\xaa" * min(4096, max(0, size - 4096)))


def _emptied(ledger: Path) -> None:
    if ledger.exists():
        _deleted(ledger)
        ledger.touch()


_DAMAGE: dict[str, Callable[[Path], None]] = {
    "deleted": _deleted,
    "torn": _torn,
    "emptied": _emptied,
    "none": lambda _: None,
}


def _backed_up(stage: Stage, _: Between) -> None:
    copied(stage.ground.stores[0], stage.ground.backup)


def _brought_back(stage: Stage, between: Between) -> None:
    """A backup comes back, hours later, when the account's history has caught up. What hides
    entries of the history ends here: of a store that is brought back whole it is the only
    witness."""
    ground = stage.ground
    if not ground.backup.exists():
        return
    ground.clock.jump(2 * HOUR)
    for injection in stage.lies:
        if injection.fault.place == "history":
            injection.withdraw()
    store = ground.stores[0]
    if between.detail == "store":
        copied(ground.backup, store)
        if stage.script.seed % 2:
            stage.came.within.add("a store from a backup, on another machine")
            shutil.rmtree(ground.state, ignore_errors=True)
    elif between.detail == "ledger":
        _deleted(store / LEDGER)
        for path in ground.backup.glob(f"{LEDGER}*"):
            shutil.copy(path, store / path.name)
    else:
        other = ground.folder / "other" / ".storyboard"
        other.parent.mkdir()
        copied(ground.backup, other)
        ground.stores.append(other)


def _take_lost(stage: Stage, _: Between) -> None:
    """A clip is deleted by hand."""
    for clip in sorted((stage.ground.stores[0] / "takes").glob("*.mp4"))[:1]:
        clip.unlink()


def _linked(stage: Stage, between: Between) -> None:
    """The film gets another name, by which it is called from here on."""
    film = stage.ground.films[between.film]
    link = film.path.with_name(f"also-{film.path.name}")
    if not link.exists():
        link.symlink_to(film.path.name)
    film.called = link


_HAPPENINGS: dict[str, Callable[[Stage, Between], None]] = {
    "time passes": _passes,
    "hours pass": _passes,
    "words edited": _edited,
    "budget edited": _budgeted,
    "price changed": _repriced,
    "resolve": _resolved,
    "abandon": _abandoned,
    "rebuild": _rebuilt,
    "take deleted": _take_lost,
    "link made": _linked,
    "backup made": _backed_up,
    "backup brought back:": _brought_back,
}


# the end


def _end(stage: Stage) -> None:
    """The service is honest from here on, but for what the history says of one request; hours
    pass; the programs run on quietly. What is unknown then stays so, until the user does something.
    """
    for injection in stage.lies[: len(stage.script.lies)]:
        injection.withdraw()
    for film in stage.ground.films:
        film.budget = None
        film.write()
    stage.caps.append(Cap(time.monotonic(), None))
    stage.ground.clock.jump(8 * HOUR)
    _run_on(stage)
    unknown = list(_unknown(stage))
    stage.came.unknown = tuple(
        Unknown(row.intent, count.kind_of(row, stage.ground, stage.till)) for _, row in unknown
    )
    if unknown:
        stores = range(len(stage.ground.stores))
        stage.came.left = "; ".join(_about(stage, number) for number in stores)
        for injection in stage.lies:
            injection.withdraw()
        for number, row in unknown:
            _by_hand(stage, number, row)
        _run_on(stage)
    stage.came.resolved = len(unknown) - len(list(_unknown(stage)))


def _run_on(stage: Stage) -> None:
    """Run each film in each store until everything is there, or nothing changes any more."""
    for number, _ in enumerate(stage.ground.stores):
        for film in range(len(stage.ground.films)):
            for _ in range(TRIES):
                if _quietly(stage, number, film, "render") == DONE:
                    break
                stage.ground.clock.jump(3 * HOUR)


def _quietly(stage: Stage, number: int, film: int, verb: str) -> int:
    ground = stage.ground
    stage.came.starts += 1
    orders = Orders(
        film=ground.films[film].path,
        store=ground.stores[number],
        environment=ground.service.environment,
        scale=1.0,
        max_cost=ENOUGH,
        verb=verb,
        retry=True,
        clock=ground.clock.haste,
        log=ground.log,
    )
    return Client(orders).wait()


def _unknown(stage: Stage) -> Iterator[tuple[int, Row]]:
    """The takes that are wanted today and of which the programs say that they don't know."""
    for number in range(len(stage.ground.stores)):
        with stage.ground.store(number) as store:
            keys = {
                take.key
                for film in stage.ground.films
                for _, shot in count.what_is_wanted(film)
                for take in shot.takes
            }
            for row in store.rows():
                held = row.state in ("SENDING", "ABANDONED", "LOST")
                if held and row.key in keys and not store.takes.has(row.key):
                    yield number, row


def _by_hand(stage: Stage, number: int, row: Row) -> None:
    """The user brings the id of a request that was accepted, by the dashboard's word, and allows
    another payment for one that was not."""
    ground = stage.ground
    tag = f"storyboard={row.intent}"
    ids = [
        submission.request_id
        for submission, _, _ in stage.till.charges
        if submission.headers.get("x-fal-tags") == tag
    ]
    film = next(f.path for f in ground.films if row.storyboard.endswith(f.path.name))
    film = (ground.stores[number].parent / row.storyboard).resolve() if number else film
    try:
        with ground.store(number) as store, ground.fal() as fal:
            if ids:
                adopt(store, film, row.shot, ids[0], take=row.take, service=fal)
            else:
                resolve(store, film, row.shot, Decision.RESUBMIT, take=row.take, service=fal)
    except StoryboardError as error:
        with ground.log.open("a") as file:
            print(f"by hand: {error}", file=file)


# the count


def _count(stage: Stage) -> None:
    ground, came = stage.ground, stage.came
    charges = count.brought(ground, stage.till)
    agreed = _agreed(stage, charges)
    came.agreed = sum(agreed.values())
    told = list(count.twice(charges, stage.expected.takes + agreed))
    came.twice = len(told)
    passed = list(_over(stage, charges))
    came.over = len(passed)
    came.paid, came.failed = count.ours(ground, stage.till), 0
    came.failed = came.paid - len(charges)
    wrong, missing = [], []
    for number, store in enumerate(ground.stores):
        wanted, here, odd = count.delivered(ground, number, store)
        wrong += odd
        came.wanted, came.delivered = came.wanted + wanted, came.delivered + here
        if here < wanted:
            missing.append(f"lost: store {number} has {here} of {wanted}; {_about(stage, number)}")
    came.within |= _met(stage)
    kinds = (unknown.kind for unknown in came.unknown)
    odd = [kind for kind in kinds if kind == count.NOT_FOUND]
    missing += [f"lost: {kind}; {stage.came.left}" for kind in odd]
    leaks = list(count.leaks(ground.folder))
    came.wrong, came.lost = len(wrong), len(missing)
    came.keys = sum(one.startswith("key") for one in leaks)
    came.tracebacks = sum(one.startswith("traceback") for one in leaks)
    came.told = (*told, *passed, *wrong, *missing, *leaks)


def _about(stage: Stage, number: int) -> str:
    """What the programs say of what is not there."""
    with stage.ground.store(number) as store:
        rows = [
            f"{row.storyboard} {row.shot} {row.take} {row.intent} {row.state} {row.request_id}: "
            f"{row.detail}"
            for row in store.rows()
        ]
    printed = stage.ground.log.read_text(errors="replace").splitlines()[-8:]
    return "\n".join([*rows, *printed])


def _met(stage: Stage) -> set[str]:
    """The ingredients of the ground, and of the lies those that somebody was told."""
    told = zip(stage.script.lies, stage.lies, strict=False)
    lies = {f"{lie.group} answers" for lie, injection in told if injection.hits}
    hidden = {f"a request {stage.script.hidden}"} if stage.lies[-1].hits else set()
    return stage.script.ingredients | lies | (hidden if stage.script.hidden else set())


def _agreed(stage: Stage, charges: list[count.Charge]) -> Counter[count.What]:
    """What was paid for though the history never told of it, hours later, and the user said yes
    to paying for it again: the one thing that nobody can tell."""
    if stage.script.hidden != "unlisted":
        return Counter()
    tags = {f"storyboard={intent}" for intent in stage.released}
    return Counter(c.what for c in charges if c.submission.headers.get("x-fal-tags") in tags)


def _over(stage: Stage, charges: list[count.Charge]) -> Iterator[str]:
    if len(stage.ground.films) == 1 and len(stage.ground.stores) == 1:
        yield from count.over(charges, stage.caps)
    known = {charge.submission.request_id: charge.price for charge in charges}
    for first, last, cap in stage.windows:
        ids = [submission.request_id for submission, _, _ in stage.till.charges[first:last]]
        total = sum(known.get(request_id, 0) for request_id in ids)
        if total > cap:
            yield f"over: {total} of --max-cost {cap} micro-dollars"
