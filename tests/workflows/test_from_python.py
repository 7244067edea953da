"""What the commands do, done from Python: by the same words, with paths and values, as values."""

from __future__ import annotations

import json
import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

import storyboard
from storyboard import EventLog, StoryboardFile, files
from storyboard.errors import FileTrouble, MediaError, StoryboardError
from storyboard.generating.backoff import Pace
from storyboard.rendering.assembling import Join
from storyboard.testing import Clock, FakeService
from storyboard.units.sizes import Reframe
from storyboard.workflows.finish import Captions
from tests.boards import board

NOTE = "# the fox is called Ines\n"
QUICK = storyboard.Finish(preview=True)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of two shots, of which the first has two takes."""
    path = board(tmp_path_factory.mktemp("film"))
    path.write_text(NOTE + path.read_text().replace("to 1", "to 1, takes: 2"))
    with FakeService() as service, service.applied():
        storyboard.render(path, max_cost="$5.00", pace=Pace(scale=0.01), finish=QUICK)
        assert len(service.paid) == 3
    return path


@pytest.fixture
def film(rendered: Path, tmp_path: Path) -> str:
    """A copy of it, by its name."""
    shutil.copytree(rendered.parent, tmp_path / "film", symlinks=True)
    return str(tmp_path / "film" / rendered.name)


def test_a_take_is_picked_and_one_more_asked_for(film: str) -> None:
    """The file says so, its comments stay, nothing is bought, and the price of the next is told."""
    done = storyboard.pick(film, "sh010", 2)
    assert (done.take, done.was, done.written) == (2, 1, True)
    more = storyboard.take(Path(film), "sh020", dry_run=True)
    assert not more.written
    more = storyboard.take(Path(film), "sh020")
    assert more.planned.number == 2
    assert storyboard.plan_film(film).price_microusd == more.price_microusd > 0
    text = Path(film).read_text()
    assert text.startswith(NOTE)
    assert "pick: 2" in text


def test_takes_come_with_their_numbers(film: str) -> None:
    """`qc` measures them, and `status` has what was measured, without measuring."""
    assert storyboard.status(film).judged == ()
    found = storyboard.qc(film)
    judged = {(one.shot, one.take): one for one in storyboard.status(film).judged}
    assert judged.keys() == {("sh010", 1), ("sh010", 2), ("sh020", 1)}
    assert [one.numbers for one in found.takes] == [one.numbers for one in judged.values()]
    assert len(found.report.seams) == 1


def test_a_clip_is_adopted(film: str) -> None:
    """It stands in the shot, is in the store, and nothing is to be paid for the shot."""
    store = StoryboardFile(Path(film)).store
    take = storyboard.plan_film(film).shots[1].picked
    clip = shutil.copy(store.clip(take.key), Path(film).with_name("graded.mp4"))
    done = storyboard.adopt(film, "sh020", str(clip))
    assert (done.clip, done.written) == ("graded.mp4", True)
    assert store.has(done.key)


def test_values_are_written_and_all_else_stays(film: str) -> None:
    """Where they would not load, nothing is written; a dry run writes nothing."""
    shot = storyboard.load(film).shot("sh020")
    prompt: dict[tuple[str | int, ...], object] = {(*shot.path, "prompt"): "The ball stops"}
    before = Path(film).read_text()
    assert storyboard.edit(film, prompt, dry_run=True).changes
    assert Path(film).read_text() == before
    done = storyboard.edit(film, {**prompt, ("title",): "Fox"})
    assert done.storyboard.shot("sh020").words == "The ball stops"
    assert Path(film).read_text().startswith(NOTE)
    storyboard.edit(film, {("title",): storyboard.REMOVE})
    assert "title" not in Path(film).read_text()
    sound = storyboard.Effect(Path("bell.wav"), at=0.5)
    with pytest.raises(FileTrouble, match=r"bell\.wav' does not exist"):
        storyboard.edit(film, {("audio", "effects", 0): sound})
    before = Path(film).read_text()
    for path in ((*shot.path, "duration"), ("keyframes", 99, "image"), ("title", "x"), ()):
        with pytest.raises(StoryboardError):
            storyboard.edit(film, {path: "nonsense"})
    assert Path(film).read_text() == before


def test_notes_are_said_closed_and_exported(film: str, tmp_path: Path) -> None:
    """A note is of the picked take unless another is named, and goes along with an export."""
    clock = Clock()
    said = storyboard.add_note(film, "sh010", "too slow", frame=3, author="Ines", clock=clock)
    other = storyboard.add_note(film, "sh010", "too dark", take=2, frame=0, out=5)
    assert (said.take, other.take) == (1, 2)
    assert storyboard.notes(film).notes == (said, other)
    assert storyboard.close_note(film, other.id).done
    assert [one.done for one in storyboard.notes(film).notes] == [False, True]
    assert not storyboard.close_note(film, other.id, done=False).done
    made = storyboard.export_cut(film, str(tmp_path / "cut"), formats=["notes"])
    assert any("too slow" in path.read_text() for path in made.files)
    for wrong in ({"take": 9}, {"text": " "}, {"frame": -1}, {"shot": "sh990"}):
        with pytest.raises(StoryboardError):
            storyboard.add_note(film, **{"shot": "sh010", "text": "a", **wrong})  # type: ignore[arg-type]
    with pytest.raises(StoryboardError):
        storyboard.close_note(film, "nobody")


def test_a_page_is_a_folder_a_file_and_a_document(film: str, tmp_path: Path) -> None:
    """All of them show the same shots; the document is plain data."""
    folder = storyboard.review_page(film, str(tmp_path / "page"))
    assert folder.path == tmp_path / "page" / "index.html"
    alone = storyboard.review_page(film, tmp_path / "film.html")
    assert alone.bytes == alone.path.stat().st_size
    shown = storyboard.review_document(film)
    assert [shot["id"] for shot in shown["shots"]] == ["sh010", "sh020"]
    assert json.loads(json.dumps(shown)) == shown


def test_an_edited_cut_comes_back(film: str, tmp_path: Path) -> None:
    """What was handed over, unchanged, changes nothing."""
    out = storyboard.export_cut(film, tmp_path / "cut", formats=["otio"], version=None)
    edited = next(path for path in out.files if path.suffix == ".otio")
    done = storyboard.import_cut(film, str(edited), dry_run=True)
    assert not done.written
    assert not done.handback.changes


def test_a_store_is_looked_after(film: str, tmp_path: Path) -> None:
    """Its sizes, whether it is whole, what may go, and its copy in a place that others see."""
    here = Path(film).with_name(".storyboard")
    store = storyboard.Store(here, media=tmp_path / "shared")
    assert storyboard.verify(store) == ()
    found = storyboard.du(store)
    assert 0 < found.total.paid_bytes < found.total.bytes
    assert len(storyboard.push(store).keys) == 3
    other = storyboard.Store(tmp_path / "other", media=str(tmp_path / "shared"))
    assert len(storyboard.pull(other).keys) == 3
    assert storyboard.clean(store, dry_run=True).files == ()  # too young
    shutil.rmtree(tmp_path / "shared")


def test_a_job_is_written(film: str, tmp_path: Path) -> None:
    """It names the files that a farm's machines have to see."""
    job = storyboard.farm_job(film, str(tmp_path / "job"), ["film.mp4"])
    assert job.parts == 2
    assert film in (tmp_path / "job" / "parameters.json").read_text()


def test_how_long_it_takes_is_known_from_before(film: str) -> None:
    """Nothing is bought, so nothing is expected; of one more take it is known by the others."""
    store = StoryboardFile(Path(film)).store
    assert storyboard.expected_wait(storyboard.plan_film(film), store) is None
    storyboard.take(film, "sh010")
    waiting = storyboard.expected_wait(storyboard.plan_film(film), store)
    assert waiting is not None
    assert waiting.takes == 1


def test_events_are_written_down(film: str, tmp_path: Path) -> None:
    """A log is a listener, and says nothing once it is closed."""
    with EventLog.opened(tmp_path / "log.jsonl") as log:
        storyboard.render(film, finish=QUICK, listener=log)
    written = (tmp_path / "log.jsonl").read_text()
    log(storyboard.events.Noticed("late"))
    log.close()
    assert (tmp_path / "log.jsonl").read_text() == written
    assert {"Opened", "Encoding"} <= {json.loads(line)["event"] for line in written.splitlines()}


@pytest.mark.parametrize("given", [{"keyframes": []}, b"film.yaml", 3, None])
def test_what_is_no_file_is_refused(given: object) -> None:
    """A storyboard that is nowhere on the disk can't be written into."""
    with pytest.raises(TypeError, match="file"):
        storyboard.pick(given, "sh010", 1)  # type: ignore[arg-type]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """In one line, as everywhere."""
    with pytest.raises(storyboard.InvalidStoryboard, match="does not exist"):
        storyboard.status(tmp_path / "nothing.yaml")


def test_values_are_short_to_read_and_can_be_sent(film: str) -> None:
    """What the functions give fits on a few lines, and comes equal out of a pickle, and a copy."""
    found: list[Any] = [
        storyboard.status(film),
        storyboard.qc(film),
        *storyboard.qc(film).takes,
        storyboard.pick(film, "sh010", 2, dry_run=True),
        storyboard.take(film, "sh010", dry_run=True),
        storyboard.edit(film, {("title",): "Fox"}, dry_run=True),
        storyboard.notes(film),
        storyboard.plan_film(film),
        StoryboardFile(Path(film), {"city": "Lisbon"}),
    ]
    for value in found:
        assert len(repr(value)) < 400
        assert pickle.loads(pickle.dumps(value)) == value == replace(value)
    assert len({found[-1], StoryboardFile(Path(film), {"city": "Porto"})}) == 2


def test_no_edit_is_lost_to_another_at_the_same_time(tmp_path: Path) -> None:
    """Who comes second, having read what the first one changes, is told so."""
    path = board(tmp_path, keyframes=2)
    source, before = StoryboardFile(path), path.read_bytes()
    first, second = before + b"# first\n", before + b"# second\n"
    with ThreadPoolExecutor(1) as pool:
        with files.alone(path):
            waiting = pool.submit(source.exchange, before, second)
            wait([waiting], timeout=0.2)
            files.exchange(path, first)
        with pytest.raises(FileTrouble, match="was changed meanwhile"):
            waiting.result(300)
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reframe", "squeeze"),
        ("safe", "tv"),
        ("join", "glue"),
        ("captions", "none"),
        ("size", "9:16"),
    ],
)
def test_a_finish_that_there_is_none_of_is_refused(field: str, value: str) -> None:
    """At once, with what there is; it is not taken for the usual one."""
    with pytest.raises(MediaError, match=f"{field} '{value}'; choose|'9:16' is no size"):
        storyboard.Finish(**{field: value})  # type: ignore[arg-type]


def test_a_finish_has_what_its_fields_say() -> None:
    """Each value that a type checker takes is taken."""
    told = {"reframe": Reframe, "join": Join, "captions": Captions}
    for field, kind in told.items():
        for value in get_args(kind):
            assert getattr(storyboard.Finish(**{field: value}), field) == value


def test_one_name_is_one_name_and_not_its_letters(film: str) -> None:
    """Where several are taken, a plain text is one of them, as it is of files."""
    assert storyboard.plan_film(film, only="sh020").only == frozenset({"sh020"})
    assert storyboard.Run(accept="veo-3.1").accept == ("veo-3.1",)
    with pytest.raises(StoryboardError, match="no version is called tall"):
        storyboard.render(film, versions="tall", finish=QUICK)
