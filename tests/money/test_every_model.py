"""Every model through the service's own client: asked right, charged as planned, paid once."""

from __future__ import annotations

import io
import random
import signal
import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from storyboard.generating.terms import Run
from storyboard.ledger.user_record import VARIABLE
from storyboard.models.table import ROWS
from storyboard.store import Store
from storyboard.testing import FakeClip, FakeService
from storyboard.testing.endpoints import known
from storyboard.testing.jobs import Submission
from storyboard.video.probing import probe
from storyboard.workflows.finish import Finish
from storyboard.workflows.render import render
from tests.boards import still
from tests.money.client import DONE, POINTS, Client, Orders
from tests.money.runs import Set, delivered, quick

SOLD = tuple(row for row in ROWS if not row.maker and row.tariff.rates)
"""What can be bought."""
WIDE = (480, 320)
PREVIEW = Finish(preview=True)
DEADLY = tuple(point for point in POINTS if point != "after the intent")
"""Where a run may die and the next one knows what to do: between intent and POST nobody can."""

FIVE_FAMILIES = """\
version: 1
size: 480x320
scenes:
  - id: singles
    keyframes:
      - image: 0.png
        shot: {prompt: On, duration: 3, model: kling-o3-standard, options: {sound: true}}
      - image: 1.png
        shot: {prompt: On, duration: 2, model: wan-3, options: {resolution: 480p}}
      - image: 2.png
        shot: {prompt: On, duration: 1, model: pixverse-6, options: {resolution: 360p, sound: true}}
      - image: 3.png
        shot: {prompt: On, duration: 1, model: pixverse-6, options: {resolution: 360p}}
      - image: 4.png
        shot: {prompt: On, duration: 1, model: vidu-q3, options: {resolution: 720p, sound: false}}
      - image: 5.png
  - id: pinned
    model: ray-3.2-keyframes
    keyframes:
      - {image: 6.png, shot: {prompt: Up, duration: 2}}
      - {image: 7.png, shot: {prompt: Down, duration: 1}}
      - {image: 8.png, shot: {prompt: Away, duration: 2}}
      - image: 9.png
"""


@pytest.fixture
def service_of_few(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    """A service whose clips have few frames a second."""
    with FakeService(footage=FakeClip(width=64, frames_per_second=4, extra_frames=0)) as made:
        monkeypatch.setenv(VARIABLE, made.environment[VARIABLE])
        yield made
    assert made.escapes == []
    assert made.leaks == []


LIMITED = ("kling-o1-standard", "seedance-2", "wan-2.7")
"""One of each kind of endpoint of whose pictures it is documented what they have to be."""


def pictures(folder: Path, count: int) -> None:
    """So many stills."""
    for number in range(count):
        still(folder / f"{number}.png", number, size=WIDE)


def charged(paid: Iterable[Submission]) -> Fraction:
    """Micro-dollars, as the endpoints' own data have it; nothing was sent that has no effect."""
    total = Fraction(0)
    for request in paid:
        endpoint = known(request.endpoint)
        assert endpoint is not None
        assert request.ignored == ()
        total += endpoint.dollars(request.arguments) * 1_000_000
    return total


DEATHS = 4
"""How often a run is killed before one lives."""


@pytest.mark.skipif(sys.platform == "win32", reason="forks and signals")
@pytest.mark.parametrize("seed", range(3))
def test_five_families_killed_at_random_and_run_again_pay_once_each(
    tmp_path: Path, service_of_few: FakeService, seed: int
) -> None:
    """Two resolutions, with sound and without, and three shots that share one request."""
    # Given six requests for eight shots
    pictures(tmp_path, 10)
    film, service = tmp_path / "film.yaml", service_of_few
    film.write_text(FIVE_FAMILIES)
    made = Set(film, service, tmp_path / ".storyboard")
    planned = made.plan()
    assert (len(planned.shots), len(planned.purchases)) == (8, 6)
    # When run after run is killed, wherever it has got to
    dice = random.Random(seed)
    for _ in range(DEATHS):
        point, nth = dice.choice(DEADLY), dice.randint(1, 3)
        orders = Orders(film, made.folder, service.environment, point, nth, jobs=1)
        assert Client(orders).wait() in (-signal.SIGKILL, DONE)
        assert made.paid == len({request.request_id for request in service.paid}) <= 6
    # Then the next one buys what lacks, and each request was paid once, as planned
    with service.applied():
        cap = planned.price_microusd
        whole = render(
            film,
            tmp_path / "film.mp4",
            store=Store(made.folder),
            finish=PREVIEW,
            run=Run(max_cost_microusd=cap, pace=quick()),
        )
    assert whole.complete
    assert made.paid == len({request.request_id for request in service.paid}) == 6
    assert sorted(row.key for row in made.rows()) == sorted(one.key for one in planned.purchases)
    assert made.states() == ["KEPT"] * 6
    assert charged(service.paid) == planned.price_microusd
    assert sum(row.cost for row in made.rows()) == planned.price_microusd
    assert made.plan().price_microusd == 0
    # And every frame of the film is there, from a take of its own shot
    assert probe(whole.path).frames == whole.timeline.frames
    assert {clip.shot: clip.media.key for clip in whole.timeline.clips} == {
        shot.id: shot.picked.key for shot in planned.shots
    }


OPEN = tuple(row for row in SOLD if row.open_ended)
"""What has another endpoint for shots without an end frame."""


@pytest.mark.skipif(sys.platform == "win32", reason="forks and signals")
def test_an_open_ended_shot_goes_to_the_endpoint_that_takes_one(
    tmp_path: Path, service_of_few: FakeService
) -> None:
    """Sent there, found in the history there after a kill, charged by what is listed there."""
    # Given a shot without an end frame by each model that has another endpoint for it
    pictures(tmp_path, 1)
    scenes = [
        f"  - id: {row.alias.replace('.', '-')}\n"
        f"    model: {row.alias}\n"
        "    keyframes: [{image: 0.png, shot: {prompt: On, duration: 4}}]\n"
        for row in OPEN
    ]
    path = tmp_path / "film.yaml"
    path.write_text("version: 1\nsize: 480x320\nfps: 4\nscenes:\n" + "".join(scenes))
    made = Set(path, service_of_few, tmp_path / ".storyboard")
    planned = made.plan()
    ids = {row.open_ended.endpoint for row in OPEN if row.open_ended}
    # When the first answer is lost with the process
    doubted = tuple(row.alias for row in OPEN)
    lost = Orders(
        path, made.folder, service_of_few.environment, "after the POST", jobs=1, accept=doubted
    )
    assert Client(lost).wait() == -signal.SIGKILL
    assert [row.endpoint in ids for row in made.rows()] == [True]
    # Then it is found, and the others are bought: there, once each
    assert delivered(made.render(accept=doubted))
    assert len(OPEN) == made.paid == len(made.rows()) == 3
    assert {request.endpoint for request in service_of_few.paid} == ids
    assert {row.endpoint for row in made.rows()} == ids
    assert charged(service_of_few.paid) == planned.price_microusd
    assert sum(row.cost for row in made.rows()) == planned.price_microusd


def test_a_film_with_a_shot_by_every_model(tmp_path: Path, service_of_few: FakeService) -> None:
    """One request a model, taken as it is, charged as planned or below its bound, and cut in."""
    # Given a scene for each model that can be bought, as short as it makes them
    pictures(tmp_path, 2)
    scenes = [
        f"  - id: {row.alias.replace('.', '-')}\n"
        f"    keyframes: [{{image: 0.png, shot: {{prompt: By {row.alias}, model: {row.alias}, "
        f"duration: {row.lengths.offered[0]}}}}}, {{image: 1.png}}]\n"
        for row in SOLD
    ]
    path = tmp_path / "film.yaml"
    path.write_text("version: 1\nsize: 480x320\nfps: 4\nscenes:\n" + "".join(scenes))
    made = Set(path, service_of_few, tmp_path / ".storyboard")
    planned = made.plan()
    wanted = {one.key: one for one in planned.purchases}
    assert {one.model.alias for one in wanted.values()} == {row.alias for row in SOLD}
    # When it is made
    store = Store(made.folder)
    doubted = Run(accept=planned.doubts, max_cost_microusd=planned.price_microusd, pace=quick())
    with service_of_few.applied():
        film = render(path, tmp_path / "film.mp4", store=store, finish=PREVIEW, run=doubted)
    # Then each was asked once, and charged what was planned
    assert film.complete
    booked = {row.request_id: row for row in made.rows()}
    assert booked.keys() == {request.request_id for request in service_of_few.paid}
    assert sorted(row.key for row in booked.values()) == sorted(wanted)
    for request in service_of_few.paid:
        row, owed = booked[request.request_id], charged([request])
        one = wanted[row.key]
        assert one.request.is_in(request.arguments)
        assert owed <= one.price_microusd, request.endpoint
        if not one.model.price(one.request.arguments).bound:
            assert one.price_microusd - owed < 1, request.endpoint
            assert row.cost == one.price_microusd, request.endpoint
    # And the film has them all, frame by frame
    assert probe(film.path).frames == film.timeline.frames
    assert {clip.shot for clip in film.timeline.clips} == {shot.id for shot in planned.shots}


@pytest.mark.skipif(sys.platform == "win32", reason="forks and signals")
def test_what_was_bought_by_a_row_that_has_left_comes_home(
    tmp_path: Path, service_of_few: FakeService
) -> None:
    """Nobody knows its price any more: the books keep what was reserved."""
    # Given a take that is on its way, by a row of one's own for what the table has no price for
    pictures(tmp_path, 2)
    own = "models: {mine: {like: pixverse-5.6, price: {per: take, dollars: 1.00, at_most: true}}}"
    shot = "keyframes: [{image: 0.png, shot: {prompt: On, duration: 5}}, {image: 1.png}]"
    path = tmp_path / "film.yaml"
    path.write_text(f"version: 1\nsize: 480x320\nmodel: mine\n{own}\n{shot}\n")
    made = Set(path, service_of_few, tmp_path / ".storyboard")
    sent = Orders(path, made.folder, service_of_few.environment, "after the id is on the disk")
    assert Client(sent).wait() == -signal.SIGKILL
    # When the row leaves the storyboard, and what is on its way is collected
    path.write_text(f"version: 1\nsize: 480x320\n{shot}\n")
    made.collect()
    # Then it is there, for what was reserved
    (row,) = made.rows()
    assert (row.state, row.cost, made.paid) == ("KEPT", 1_000_000, 1)


def test_stills_of_any_kind_are_sent_as_every_endpoint_takes_them(
    tmp_path: Path, service_of_few: FakeService
) -> None:
    """Also one that takes JPEG and PNG alone: none of them is refused, none is sent as it came."""
    # Given stills of other formats and colours, for models whose limits are documented
    noise = np.random.default_rng(1).integers(0, 256, (320, 480, 3), np.uint8)
    picture = Image.fromarray(noise)
    picture.save(tmp_path / "0.webp")
    picture.save(tmp_path / "1.avif")
    picture.convert("CMYK").save(tmp_path / "2.jpg")
    picture.convert("LA").save(tmp_path / "3.png")
    scenes = [
        f"  - id: {name.replace('.', '-')}\n    model: {name}\n    keyframes:\n"
        + "".join(
            f"      - {{image: {i}{kind}, shot: {{prompt: On, duration: 4}}}}\n"
            for i, kind in enumerate((".webp", ".avif", ".jpg"))
        )
        + "      - {image: 3.png}\n"
        for name in LIMITED
    ]
    path = tmp_path / "film.yaml"
    path.write_text("version: 1\nfps: 4\nscenes:\n" + "".join(scenes))
    made = Set(path, service_of_few, tmp_path / ".storyboard")
    # When they are bought
    done = made.render()
    # Then nothing is refused
    assert delivered(done)
    assert made.paid == len(made.plan().purchases) == 3 * len(LIMITED)
    # And what arrived is a JPEG or a PNG in RGB, as every endpoint takes it
    uploads = service_of_few.requests(place="upload")
    assert len(uploads) == 2 * made.paid
    for upload in uploads:
        with Image.open(io.BytesIO(upload.request.body)) as sent:
            assert (sent.format in ("JPEG", "PNG"), sent.mode, sent.size) == (True, "RGB", WIDE)
