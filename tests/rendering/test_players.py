"""A joined film in programs that are not ours: every frame, at every join, by its painted code."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import numpy.typing as npt
import pytest

from storyboard.rendering.assembling import assemble
from storyboard.testing import codes
from storyboard.timeline import Timeline
from storyboard.video.reader import read
from tests.film_makers import QUICK, SMALL, clip, in_order, planned, reordered, take

Seen = list[tuple[int, int] | None]

RATE = Fraction(24)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Seen]:
    """Takes cut at their ends and inside, of two encoders, kept and encoded; what is to be seen.

    Each of their joins is there: kept to encoded, encoded to kept, kept to kept of other sets.
    """
    folder = tmp_path_factory.mktemp("film")
    takes = [reordered(take(folder, shot, frames=25)) for shot in (0, 1)]
    inner = reordered(take(folder, 2, frames=36), g="12", keyint_min="12")
    plain = reordered(take(folder, 3), bf="0", **{"x264-params": "sps-id=5"})
    whole = [clip(takes[1]), clip(plain)]
    clips = [clip(takes[0], last=23), clip(plain), clip(inner, first=3, last=33), *whole]
    timeline = in_order(clips)
    made = assemble(timeline, folder / "film.mp4", cache=folder / "c", recipe=QUICK)
    kinds = {(a.kept, b.kept) for a, b in zip(made.pieces, made.pieces[1:], strict=False)}
    assert {(True, False), (False, True), (True, True)} <= kinds
    return made.path, list(planned(timeline, [0, 3, 2, 1, 3]))


def read_codes(pictures: Iterator[npt.NDArray[np.uint8]]) -> Seen:
    """Shot and frame number of each picture."""
    found = (codes.read(picture) for picture in pictures)
    return [None if code is None else (code.shot, code.frame) for code in found]


def grey(raw: bytes) -> Seen:
    """The codes of grey pictures of the film's size, one behind the other."""
    pictures = np.frombuffer(raw, np.uint8).reshape(-1, SMALL.height, SMALL.width)
    return read_codes(iter(pictures))


def needs(program: str) -> str:
    """A program's path; the test is skipped where it is not installed."""
    found = shutil.which(program)
    if not found:
        pytest.skip(f"{program} is not installed")
    return found


def run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end."""
    return subprocess.run(command, capture_output=True, timeout=40, check=False)


def test_ffmpeg_shows_every_frame_without_a_word(film: tuple[Path, Seen]) -> None:
    """At a constant rate: none is doubled or dropped, and nothing is said on stderr."""
    path, plan = film
    program = imageio_ffmpeg.get_ffmpeg_exe()
    to_grey = ["-f", "rawvideo", "-pix_fmt", "gray", "-fps_mode", "cfr", "-"]
    done = run([program, "-v", "warning", "-xerror", "-i", str(path), *to_grey])
    assert done.stderr == b""
    assert grey(done.stdout) == plan


def gstreamed(path: Path, folder: Path, decoder: str) -> Seen:
    """What GStreamer shows by one of its decoders."""
    program = needs("gst-launch-1.0")
    if run([needs("gst-inspect-1.0"), decoder]).returncode:
        pytest.skip(f"GStreamer has no {decoder} here")
    raw = folder / "raw"
    chain = f"filesrc location={path} ! qtdemux ! h264parse ! {decoder} ! videoconvert"
    chain += f" ! video/x-raw,format=GRAY8 ! filesink location={raw}"
    done = run([program, "-q", *chain.split()])
    assert done.returncode == 0, done.stderr
    return grey(raw.read_bytes())


def test_gstreamer_shows_every_frame(film: tuple[Path, Seen], tmp_path: Path) -> None:
    """Its demuxer and parser read the header's sets by themselves."""
    path, plan = film
    assert gstreamed(path, tmp_path, "avdec_h264") == plan


def test_a_decoder_that_shares_nothing_with_ffmpeg_shows_every_frame(tmp_path: Path) -> None:
    """Cisco's OpenH264. Without B-frames: with them it shows wrong pictures of any encoder's."""
    one = take(tmp_path, 0, frames=25)
    two = reordered(take(tmp_path, 1, frames=25), bf="0", **{"x264-params": "sps-id=5"})
    inner = reordered(take(tmp_path, 2, frames=30), bf="0", g="10", keyint_min="10")
    other = replace(inner, key="other", path=inner.path)
    timeline = in_order([clip(one), clip(two, last=23), clip(one, first=3), clip(other, first=4)])
    made = assemble(timeline, tmp_path / "film.mp4", recipe=QUICK)
    assert 0 < made.kept < made.frames
    plan = list(planned(timeline, [0, 1, 0, 2]))
    assert gstreamed(made.path, tmp_path, "openh264dec") == plan


PROFILE = """description=film
frame_rate_num=24
frame_rate_den=1
width=160
height=96
progressive=1
sample_aspect_num=1
sample_aspect_den=1
display_aspect_num=5
display_aspect_den=3
colorspace=709
"""


def test_melt_shows_every_frame(film: tuple[Path, Seen], tmp_path: Path) -> None:
    """MLT is what Shotcut and Kdenlive play by; it seeks by the film's own times."""
    path, plan = film
    program, seen, profile = needs("melt"), tmp_path / "seen.mp4", tmp_path / "profile"
    profile.write_text(PROFILE)
    consumer = ["-consumer", f"avformat:{seen}", "vcodec=libx264", "an=1", "real_time=-1"]
    options = ["crf=5", "preset=ultrafast", "bf=0", "pix_fmt=yuv420p"]
    for _ in range(3):  # on a busy machine melt now and then waits before its first frame for ever
        try:
            run([program, "-silent", "-profile", str(profile), str(path), *consumer, *options])
            break
        except subprocess.TimeoutExpired:
            continue
    assert read_codes(read(seen)) == plan


PAGE = """<!doctype html><video id=v src=film.mp4 muted></video><script>
const v = document.getElementById('v'), c = document.createElement('canvas');
const g = c.getContext('2d');
const once = (name, act) => new Promise((done, fail) => {
  v.addEventListener(name, done, {once: true});
  v.addEventListener('error', fail, {once: true});
  act();
});
const tell = (what) => fetch('seen', {method: 'POST', body: JSON.stringify(what)});
(async () => {
  await once('loadeddata', () => v.load());
  c.width = v.videoWidth; c.height = v.videoHeight;
  const seen = [];
  for (const number of NUMBERS) {
    const shown = new Promise((done) => v.requestVideoFrameCallback(done));
    await once('seeked', () => { v.currentTime = (number + 0.5) / 24; });
    await shown;
    g.drawImage(v, 0, 0);
    const pixels = g.getImageData(0, 0, c.width, c.height).data;
    seen.push(Array.from({length: c.width * c.height}, (_, place) => pixels[4 * place]));
  }
  tell({seen, duration: v.duration});
})().catch((error) => tell({error: String(v.error && v.error.message || error)}));
</script>"""


@contextmanager
def served(path: Path, page: str) -> Iterator[tuple[str, Callable[[], dict[str, object]]]]:
    """The page and the film at an address of this machine, and what the page tells."""
    told: list[dict[str, object]] = []
    came = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            """The page, or the film; a browser seeks in it by ranges."""
            film = self.path.endswith(".mp4")
            body = path.read_bytes() if film else page.encode()
            begin, whole = 0, len(body)
            asked = self.headers.get("Range")
            if film and asked:
                first, _, last = asked.removeprefix("bytes=").partition("-")
                begin = int(first)
                body = body[begin : int(last) + 1 if last else whole]
            self.send_response(206 if film and asked else 200)
            if film and asked:
                span = f"bytes {begin}-{begin + len(body) - 1}/{whole}"
                self.send_header("Content-Range", span)
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Type", "video/mp4" if film else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            """What the page has seen."""
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()
            came.set()

    def answer() -> dict[str, object]:
        assert came.wait(120), "the browser told nothing"
        return told[0]

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", answer
    finally:
        server.shutdown()
        server.server_close()


def test_chromium_shows_every_frame_at_every_join(film: tuple[Path, Seen], tmp_path: Path) -> None:
    """Seeking to it, forwards over the whole film and then back over it."""
    path, plan = film
    program = shutil.which("chromium") or needs("google-chrome")
    forwards = list(range(len(plan)))
    numbers = [*forwards[1:], *forwards[-2::-7]]  # a seek to where it stands shows nothing new
    page = PAGE.replace("NUMBERS", json.dumps(numbers))
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"]
    with served(path, page) as (address, answer):
        browser = subprocess.Popen(
            [program, *flags, f"--user-data-dir={tmp_path / 'profile'}", address],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            told = answer()
        finally:
            browser.terminate()
            browser.wait(30)
    assert "error" not in told, told
    pictures = np.array(told["seen"], np.uint8).reshape(-1, SMALL.height, SMALL.width)
    assert read_codes(iter(pictures)) == [plan[number] for number in numbers]
    assert told["duration"] == pytest.approx(len(plan) / 24, abs=0.001)


def test_uniform_films_have_one_set_of_parameters(tmp_path: Path) -> None:
    """The way out for players that take no more than one: `join="encode"`."""
    takes = [reordered(take(tmp_path, shot, frames=25)) for shot in (0, 1)]
    timeline: Timeline = in_order([clip(each, last=23) for each in takes])
    made = assemble(timeline, tmp_path / "film.mp4", recipe=QUICK, join="encode")
    header = made.path.read_bytes()
    place = header.index(b"avcC")
    assert header[place + 9] & 31 == 1
    assert made.kept == 0
    assert replace(timeline).frames == made.frames
