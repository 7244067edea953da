"""What SECURITY.md promises about the libraries that storyboard stands on."""

from __future__ import annotations

import ast
import os
import pickle
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from storyboard.images import jpeg
from storyboard.images.developing import develop
from storyboard.images.parts import PictureError
from storyboard.images.payloads import payload
from storyboard.images.picture_facts import inspect
from storyboard.images.recipe import PictureRecipe
from tests.images.samples import chunk, photo, png, saved
from tests.images.samples import jpeg as as_jpeg

PACKAGE = Path(__file__).parents[1] / "storyboard"

GOOD = [
    png(photo(400, 400)),
    as_jpeg(photo(400, 400), exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0", comment=b"hello"),
    saved(photo(400, 400), "WEBP"),
    saved(photo(400, 400), "AVIF"),
]

FOREIGN = {
    "PSD": b"8BPS\0\x01" + bytes(64),
    "FITS": b"SIMPLE  =                    T".ljust(2880),
    "FPX, MIC": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "McIdas": b"\0\0\0\0\0\0\0\x04" + bytes(256),
    "WMF": b"\xd7\xcd\xc6\x9a\0\0" + bytes(64),
    "DCX": b"\xb1\x68\xde\x3a" + bytes(64),
    "GD": b"\xff\xfe" + bytes(64),
    "PDF": b"%PDF-1.7\ntrailer << /Prev 0 >>\n",
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BeginBinary: -20\n",
    "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(64),
    **{
        kind: saved(photo(32, 32), kind)
        for kind in ("TIFF", "GIF", "BMP", "TGA", "SGI", "PCX", "ICO", "PPM", "IM", "DDS")
    },
    "SPIDER": saved(photo(32, 32).convert("F"), "SPIDER"),
}
"""Formats whose decoders have, or had, published vulnerabilities, and their like."""


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_format_is_not_decoded(kind: str) -> None:
    """Whatever it is called, it is refused by its first bytes."""
    with pytest.raises(PictureError):
        inspect(FOREIGN[kind])


def test_decoders_that_are_never_loaded() -> None:
    """A process that reads every kind of picture has no other decoder in its memory.

    BMP, GIF and PPM come with Pillow's way to write a PNG or JPEG; nothing calls them.
    """
    script = (
        "import sys, pickle\n"
        "from storyboard.images.parts import PictureError\n"
        "from storyboard.images.payloads import payload\n"
        "from storyboard.images.picture_facts import inspect\n"
        "from storyboard.images.recipe import PictureRecipe\n"
        "good, foreign = pickle.load(sys.stdin.buffer)\n"
        "for data in good:\n"
        "    payload(data, PictureRecipe(), max_bytes=10_000_000)\n"
        "for data in foreign:\n"
        "    try: inspect(data)\n"
        "    except PictureError: pass\n"
        "print(*sorted(m for m in sys.modules if m.startswith('PIL.') and 'Plugin' in m))\n"
    )
    handed = pickle.dumps((GOOD, list(FOREIGN.values())))
    done = subprocess.run([sys.executable, "-c", script], input=handed, capture_output=True)
    loaded = {name[4 : -len("ImagePlugin")] for name in done.stdout.decode().split()}
    assert loaded <= {"Avif", "Jpeg", "Png", "WebP"} | {"Bmp", "Gif", "Ppm"}
    assert {"Jpeg", "Png", "WebP"} <= loaded


def test_nothing_asks_pillow_what_a_file_is() -> None:
    """`Image.open` tries every decoder there is; only the fake service may use it."""
    for path in PACKAGE.rglob("*.py"):
        if "testing" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert (node.value.id, node.attr) != ("Image", "open"), path


# A JPEG decoder that is told a smaller width than the file has writes past its buffer
# (CVE-2026-112403): Pillow and libjpeg have to read the same header, and only that one.


def frame(marker: int, width: int, height: int) -> bytes:
    """A frame header of a JPEG."""
    body = struct.pack(">BHHB", 8, height, width, 3) + b"\x01\x11\0\x02\x11\0\x03\x11\0"
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


@pytest.mark.parametrize("marker", [0xC0, 0xC2, 0xC5, 0xCF, 0xDE])
@pytest.mark.parametrize("where", ["first", "last"])
def test_a_jpeg_with_two_sizes(marker: int, where: str) -> None:
    """It is refused, also where the second size is in a header that libjpeg does not read."""
    good = as_jpeg(photo(64, 48))
    at = 2 if where == "first" else good.index(b"\xff\xda")
    with pytest.raises(PictureError):
        inspect(good[:at] + frame(marker, 8, 8) + good[at:])


def test_a_jpeg_is_decoded_as_it_was_checked() -> None:
    """The decoder gets the blocks that were looked at, and no byte between or behind them."""
    good = as_jpeg(photo(64, 48))
    strange = good[:2] + b"\xff\x01\0\0junk" + good[2:] + as_jpeg(photo(8, 8))
    assert jpeg.parts(strange).still == jpeg.parts(good).still
    assert develop(strange, PictureRecipe()).size == (64, 48)


def test_a_jpeg_that_is_written_says_nothing_but_its_picture() -> None:
    """No comment and no profile, whose lengths an encoder got wrong (CVE-2026-96778)."""
    sent = payload(GOOD[1], PictureRecipe(size=(300, 300), fit="cover"), max_bytes=20_000)
    assert sent.mime == "image/jpeg"
    assert b"hello" not in sent.data
    assert b"\xff\xfe" not in sent.data[:200]
    assert b"ICC_PROFILE" not in sent.data


# A picture whose frames differ in kind reuses memory of the wrong size (CVE-2026-96639): in the
# three formats with frames that are read here, all frames of a file are of one kind.


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_frames_are_of_one_kind(kind: str) -> None:
    """Grey, clear or coloured: every frame comes out like the first."""
    first, *others = photo(32, 32), photo(32, 32).convert("L"), photo(32, 32).convert("RGBA")
    data = saved(first, kind, save_all=True, append_images=others)
    facts = inspect(data)
    assert facts.frames == 3
    seen = {develop(data, PictureRecipe(frame=number)).size for number in range(3)}
    assert seen == {(32, 32)}


def test_a_png_with_a_second_header() -> None:
    """It can't change the picture once that is begun."""
    good = png(photo(32, 32))
    second = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0))
    for at in (good.index(b"IDAT") - 4, len(good) - 12):
        try:
            image = develop(good[:at] + second + good[at:], PictureRecipe())
        except PictureError:
            continue
        assert image.size in ((32, 32), (4, 4))


# moviepy reads a `.env` when it is imported.


def imported(folder: Path, before: str = "", **environment: str) -> list[str]:
    """What a process in this folder, after importing moviepy our way, says of itself."""
    script = (
        f"{before}\n"
        "import os\n"
        "kept, names = dict(os.environ), ('PATH', 'FFMPEG_BINARY', 'IMAGEIO_FFMPEG_EXE')\n"
        "from storyboard.rendering.moviepy_clip import moviepy\n"
        "moviepy()\n"
        "import dotenv\n"
        "from moviepy.config import FFMPEG_BINARY\n"
        "same = all(os.environ.get(name) == kept.get(name) for name in names)\n"
        "print(same, os.environ.get('FAL_KEY'), FFMPEG_BINARY)\n"
        "print(dotenv.load_dotenv.__module__)\n"
    )
    here = {name: value for name, value in os.environ.items() if not name.startswith("FAL_")}
    here |= {"PYTHONPATH": str(PACKAGE.parent), **environment}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=here, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder whose `.env` holds a key, and programs to run."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\n")
    program.chmod(0o755)
    lines = [f"{name}={program}" for name in ("FFMPEG_BINARY", "FFPLAY_BINARY")]
    lines += [f"IMAGEIO_FFMPEG_EXE={program}", "FAL_KEY=somebody:else", "PATH=/nowhere"]
    (tmp_path / ".env").write_text("\n".join(lines))
    return tmp_path


def test_moviepy_alone_would_read_it(hostile: Path) -> None:
    """The danger is real: this is what the import does by itself."""
    subprocess.run([sys.executable, "-c", "import moviepy"], cwd=hostile, capture_output=True)
    assert (hostile / "was-run").exists()


OLDER = "import dotenv.main; dotenv.main._load_dotenv_disabled = lambda: False"
"""Versions of python-dotenv that have no switch."""


@pytest.mark.parametrize("version", ["", OLDER], ids=["this version", "older versions"])
def test_a_dot_env_is_not_read(hostile: Path, version: str) -> None:
    """Neither keys come in, nor is a program run; afterwards everything is as it was."""
    unchanged, key, ffmpeg, home = imported(hostile, version)
    assert (unchanged, key) == ("True", "None")
    assert str(hostile) not in ffmpeg
    assert not (hostile / "was-run").exists()
    assert home == "dotenv.main"


def test_the_environment_itself_counts(hostile: Path) -> None:
    """Who sets FFMPEG_BINARY means it."""
    (hostile / ".env").unlink()
    _, _, ffmpeg, _ = imported(hostile, FFMPEG_BINARY=str(hostile / "program"))
    assert ffmpeg == str(hostile / "program")
