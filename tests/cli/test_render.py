"""`storyboard render` from end to end, against the fake service and without any."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.models.table import MODELS
from storyboard.testing import FakeClip, FakeService, Fault, acts, codes
from storyboard.video.probing import probe
from storyboard.video.reader import read
from tests.boards import board, still
from tests.cli.running import storyboard


def test_a_film_is_made_with_one_post_for_each_shot(tmp_path: Path) -> None:
    """Upload, one POST a shot, download, cut: the right frames, and the right one at each seam."""
    # Given a storyboard with two shots, and the service
    film = board(tmp_path, keyframes=3)
    with FakeService() as service:
        # When it is rendered twice
        once = storyboard("render", film, "--yes", environment=service.environment)
        paid = len(service.paid)
        again = storyboard("render", film, "--yes", environment=service.environment)
        # Then each shot was paid once, and the second run sent nothing
        assert (once.code, again.code) == (0, 0), once.err + again.err
        assert paid == len(service.paid) == 2
        assert service.escapes == []
        assert service.leaks == []
    # And the film has each frame once, the repeated one at the seam left out
    seen = [codes.read(picture) for picture in read(tmp_path / "film.mp4")]
    assert len(seen) == 72 + 73
    frames = [code.frame for code in seen if code is not None]
    assert frames == [*range(72), *range(73)]


def test_each_request_has_pictures_of_its_own(tmp_path: Path) -> None:
    """A keyframe that ends one shot and starts the next travels twice, to an address for each."""
    film = board(tmp_path, keyframes=4)
    with FakeService() as service:
        storyboard("render", film, "--yes", environment=service.environment)
        uploads = service.requests(method="POST", host="v3.fal.media")
        assert len(uploads) == 6
        sent = [paid.arguments for paid in service.paid]
        addresses = [one[name] for one in sent for name in ("start_image_url", "end_image_url")]
        assert len(set(addresses)) == 6


def test_exactly_the_documented_arguments_are_sent(tmp_path: Path) -> None:
    """Kling O1 gets prompt, both pictures, and the duration as a text; nothing else."""
    film = board(tmp_path, keyframes=2)
    with FakeService() as service:
        storyboard("render", film, "--yes", environment=service.environment)
        sent = service.paid[0]
    assert sent.endpoint == "fal-ai/kling-video/o1/standard/image-to-video"
    assert set(sent.arguments) == {"prompt", "start_image_url", "end_image_url", "duration"}
    assert sent.arguments["duration"] == "3"


def test_nothing_is_paid_without_a_yes(tmp_path: Path) -> None:
    """Without a terminal, --yes or --max-cost is needed; the price is shown all the same."""
    film = board(tmp_path)
    with FakeService() as service:
        found = storyboard("render", film, environment=service.environment)
        assert found.code == 5
        assert "to pay now: $0.504" in found.err
        assert "--yes" in found.err
        assert service.requests() == []


def test_a_model_in_doubt_needs_a_yes_of_its_own(tmp_path: Path) -> None:
    """`--yes` is none, nor is one for another model; what is there needs no yes any more."""
    film = board(tmp_path, keyframes=2, extra=["model: wan-2.2-turbo"])
    with FakeService(footage=FakeClip(width=64)) as service:
        here = service.environment
        for more in ([], ["--accept", "veo-3.1"]):
            refused = storyboard("render", film, "--yes", *more, environment=here)
            assert refused.code == 5
            assert "--accept wan-2.2-turbo buys it all the same" in refused.err
        assert service.requests(place="submit") == service.requests(place="upload") == []
        taken = storyboard(
            *("render", film, "--yes", "--preview", "--accept", "wan-2.2-turbo"), environment=here
        )
        assert taken.code == 0, taken.err
        again = storyboard("render", film, "--yes", "--preview", environment=here)
        assert again.code == 0, again.err
        assert [one.endpoint for one in service.paid] == [MODELS["wan-2.2-turbo"].endpoint]


def test_a_price_above_the_cap_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    """--max-cost below the plan's price: exit code 5, nothing spent."""
    film = board(tmp_path)
    with FakeService() as service:
        found = storyboard("render", film, "--max-cost", "0.30", environment=service.environment)
        assert found.code == 5
        assert "$0.504" in found.err
        assert service.requests() == []


def test_without_a_key_a_paid_render_names_draft(tmp_path: Path) -> None:
    """No key: one line that says what to do, exit code 4."""
    film = board(tmp_path)
    found = storyboard("render", film, "--yes", cwd=tmp_path)
    assert found.code == 4
    assert found.err.splitlines()[-1].startswith("storyboard: no key: set FAL_KEY")
    assert "--draft" in found.err


def test_a_draft_needs_neither_key_nor_network(tmp_path: Path) -> None:
    """The same storyboard with --draft: free, offline, the same length."""
    film = board(tmp_path, keyframes=3)
    environment = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    found = storyboard("render", film, "--draft", environment=environment, cwd=tmp_path)
    assert found.code == 0, found.err
    assert probe(tmp_path / "film.draft.mp4").frames == 72 + 73


def test_only_renders_some_shots_and_holds_the_others(tmp_path: Path) -> None:
    """--only pays for the named shots; the film is incomplete, and says so."""
    film = board(tmp_path, keyframes=3)
    with FakeService() as service:
        found = storyboard(
            "render", film, "--only", "sh020", "--yes", "--json", environment=service.environment
        )
        assert len(service.paid) == 1
    assert found.code == 7
    assert found.data["held"] == ["sh010"]
    assert probe(tmp_path / "film.mp4").frames == 72 + 73


def test_an_unknown_shot_in_only_is_named(tmp_path: Path) -> None:
    """--only with a shot that is not there says which there are."""
    found = storyboard("render", board(tmp_path), "--only", "sh011", "--draft", cwd=tmp_path)
    assert found.code == 2
    assert "no shot is called sh011; there are sh010, sh020" in found.err


def test_changing_one_keyframe_buys_its_two_shots_again(tmp_path: Path) -> None:
    """The two-shot guarantee, counted at the service."""
    film = board(tmp_path, keyframes=5)
    with FakeService() as service:
        storyboard("render", film, "--yes", environment=service.environment)
        still(tmp_path / "2.png", 99)
        planned = storyboard("plan", film, "--json", environment=service.environment)
        storyboard("render", film, "--yes", environment=service.environment)
        assert len(service.paid) == 4 + 2
    renewed = {shot["id"]: shot["renewed"] for shot in planned.data["shots"] if shot["renewed"]}
    assert renewed == {"sh020": "end keyframe 2 changed", "sh030": "start keyframe 2 changed"}


def test_the_output_never_overwrites_an_input(tmp_path: Path) -> None:
    """-o on a keyframe is refused before anything happens."""
    film = board(tmp_path)
    before = (tmp_path / "0.png").read_bytes()
    found = storyboard("render", film, "--draft", "-o", tmp_path / "0.png", cwd=tmp_path)
    assert found.code == 8
    assert (tmp_path / "0.png").read_bytes() == before


def test_a_failed_shot_is_held_where_the_storyboard_says_so(tmp_path: Path) -> None:
    """on_fail: hold gives a film with the still, exit code 7, and a reason."""
    film = board(tmp_path, keyframes=3, shot="on_fail: hold")
    with FakeService() as service:
        service.inject(Fault("submit", acts.fail_moderated()))
        found = storyboard("render", film, "--yes", environment=service.environment)
    assert found.code == 7, found.err
    assert "held" in found.err
    assert probe(tmp_path / "film.mp4").frames in (72 + 73, 73 + 72, 73 + 73)


@pytest.mark.parametrize("flag", ["--json", ""])
def test_mistakes_leave_with_their_own_exit_code(tmp_path: Path, flag: str) -> None:
    """A storyboard with mistakes: exit code 3, every mistake placed, as data too."""
    path = tmp_path / "film.yaml"
    path.write_text("version: 1\nkeyframes:\n  - imag: a.png\n")
    found = storyboard("validate", path, *filter(None, [flag]))
    assert found.code == 3
    assert f"{path}:3:5: keyframes[0].imag: is not a field of a keyframe" in found.err
    if flag:
        assert found.data["error"]["mistakes"][0]["line"] == 3


def test_a_key_that_the_service_does_not_take_has_its_own_exit_code(tmp_path: Path) -> None:
    """401 at the first request: exit code 4, and nothing else is sent."""
    film = board(tmp_path, keyframes=4)
    with FakeService() as service:
        service.inject(Fault("submit", acts.bad_key(), times=9))
        found = storyboard("render", film, "--yes", environment=service.environment)
        assert service.paid == []
    assert found.code == 4, found.err
    assert "does not take the key" in found.err


def test_a_cap_with_its_sign(tmp_path: Path) -> None:
    """`--max-cost '$2'` is two dollars; what is no sum is wrong usage, and nothing is spent."""
    film = board(tmp_path, keyframes=2)
    found = storyboard("render", film, "--max-cost", "$0.01")
    assert found.code == 5
    assert "more than --max-cost $0.01" in found.err
    for wrong in ("nan", "-1", "two", "0,30"):
        assert storyboard("render", film, f"--max-cost={wrong}").code == 2


def test_margins_without_another_size_are_usage(tmp_path: Path) -> None:
    """The film's own size has its own; nothing is ignored."""
    told = storyboard("render", board(tmp_path), "--draft", "--safe", "phone", cwd=tmp_path)
    assert told.code == 2
    assert "--safe is of another size; give --size or --reframe, too" in told.err
