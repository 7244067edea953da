"""The clip does not come as it should: what is wrong never passes, and what is paid is not lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import av
import numpy as np
import pytest
from av.container import OutputContainer
from av.video.stream import VideoStream

from storyboard.errors import Charged
from storyboard.testing import FakeClip, Fault, Reply, acts
from storyboard.testing.acts import Act
from storyboard.video.probing import probe
from tests.money.runs import Set, delivered, failure

ONCE: dict[str, Act] = {
    "it breaks off": acts.truncate(500),
    "it breaks off at once": acts.truncate(0),
    "it is short and says nothing": acts.shorten(1000),
    "it comes without a length": acts.unmeasured(),
    "it comes without a length and breaks off": acts.unmeasured(sent=700),
    "the range is ignored": acts.ignore_range(),
    "it is damaged": acts.corrupt(),
    "it is empty": acts.swap(b""),
    "it is a page": acts.swap(acts.PORTAL, media_type="text/html"),
    "it is a page named .mp4": acts.swap(acts.PORTAL),
    "it is a playlist": acts.swap(acts.HLS_PLAYLIST),
    "it is a list of files": acts.swap(acts.CONCAT_LIST),
    "it is said to be enormous": acts.oversize(),
    "500": acts.answer(500, "down"),
    "429": acts.too_many(),
    "the connection drops": acts.drop(),
}


@pytest.mark.parametrize("how", ONCE)
def test_a_bad_download_is_repeated_until_it_is_whole(one: Set, how: str) -> None:
    """Once wrong, then right: the clip, and one payment."""
    one.wrong("download", ONCE[how])
    assert delivered(one.render())
    assert one.paid == 1
    assert list((one.folder / "parts").iterdir()) == []


def test_a_download_goes_on_where_it_broke_off(one: Set) -> None:
    """The second request asks for the rest alone, and only of the very same file."""
    one.wrong("download", acts.truncate(500))
    assert delivered(one.render())
    first, second = one.service.requests(place="download")
    assert "Range" not in first.request.headers
    assert second.request.headers["Range"] == "bytes=500-"
    assert second.request.headers["If-Range"]
    assert second.status == 206


def test_a_file_that_changed_meanwhile_is_fetched_from_its_start(one: Set) -> None:
    """Another ETag: the half that is here is not glued to another half."""
    one.wrong("download", acts.truncate(500))
    one.wrong("download", acts.change_etag(), times=None)
    assert delivered(one.render())


def test_a_range_that_does_not_fit_starts_over(one: Set) -> None:
    """416: what is here is thrown away."""
    one.wrong("download", acts.truncate(500))
    one.wrong("download", acts.unsatisfiable(), times=1, skip=0)
    assert delivered(one.render())
    assert one.paid == 1


@pytest.mark.parametrize(
    "how",
    ["it is damaged", "it is empty", "it is a page named .mp4", "it is a playlist",
     "it is a list of files", "it is short and says nothing"],
)  # fmt: skip
def test_what_is_no_clip_never_gets_into_the_store(one: Set, how: str) -> None:
    """Wrong for ever: an error that says it is paid, no file, and the next run fetches it."""
    fault = one.service.inject(Fault("download", ONCE[how], times=None))
    made = one.render()
    assert made.failures[0].charged is Charged.YES
    assert "fetched again by the next run" in str(failure(made))
    assert list((one.folder / "takes").glob("*.mp4")) == []
    assert one.states() == ["DONE"]
    fault.withdraw()
    assert delivered(one.render())
    assert one.paid == 1


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/clip.mp4", "http://v3.fal.media/clip.mp4", "file:///etc/passwd",
     "https://v3.fal.media@evil.example/clip.mp4", "https://fal.media.evil.example/clip.mp4"],
)  # fmt: skip
def test_an_address_of_somebody_else_is_not_fetched(one: Set, url: str) -> None:
    """Only https, only the service's domains."""
    one.wrong("result", acts.put(video={"url": url}), times=None)
    made = one.render()
    assert "not the service's" in str(failure(made))
    assert one.service.requests(place="download") == []
    assert one.service.requests(place="elsewhere") == []


def test_a_redirect_to_somebody_else_is_not_followed(one: Set) -> None:
    """The CDN sends elsewhere: refused there, too."""
    away = acts.answer(302, "", headers={"Location": "https://evil.example/clip.mp4"})
    one.wrong("download", away, times=None)
    assert "not the service's" in str(failure(one.render()))


def test_a_redirect_in_circles_ends(one: Set) -> None:
    """Five redirects are enough."""
    away = acts.answer(302, "", headers={"Location": "https://v3.fal.media/again.mp4"})
    one.wrong("download", away, times=None)
    assert "in circles" in str(failure(one.render()))


@pytest.mark.parametrize(
    ("footage", "words"),
    [
        (FakeClip(width=64, seconds=1), "1.04 s instead of 3 s"),
        (FakeClip(width=64, size=(128, 64)), "128x64 is of another shape than 320x320"),
        (FakeClip(width=64, frames_per_second=6), "6 frames per second"),
    ],
)
def test_an_odd_take_is_kept_and_flagged(one: Set, footage: FakeClip, words: str) -> None:
    """It was paid: kept, told, and noted beside the clip."""
    one.wrong("submit", acts.film(footage))
    made = one.render()
    assert delivered(made)
    assert any(words in notice and "kept" in notice for notice in one.notices)
    (key,) = made.clips
    assert any(words in odd for odd in one.store.note(key)["odd"])
    assert one.paid == 1


def test_a_take_with_sound_is_as_good_as_any(one: Set) -> None:
    """Nobody asked for sound, and it does no harm."""
    one.wrong("submit", acts.film(FakeClip(width=64, audio=True)))
    made = one.render()
    assert delivered(made)
    (key,) = made.clips
    assert one.store.note(key)["measured"]["sound"] is True
    assert one.store.note(key)["odd"] == []


@pytest.mark.parametrize("look", ["black", "frozen"])
def test_what_is_odd_to_look_at_is_flagged_as_well(one: Set, look: str) -> None:
    """Black or frozen: whoever looks at takes is asked, and what is said is kept."""
    from storyboard.fal import Fal
    from storyboard.generating.generate import generate
    from storyboard.reviewing.oddities import oddities
    from tests.money.runs import quick

    one.wrong("submit", acts.film(FakeClip(width=320, look=look)))  # type: ignore[arg-type]
    with one.service.applied():
        fal = Fal(one.service.key)
        made = generate(one.plan(), one.store, service=fal, pace=quick(), examine=oddities)
        fal.close()
    (key,) = made.clips
    assert one.store.note(key)["odd"] != []
    assert one.paid == 1


def film_of(container: str, codec: str) -> bytes:
    """Three seconds of a picture that gets brighter; with the codec "aac", of silence."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as made:
        if codec == "aac":
            sound = made.add_stream("aac", rate=48_000, layout="mono")
            silence = np.zeros((1, 1024), np.float32)
            frame = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, 0
            made.mux([*sound.encode(frame), *sound.encode(None)])
            return _closed(made, buffer)
        picture = made.add_stream(codec, rate=24)
        assert isinstance(picture, VideoStream)
        picture.width = picture.height = 64
        picture.pix_fmt = {"gif": "rgb8", "mjpeg": "yuvj420p"}.get(codec, "yuv420p")
        for number in range(73):
            grey = np.full((64, 64, 3), number, np.uint8)
            made.mux(picture.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        made.mux(picture.encode(None))
        return _closed(made, buffer)


def _closed(made: OutputContainer, buffer: io.BytesIO) -> bytes:
    made.close()
    return buffer.getvalue()


def test_a_webm_is_kept_in_an_mp4(one: Set) -> None:
    """Another container than was promised: its packets are put into ours, and that is told."""
    one.wrong("download", acts.swap(film_of("webm", "libvpx-vp9")), times=None)
    assert delivered(one.render())
    assert any("came as WebM" in notice for notice in one.notices)
    assert one.paid == 1


@pytest.mark.parametrize(
    ("container", "codec", "how"),
    [
        ("matroska", "libx264", "came as Matroska; its packets"),
        ("mpegts", "libx264", "came as MPEG-TS; its packets"),
        ("flv", "libx264", "came as FLV; its packets"),
        ("avi", "mpeg4", "came as AVI; its packets"),
        ("webm", "libvpx", "came as WebM; it was encoded anew"),
        ("avi", "mjpeg", "came as AVI; it was encoded anew"),
        ("gif", "gif", "came as GIF; it was encoded anew"),
        ("matroska", "ffv1", "came as Matroska; it was encoded anew"),
    ],
)
def test_a_clip_is_delivered_whatever_it_came_in(
    one: Set, container: str, codec: str, how: str
) -> None:
    """Every frame of it, in an MP4; said, and paid once."""
    one.wrong("download", acts.swap(film_of(container, codec)), times=None)
    made = one.render()
    assert delivered(made)
    assert any(how in notice for notice in one.notices), one.notices
    (clip,) = made.clips.values()
    assert probe(clip).frames == 73
    assert (one.paid, list((one.folder / "parts").iterdir())) == (1, [])


@pytest.mark.parametrize(
    ("container", "codec", "words"),
    [
        ("mp4", "aac", "has no picture"),
        ("matroska", "aac", "has no picture"),
        ("avi", "rawvideo", "which is not decoded"),
    ],
)
def test_what_is_no_picture_is_kept_aside_and_said(
    one: Set, container: str, codec: str, words: str
) -> None:
    """The same bytes twice are what the service has: said once, kept, and not fetched for ever."""
    one.wrong("download", acts.swap(film_of(container, codec)), times=None)
    assert words in str(failure(one.render()))
    assert len(one.service.requests(place="download")) == 2
    (aside,) = (one.folder / "parts").iterdir()
    assert aside.suffix == ".unusable"
    assert str(aside) in str(failure(one.render()))
    assert len(one.service.requests(place="download")) == 3
    assert (one.paid, one.states()) == (1, ["DONE"])


TAGS = {
    "an accent": '"caf\xe9"',
    "an emoji": '"\xf0\x9f\x98\x80"',
    "no quotes": "abc",
    "a weak one": 'W/"abc"',
    "a very long one": '"' + "x" * 50_000 + '"',
    "the key": '"fake-key-id:fake-key-secret"',
}


@pytest.mark.parametrize("tag", TAGS)
def test_a_file_is_fetched_whatever_its_mark_is(one: Set, tag: str) -> None:
    """Broken off, and a mark that can't be sent back: fetched from its start, and no mishap."""

    def marked(_: object, proceed: Callable[[], Reply]) -> Reply:
        reply = proceed()
        return replace(reply, headers={**reply.headers, "ETag": TAGS[tag]})

    one.wrong("download", marked, times=None)
    one.wrong("download", acts.truncate(700), times=2)
    assert delivered(one.render())
    assert one.paid == 1


REASON = {"loc": ["body", "start_image_url"], "msg": "gone", "type": "file_download_error"}


def test_a_picture_that_was_gone_when_it_was_wanted_is_uploaded_anew(one: Set) -> None:
    """The result says so: nothing is sent again unasked; the next yes sends new addresses."""
    one.wrong("submit", acts.fail(422, [REASON]))
    (failed,) = one.render().failures
    assert "could not fetch a picture" in str(failed.error)
    assert (one.paid, failed.charged) == (1, Charged.POSSIBLY)
    assert one.plan().price > 0
    assert delivered(one.render())
    first, second = one.service.paid
    assert first.arguments["start_image_url"] != second.arguments["start_image_url"]


def test_a_picture_that_is_never_to_be_had_is_not_paid_for_again_and_again(one: Set) -> None:
    """Twice: from then on only by --retry."""
    one.wrong("submit", acts.fail(422, [REASON]), times=None)
    for _ in range(4):
        one.render()
    assert one.paid == 2
    assert one.plan().price == 0
    assert one.plan(retry=True).price > 0


def test_a_failure_that_the_service_bills_nothing_for_is_free(one: Set) -> None:
    """Its own header says so."""
    one.wrong("submit", acts.fail(422, "flagged"))
    free = {"x-fal-billable-units": "0"}
    one.wrong("result", acts.answer(422, {"detail": "flagged"}, headers=free), times=None)
    (failed,) = one.render().failures
    assert failed.charged is Charged.NO
    assert one.store.sums(one.film).total == 0


def test_a_picture_that_went_while_the_service_was_busy_is_uploaded_anew(one: Set) -> None:
    """429, and meanwhile its CDN lost what was uploaded: an address is looked at before it is
    used again."""
    one.wrong("submit", acts.too_many(retry_after=0))
    gone = Fault("download", acts.answer(404, "gone"), times=1, when=lambda visit:
                 visit.request.method == "HEAD")  # fmt: skip
    one.service.inject(gone)
    assert delivered(one.render())
    assert len(one.service.requests(place="upload")) == 4
    assert one.paid == 1


def test_a_picture_that_is_gone_at_the_service_is_uploaded_anew_once(one: Set) -> None:
    """The service can't fetch it: uploaded again and sent again, once; nothing was paid before."""
    reason = {"loc": ["body", "start_image_url"], "msg": "gone", "type": "file_download_error"}
    one.wrong("submit", acts.answer(422, {"detail": [reason]}))
    assert delivered(one.render())
    assert len(one.service.requests(place="upload")) == 4
    assert one.paid == 1
    # And for ever: said, not tried for ever
    other = acts.answer(422, {"detail": [reason]})
    one.film.write_text(one.film.read_text().replace("rolls", "jumps"))
    one.wrong("submit", other, times=None)
    assert "gone" in str(failure(one.render()))
    assert len(one.service.requests(place="submit")) == 2 + 2
