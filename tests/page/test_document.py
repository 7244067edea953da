"""What the page's document says of a film, and what it names."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from storyboard.generating.terms import Run
from storyboard.page import sheet
from storyboard.page.document import document
from storyboard.page.shelf import Shelf
from storyboard.testing.clips import write_clip
from storyboard.video.probing import probe
from storyboard.workflows.media_of import media_of
from storyboard.workflows.review import review_document, review_page
from storyboard.workflows.showing import at_first_sight, gathered, settle
from tests.cli.running import storyboard
from tests.counting import Counting
from tests.page.films import SIZE, filmed


def test_it_has_every_take_with_its_price_and_how_it_stands(tmp_path: Path) -> None:
    """Given three takes of which one is not there, then two are paid, and one has its price."""
    source = filmed(tmp_path, shots=1, takes=3, lacking={"sh010": (2,)})
    found = review_document(source)
    (shot,) = found["shots"]
    assert [(take["number"], take["standing"]) for take in shot["takes"]] == [
        (1, "done"),
        (2, "to buy"),
        (3, "done"),
    ]
    assert [take["paid_microusd"] for take in shot["takes"]] == [252_000, 0, 252_000]
    assert [take["price_microusd"] for take in shot["takes"]] == [0, 252_000, 0]
    assert [tile["take"] for tile in shot["stack"]["tiles"]] == [1, 3]
    judged = [{one["kind"]: one["limit"] for one in take["judged"]} for take in shot["takes"]]
    assert "end" in judged[0]
    assert judged == [judged[0], {}, judged[0]]
    assert (shot["words"], shot["next_take_microusd"]) == ("The ball rolls on to 1", 252_000)
    assert (shot["from"]["id"], shot["to"]["id"]) == ("0", "1")


def test_a_clip_of_ones_own_is_what_is_picked_and_no_draft(tmp_path: Path) -> None:
    """Given a shot with takes whose own clip is in the film, then that one is picked."""
    source = filmed(tmp_path, shots=1, takes=2)
    write_clip(tmp_path / "own.mp4", frames=73, size=SIZE, rate=24, shot=7)
    assert storyboard("adopt", source.file, "sh010", tmp_path / "own.mp4").code == 0
    (shot,) = review_document(source)["shots"]
    assert [take["number"] for take in shot["takes"]] == [0, 1, 2]
    assert (shot["pick"], shot["draft"]) == (0, None)


def test_it_has_the_seams_as_qc_measures_them(tmp_path: Path) -> None:
    """Given three shots, then both seams have numbers, a verdict and the frame where they are;
    and what `qc` measured, takes too, is not measured again."""
    source = filmed(tmp_path, takes=1)
    qc = json.loads(storyboard("qc", source.file, "--json").out)["seams"]
    counting = Counting(2)
    found = review_document(source, run=Run(executor=counting))["seams"]
    counting.shutdown()
    assert not counting.given
    assert [(seam["at"], seam["kinds"]) for seam in found] == [(s["at"], s["kinds"]) for s in qc]
    assert [seam["numbers"] for seam in found] == [seam["numbers"] for seam in qc]
    told = {one["name"]: (one["unit"], one["odd"]) for one in found[0]["told"]}
    assert told["likeness"] == ("SSIM", "below 0.5")
    assert told["colour"] == ("dE (CIE76)", "above 0.5")


def test_a_file_is_named_by_what_it_is_made_from(tmp_path: Path) -> None:
    """Given a caption that changes, then the film has another name, and the takes keep theirs."""
    source = filmed(tmp_path, shots=1)
    first = review_document(source)
    text = source.file.read_text()
    source.file.write_text(text + 'titles: [{at: 0, duration: 1, text: "A"}]\n')
    second = review_document(source)
    assert first["film"]["video"] != second["film"]["video"]
    assert first["shots"][0]["stack"] == second["shots"][0]["stack"]


def test_what_is_not_there_is_drawn_only_when_asked(tmp_path: Path) -> None:
    """Given a shot without a take, then its still stands in; with a draft, the draft does."""
    source = filmed(tmp_path, shots=2, takes=1, lacking={"sh020": (1,)})
    bare = review_document(source)
    assert bare["film"]["stills"] == ["sh020"]
    assert bare["shots"][1]["stack"] is None
    drawn = review_document(source, draft=True)
    assert (drawn["film"]["stills"], drawn["film"]["drafts"]) == ([], ["sh020"])
    assert [tile["take"] for tile in drawn["shots"][1]["stack"]["tiles"]] == [0]


def test_each_version_is_a_film_of_its_own_shape(tmp_path: Path) -> None:
    """Given a storyboard with versions, then each is a film, as many frames long, in its shape; and
    each shot says what a crop keeps in its picture."""
    extra = ("versions: {tall: {size: 90x160}, blurred: {size: 96x96, reframe: blur}}",)
    source = filmed(tmp_path, shots=1, takes=1, extra=extra)
    found, files = document(gathered(source.storyboard(), source.store))
    shelf = Shelf(tmp_path / "shelf")
    shelf.know(files)
    tall, blurred = found["film"]["versions"]
    assert (tall["name"], tall["cut_off"], tall["cut_off_of"]) == ("tall", 0.6625, "width")
    assert (blurred["reframe"], blurred["cut_off"]) == ("blur", 0)
    assert found["shots"][0]["focus"] == [[0.5, 0.5], [0.5, 0.5]]
    facts = probe(shelf.open(tall["video"]))
    assert (str(facts.size), facts.frames) == ("90x160", found["film"]["frames"])


def test_takes_of_several_lengths_and_rates_lie_in_one_file(tmp_path: Path) -> None:
    """The file is as long as the longest take and runs at the highest rate."""
    source = filmed(tmp_path, shots=1, takes=2)
    found, files = document(gathered(source.storyboard(), source.store))
    shelf = Shelf(tmp_path / "shelf")
    shelf.know(files)
    laid = found["shots"][0]["stack"]
    facts = probe(shelf.open(laid["video"]))
    assert (facts.frames, facts.size.width, facts.size.height) == (73, 320, 96)
    assert (laid["columns"], laid["width"], laid["height"]) == (2, 160, 96)


def test_the_first_sight_measures_nothing_and_the_next_one_knows_all(tmp_path: Path) -> None:
    """Given takes that nobody has compared, then a page has them at once, as they were asked for;
    and once that is settled, it has what was measured."""
    source = filmed(tmp_path, shots=3, takes=1)
    storyboard, store = source.storyboard(), source.store
    first = at_first_sight(storyboard, store)
    assert (first.settled, first.timeline.frames) == (False, 73 * 3 - 2)
    settle(storyboard, store)
    second = at_first_sight(storyboard, store)
    assert second.settled
    assert second.timeline == gathered(storyboard, store).timeline
    assert second.timeline.frames == 73 * 3  # each shot's frames are its own


def test_the_best_is_open_until_it_is_measured(tmp_path: Path) -> None:
    """Given `pick: best` and takes without numbers, then nothing is chosen at first sight."""
    source = filmed(tmp_path, shots=1, takes=2)
    text = source.file.read_text().replace("takes: 2", "takes: 2, pick: best")
    source.file.write_text(text)
    first = at_first_sight(source.storyboard(), source.store)
    assert (first.settled, first.plan.shots[0].shot.best) == (False, True)
    settle(source.storyboard(), source.store)
    second = at_first_sight(source.storyboard(), source.store)
    assert (second.settled, second.plan.shots[0].shot.best) == (True, False)


def test_a_take_that_was_measured_when_it_came_is_not_opened(tmp_path: Path) -> None:
    """Given a note with frames, rate, size and sound, then they are taken from there; a note in
    which one of them is missing or senseless has the take opened."""
    source = filmed(tmp_path, shots=1, takes=1)
    store = source.store
    (key,) = store.keys()
    opened = media_of(store, key)
    assert (opened.frames, str(opened.rate), str(opened.size)) == (73, "24", "160x96")
    there = {"frames": 49, "rate": "30000/1001", "size": "64x48", "sound": True}
    store.takes.amend(key, {"measured": there})
    noted = media_of(store, key)
    assert (noted.frames, noted.rate, noted.sound) == (49, Fraction(30000, 1001), True)
    for wrong in ({"frames": 0}, {"rate": "0"}, {"rate": "1/0"}, {"size": "64"}, {"size": "0x4"}):
        store.takes.amend(key, {"measured": there | wrong})
        assert media_of(store, key) == opened
    store.takes.amend(key, {"measured": ["frames"]})
    assert media_of(store, key) == opened


def test_no_word_of_a_storyboard_becomes_markup(tmp_path: Path) -> None:
    """Given a prompt that closes a script, then the page has it as a text and nothing else."""
    source = filmed(tmp_path, shots=1, takes=1)
    text = source.file.read_text().replace("The ball rolls", "</script><img src=x onerror=a()>")
    source.file.write_text(text)
    made = review_page(source, tmp_path / "page.html")
    page = made.path.read_text()
    assert "<img" not in page
    assert "onerror=a()" in page
    assert page.count("</script>") == page.count("<script")


def test_every_module_of_the_page_is_named_as_it_is_imported() -> None:
    """Modules import each other by bare names, so that they are found inside a page as well."""
    for name in sheet.modules():
        for line in sheet.asset(f"{name}.js").splitlines():
            if line.startswith("import ") and " from " in line:
                assert line.split(' from "')[1].rstrip('";') in sheet.modules()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    """Given a folder that has something in it, then nothing is written there, and that is said."""
    source = filmed(tmp_path, shots=1, takes=1)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    done = storyboard("review", source.file, "-o", tmp_path / "mine")
    assert (done.code, [p.name for p in (tmp_path / "mine").iterdir()]) == (8, ["letter.txt"])
    assert "has other files in it; name a folder of its own" in done.err


def test_a_page_that_is_written_again_drops_what_it_shows_no_more(tmp_path: Path) -> None:
    """Given a page and an edit, then the folder has the media of the new page alone."""
    source = filmed(tmp_path, shots=1)
    review_page(source, tmp_path / "page")
    text = source.file.read_text()
    source.file.write_text(text + 'titles: [{at: 0, duration: 1, text: "A"}]\n')
    made = review_page(source, tmp_path / "page")
    assert len(list((tmp_path / "page" / "media").iterdir())) == made.files
