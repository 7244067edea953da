"""Files that a user names: rows 44, 45 and 51, each as the system really behaves."""

from __future__ import annotations

import errno
import os
import socket
import stat
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyboard.errors import FileTrouble
from storyboard.files import (
    appearing,
    read,
    refuse_overwrite,
    resolve,
    same_file,
    shown,
    write_whole,
)

posix = pytest.mark.skipif(os.name == "nt", reason="names and kinds of files that Windows lacks")
not_root = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="nothing is forbidden to root"
)


def names(directory: Path) -> list[str]:
    """What is in the directory."""
    return sorted(path.name for path in directory.iterdir())


def trouble(path: Path, *, limit: int = 1000) -> str:
    """Why the file can't be read."""
    with pytest.raises(FileTrouble) as error:
        read(path, limit=limit)
    return str(error.value)


# Reading: row 44


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    """All its bytes, up to and with the limit."""
    (tmp_path / "a").write_bytes(b"x" * 1000)
    assert read(tmp_path / "a", limit=1000) == b"x" * 1000


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    """Row 44: without a guess where nothing is near."""
    path = tmp_path / "winter.png"
    assert trouble(path) == f"{shown(path)} does not exist; check the name"


@pytest.mark.parametrize("there", ["winter.PNG", "wintre.png", "Winter.png"])
def test_the_name_that_was_meant_is_guessed(tmp_path: Path, there: str) -> None:
    """Row 44: a near name in the same directory is offered."""
    (tmp_path / there).touch()
    path = tmp_path / "winter.png"
    if path.exists():
        pytest.skip("this disk does not tell capitals apart")
    assert trouble(path) == (
        f"{shown(path)} does not exist; check the name; did you mean '{there}'?"
    )


def test_a_name_in_another_unicode_form_is_guessed(tmp_path: Path) -> None:
    """Row 45: names that look the same but are written differently are told."""
    there = unicodedata.normalize("NFD", "für.png")
    (tmp_path / there).touch()
    path = tmp_path / unicodedata.normalize("NFC", "für.png")
    if path.exists():
        pytest.skip("this disk does not tell the forms apart")
    assert "did you mean" in trouble(path)


def test_a_directory_is_refused(tmp_path: Path) -> None:
    """Row 44."""
    assert trouble(tmp_path) == f"{shown(tmp_path)} is a directory, not a file; name a file"


@posix
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    """Row 44: nobody ever writes to this pipe."""
    os.mkfifo(tmp_path / "pipe")
    assert trouble(tmp_path / "pipe").endswith("is a pipe, not a file; name a file")


@posix
def test_a_device_is_refused() -> None:
    """Row 44: /dev/zero never ends."""
    assert trouble(Path("/dev/zero")) == "'/dev/zero' is a device, not a file; name a file"


@posix
def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 44."""
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        assert trouble(Path("s")) == "'s' is a socket or a pipe, not a file; name a file"


@posix
@not_root
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    """Row 44."""
    path = tmp_path / "secret.png"
    path.touch(mode=0)
    assert trouble(path) == (
        f"{shown(path)} may not be opened; change its permissions, or name another"
    )


def test_a_file_in_a_file_is_refused(tmp_path: Path) -> None:
    """A name that goes through a file leads nowhere."""
    (tmp_path / "a").touch()
    assert "does not exist" in trouble(tmp_path / "a" / "b")


@pytest.mark.parametrize("size", [1001, 5_000_000])
def test_a_file_above_the_limit_is_refused(tmp_path: Path, size: int) -> None:
    """The size is refused before anything is read."""
    path = tmp_path / "big.png"
    with path.open("wb") as file:
        file.truncate(size)
    assert trouble(path) == (
        f"{shown(path)} is larger than the 0.001 MB that are read; use a smaller file"
    )


@posix
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 44: half of an old picture and half of a new one is neither."""
    path = tmp_path / "still.png"
    path.write_bytes(b"old")
    really = os.read

    def while_another_saves(descriptor: int, size: int) -> bytes:
        block = really(descriptor, size)
        path.write_bytes(b"new, and longer")
        return block

    monkeypatch.setattr(os, "read", while_another_saves)
    assert trouble(path) == (
        f"{shown(path)} changed while it was read; run again when it is finished"
    )


# Names: row 45

STRANGE = [
    "-rf.png",
    "--output=x",
    'it\'s "it".png',
    "two\nlines.png",
    "frame%d.png",
    "%(name)s",
    "🎬.png",
    unicodedata.normalize("NFD", "Zoë.png"),
    "a;b|c&d$(e)`f`.png",
    " space .png ",
    "concat:a|b",
    "http:x",
    "CON",
    "C:\\x.png",
    "\x1b[31mred.png",
    "x" * 255,
]


@posix
@pytest.mark.parametrize("name", STRANGE)
def test_any_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    """Row 45: nothing in a name is an option, a pattern, a command or a protocol."""
    path = resolve(tmp_path, name, confine=tmp_path)
    write_whole(path, b"here")
    assert names(tmp_path) == [name]
    assert read(resolve(tmp_path, name), limit=10) == b"here"


@pytest.mark.parametrize("name", ["a\0b.png", "../a\0"])
@pytest.mark.parametrize("confined", [True, False])
def test_a_nul_is_refused(tmp_path: Path, name: str, confined: bool) -> None:
    """Row 45."""
    with pytest.raises(FileTrouble) as error:
        resolve(tmp_path, name, confine=tmp_path if confined else None)
    assert str(error.value) == f"{shown(name)} has a NUL character in it; remove it"
    assert "can't be a name on this system" in trouble(tmp_path / name)


def test_an_empty_name_is_refused(tmp_path: Path) -> None:
    """It would be the directory."""
    with pytest.raises(FileTrouble) as error:
        resolve(tmp_path, "")
    assert str(error.value) == "the name of the file is empty; write one"


@posix
def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    """Row 45: in a short sentence."""
    message = trouble(resolve(tmp_path, "x" * 300, confine=tmp_path))
    assert message.endswith(" is too long a name for this system; shorten it")
    assert len(message) < 200


@pytest.mark.parametrize("name", ["\ud800.png", "a\n\x1b[31mb", "‮gnp.exe"])
def test_a_message_is_one_printable_line(tmp_path: Path, name: str) -> None:
    """Row 45: a name can't rewrite the terminal through an error."""
    assert trouble(tmp_path / name).isprintable()


@pytest.mark.parametrize("name", ["../x.png", "a/../../x.png", "/etc/passwd", "../project-2/x"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    """Row 45: `..`, absolute names and neighbours that begin alike."""
    root = tmp_path / "project"
    root.mkdir()
    with pytest.raises(FileTrouble) as error:
        resolve(root, name, confine=root)
    assert str(error.value) == (
        f"{shown(name)} is outside {shown(root)}, the only place files are read from here; "
        "move the file into it"
    )


@posix
@pytest.mark.parametrize("name", ["link.png", "dir/passwd"])
def test_a_link_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    """Row 45: a link to a file, and one on the way to it."""
    (tmp_path / "link.png").symlink_to("/etc/passwd")
    (tmp_path / "dir").symlink_to("/etc")
    with pytest.raises(FileTrouble, match="is outside"):
        resolve(tmp_path, name, confine=tmp_path)


@posix
def test_a_link_that_stays_inside_is_followed(tmp_path: Path) -> None:
    """Row 45: what comes back is the file itself."""
    (tmp_path / "real.png").touch()
    (tmp_path / "link.png").symlink_to("real.png")
    assert resolve(tmp_path, "link.png", confine=tmp_path) == Path(
        os.path.realpath(tmp_path / "real.png")
    )


@posix
@pytest.mark.parametrize("name", ["a", "a/x.png"])
def test_links_in_a_circle_are_refused(tmp_path: Path, name: str) -> None:
    """Row 45: with and without confinement."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    reason = "is a symbolic link that leads back to itself; remove the link"
    with pytest.raises(FileTrouble) as error:
        resolve(tmp_path, name, confine=tmp_path)
    assert str(error.value) == f"{shown(name)} {reason}"
    assert trouble(resolve(tmp_path, name)) == f"{shown(tmp_path / name)} {reason}"


@posix
def test_a_link_to_nothing_is_said(tmp_path: Path) -> None:
    """Given a link whose file is gone, then it is told what it leads to, and not to itself."""
    (tmp_path / "film.yaml").symlink_to("gone.yaml")
    reason = "is a link to 'gone.yaml', which does not exist; mend the link"
    assert trouble(tmp_path / "film.yaml") == f"{shown(tmp_path / 'film.yaml')} {reason}"


def test_without_confinement_files_may_be_anywhere(tmp_path: Path) -> None:
    """It is the user's own machine."""
    assert resolve(tmp_path, "../x.png") == tmp_path / "../x.png"
    assert resolve(tmp_path / "project", str(tmp_path / "x.png")) == tmp_path / "x.png"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(alphabet=st.sampled_from("./\\a~-\n\0%: é\ud800"), max_size=12))
def test_no_name_leads_out(tmp_path: Path, name: str) -> None:
    """Row 45: whatever is written, a confined path is inside or refused."""
    try:
        path = resolve(tmp_path, name, confine=tmp_path)
    except FileTrouble:
        return
    assert Path(os.path.realpath(path)).is_relative_to(os.path.realpath(tmp_path))


# Writing


def test_a_file_appears_whole(tmp_path: Path) -> None:
    """Until the block ends, the old file is what others see."""
    path = tmp_path / "film.mp4"
    path.write_bytes(b"old")
    with appearing(path) as coming:
        coming.write_bytes(b"new")
        assert path.read_bytes() == b"old"
        assert (coming.parent, coming.suffix) == (path.parent, ".mp4")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["film.mp4"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    """And nothing half-made beside it."""
    path = tmp_path / "film.mp4"
    path.write_bytes(b"old")

    def interrupted() -> None:
        with appearing(path) as coming:
            coming.write_bytes(b"half")
            raise error

    with pytest.raises(error):
        interrupted()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["film.mp4"]


@posix
def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    """Others may read it if they may read what the user makes."""
    (tmp_path / "usual").touch()
    write_whole(tmp_path / "new", b"")
    usual, new = (stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("usual", "new"))
    assert oct(new) == oct(usual)


@posix
def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    """Row 51: what the link led to is never written to."""
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "out").symlink_to("precious")
    write_whole(tmp_path / "out", b"new")
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert (tmp_path / "out").read_bytes() == b"new"


def test_a_long_name_can_appear(tmp_path: Path) -> None:
    """The passing name is short, whatever the file's is."""
    path = tmp_path / ("x" * 240 + ".mp4")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_place_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Before the work of the block is done."""
    path = tmp_path / "nowhere" / "film.mp4"
    with pytest.raises(FileTrouble) as error, appearing(path):
        pytest.fail("the block must not run")
    assert str(error.value) == f"the directory {shown(path.parent)} does not exist; make it first"


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's reason comes in words, and the old file stays."""
    path = tmp_path / "film.mp4"
    path.write_bytes(b"old")

    def full(coming: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(FileTrouble) as error:
        write_whole(path, b"new")
    assert str(error.value) == (
        f"{shown(path)} can't be written: the disk is full; make room and run again"
    )
    assert path.read_bytes() == b"old"


# Outputs: row 51


def refusal(output: Path, *inputs: Path) -> str:
    """Why the output is refused."""
    with pytest.raises(FileTrouble) as error:
        refuse_overwrite(output, inputs)
    return str(error.value)


def test_an_output_that_is_an_input_is_refused(tmp_path: Path) -> None:
    """Row 51: under the same name, and under another spelling of it."""
    still = tmp_path / "still.png"
    still.touch()
    for output in (still, tmp_path / "x" / ".." / "still.png"):
        (tmp_path / "x").mkdir(exist_ok=True)
        assert refusal(output, tmp_path / "other.png", still) == (
            f"{shown(output)} would overwrite the input {shown(still)}; "
            "choose another name for the output"
        )


@posix
@pytest.mark.parametrize("kind", ["symbolic", "hard", "to the directory"])
def test_an_output_that_links_to_an_input_is_refused(tmp_path: Path, kind: str) -> None:
    """Row 51: through links of every kind."""
    still, output = tmp_path / "a" / "still.png", tmp_path / "film.mp4"
    still.parent.mkdir()
    still.touch()
    if kind == "symbolic":
        output.symlink_to(still)
    elif kind == "hard":
        output.hardlink_to(still)
    else:
        (tmp_path / "b").symlink_to("a")
        output = tmp_path / "b" / "still.png"
    assert "would overwrite the input" in refusal(output, still)


def test_an_input_that_is_missing_still_counts(tmp_path: Path) -> None:
    """A still that is yet to be made must not become the film."""
    assert "would overwrite" in refusal(tmp_path / "a", tmp_path / "." / "a")
    assert not same_file(tmp_path / "a", tmp_path / "b")


def test_an_output_that_is_a_directory_is_refused(tmp_path: Path) -> None:
    """Row 51."""
    assert refusal(tmp_path) == f"{shown(tmp_path)} is a directory; name a file in it"


def test_an_output_in_no_directory_is_refused(tmp_path: Path) -> None:
    """Row 51: directories are not made unasked."""
    output = tmp_path / "nowhere" / "film.mp4"
    assert refusal(output) == f"the directory {shown(output.parent)} does not exist; make it first"


def test_an_output_in_a_file_is_refused(tmp_path: Path) -> None:
    """Row 51."""
    (tmp_path / "a").touch()
    output = tmp_path / "a" / "film.mp4"
    assert refusal(output) == f"{shown(output.parent)} is not a directory; choose another place"


@posix
def test_an_output_that_is_a_device_is_refused() -> None:
    """Row 51: replacing /dev/null would harm the whole system."""
    assert refusal(Path("/dev/null")) == (
        "'/dev/null' is a device, not a file; choose another name"
    )


@posix
@not_root
def test_an_output_in_a_closed_directory_is_refused(tmp_path: Path) -> None:
    """Row 51."""
    tmp_path.chmod(0o500)
    try:
        assert refusal(tmp_path / "film.mp4") == (
            f"the directory {shown(tmp_path)} may not be written to; "
            "change its permissions, or choose another place"
        )
    finally:
        tmp_path.chmod(0o700)


def test_an_output_that_exists_or_not_is_fine(tmp_path: Path) -> None:
    """Row 51: a film may be made again."""
    (tmp_path / "film.mp4").touch()
    refuse_overwrite(tmp_path / "film.mp4", [tmp_path / "still.png"])
    refuse_overwrite(tmp_path / "new.mp4", [tmp_path / "still.png"])


def test_an_output_with_a_nul_is_refused(tmp_path: Path) -> None:
    """Row 45 for outputs."""
    assert refusal(tmp_path / "a\0b").endswith("has a NUL character in it; remove it")
