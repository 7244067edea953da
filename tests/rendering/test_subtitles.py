"""Subtitles: the right words at the right times, and nothing in them acts."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest

from storyboard.rendering import subtitles
from storyboard.timeline import Clip, Media, ShotNote, Timeline, Words
from storyboard.units.sizes import Size


def said(text: str, start: int, frames: int, *, title: bool = False, at: str = "bottom") -> Words:
    """A caption, or a title."""
    return Words("title" if title else "caption", text, start, frames, at, 4.5, "#ffffff")


def cut(*words: Words, rate: Fraction = Fraction(24)) -> Timeline:
    """Two shots, the first in two clips, of 240 frames together."""
    media = Media(Path("take.mp4"), "key", 200, rate, Size(64, 64))
    clips = tuple(
        Clip(shot, "day", 1, media, start, frames, 0, frames, frames)
        for shot, start, frames in (("sh010", 0, 100), ("sh010", 100, 20), ("sh020", 120, 120))
    )
    notes = (ShotNote("sh010", "He steps out", "m"), ShotNote("sh020", "He rides\noff", "m"))
    return Timeline("t", rate, Size(64, 64), clips, words=words, shots=notes)


def test_srt_numbers_its_cues_in_the_order_of_the_film() -> None:
    """Cues are sorted by time, counted from 1, and timed to the millisecond."""
    timeline = cut(said("Later", 36, 12), said("Sooner", 0, 24))

    assert subtitles.srt(timeline) == (
        "1\n00:00:00,000 --> 00:00:01,000\nSooner\n\n2\n00:00:01,500 --> 00:00:02,000\nLater\n\n"
    )


def test_times_follow_the_exact_rate() -> None:
    """At 29.97, frame 100 begins after 3.336666 seconds."""
    timeline = cut(said("Now", 100, 100), rate=Fraction(30000, 1001))

    assert "00:00:03,337 --> 00:00:06,673" in subtitles.srt(timeline)


def test_vtt_says_where_words_stand() -> None:
    """What does not stand at the bottom has WebVTT's own settings."""
    text = subtitles.vtt(cut(said("Ride", 0, 24, title=True, at="center"), said("Lisbon", 24, 24)))

    assert text == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.000 line:50%\nRide\n\n"
        "00:00:01.000 --> 00:00:02.000\nLisbon\n\n"
    )
    corner = subtitles.vtt(cut(said("Up", 0, 24, at="top-left")))
    assert "line:5% position:10% align:left" in corner


def test_captions_alone_leave_titles_out() -> None:
    """`captions` is what is said, without the titles."""
    timeline = cut(said("Ride", 0, 24, title=True), said("Lisbon", 24, 24))

    assert "Ride" not in subtitles.srt(timeline, content="captions")
    assert "Lisbon" in subtitles.srt(timeline, content="captions")


def test_prompts_last_as_long_as_their_shots() -> None:
    """A shot in several clips has one cue."""
    assert subtitles.srt(cut(), content="prompts") == (
        "1\n00:00:00,000 --> 00:00:05,000\nHe steps out\n\n"
        "2\n00:00:05,000 --> 00:00:10,000\nHe rides\noff\n\n"
    )


@pytest.mark.parametrize("text", ["<b>x</b>", "{\\an8}up", "a --> b", "</c>", "<!-- -->"])
def test_srt_text_is_inert(text: str) -> None:
    """Tags, styles and arrows are split by a joiner that is not seen."""
    cue = subtitles.srt(cut(said(text, 0, 24))).split("\n", 2)[2].rstrip("\n")

    assert cue != text
    assert cue.replace("\u2060", "") == text


def test_vtt_text_is_escaped() -> None:
    """Ampersands and angle brackets are entities, so that no cue ends early or gains a tag."""
    assert "a --&gt; &lt;b&gt; &amp;" in subtitles.vtt(cut(said("a --> <b> &", 0, 24)))


def test_an_empty_line_does_not_end_a_cue() -> None:
    """Blank lines inside a text are left out, and controls with them."""
    assert "one\ntwo\n\n" in subtitles.srt(cut(said("one\n\n \r\n\x00two\n", 0, 24)))


def test_nothing_said_is_nothing_written() -> None:
    """SRT is then empty, WebVTT only its header; blank words make no cue."""
    assert subtitles.srt(cut(said(" \n ", 0, 24))) == ""
    assert subtitles.vtt(cut()) == "WEBVTT\n\n"


def test_words_beyond_the_film_are_cut_off() -> None:
    """A caption that would outlast the film ends with it."""
    assert "00:00:09,000 --> 00:00:10,000" in subtitles.srt(cut(said("End", 216, 900)))


@pytest.mark.parametrize(("form", "written"), [("srt", subtitles.srt), ("webvtt", subtitles.vtt)])
def test_ffmpeg_reads_what_is_written(form: str, written: Callable[[Timeline], str]) -> None:
    """The text is a subtitle file to FFmpeg, with as many cues, at the same times."""
    text = written(cut(said("one <i>\ntwo", 12, 12), said("three", 36, 24)))

    with av.open(io.BytesIO(text.encode()), "r", format=form) as container:
        packets = [packet for packet in container.demux(subtitles=0) if packet.size]

    assert [(packet.pts, packet.duration) for packet in packets] == [(500, 500), (1500, 1000)]
