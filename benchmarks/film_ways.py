"""The films that `film.py` measures, and the ways to make them: ours, ffmpeg's and moviepy's."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
from PIL import Image

import storyboard
from storyboard.cli import main
from storyboard.rendering.assembling import assemble
from storyboard.testing import codes
from storyboard.timeline import Clip, Media, PlacedTransition, Sound, Timeline, Words
from storyboard.units.sizes import Size
from storyboard.units.timing import Rate
from storyboard.video.colour import Picture
from storyboard.video.reader import Reader
from storyboard.video.recipes import H264
from storyboard.video.writer import write

HERE = Path(tempfile.gettempdir()) / "storyboard-benchmark"
RATE = Fraction(24)
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
FRAMES = 121
HALF = 6
X264 = {"crf": "18", "bf": "3"}


# Footage: a textured ground under a moving camera, with grain, and a code on every frame.


def footage(size: Size, count: int) -> list[Media]:
    """Takes of five seconds and a frame, made once."""
    folder = HERE / str(size)
    folder.mkdir(parents=True, exist_ok=True)
    takes = []
    for shot in range(count):
        path = folder / f"take{shot:03d}.mp4"
        if not path.exists():
            recipe = H264.having(preset="fast", crf="19")
            write(path, _shot(size, shot), rate=RATE, size=size, recipe=recipe, threads=2)
        takes.append(Media(path, f"{shot:064d}", FRAMES, RATE, size))
    return takes


def _shot(size: Size, seed: int) -> Iterator[Picture]:
    random = np.random.default_rng(seed)
    wide, high = size.width * 5 // 4, size.height * 5 // 4
    coarse = random.integers(0, 256, (high // 50, wide // 50, 3), dtype=np.uint8)
    fine = random.integers(-60, 60, (high // 4, wide // 4)).astype(np.float32)
    ground = cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    ground += cv2.resize(fine, (wide, high))[..., None]
    grain = [random.normal(0, 2, (size.height, size.width, 1)).astype(np.float32) for _ in range(6)]
    for number in range(FRAMES):
        way = number / FRAMES
        move = np.array([[1 + 0.1 * way, 0, -60 * way], [0, 1 + 0.1 * way, -30 * way]], np.float32)
        seen = cv2.warpAffine(ground, move, (size.width, size.height)) + grain[number % 6]
        picture = np.clip(seen, 0, 255).astype(np.uint8)
        yield codes.paint(picture, shot=seed, frame=number)


def music() -> Path:
    """A minute of a chord."""
    path = HERE / "music.wav"
    if not path.exists():
        tones = "+".join(f"0.1*sin({tone}*2*PI*t)" for tone in (220, 277, 330))
        source = ["-f", "lavfi", "-i", f"aevalsrc={tones}:d=60:s=48000"]
        subprocess.run([FFMPEG, "-v", "error", "-y", *source, "-ac", "2", str(path)], check=True)
    return path


# Timelines.


def straight(takes: Sequence[Media]) -> Timeline:
    """Each take without its last frame."""
    clips = [placed_clip(media, 0, FRAMES - 2) for media in takes]
    return in_order(clips, takes[0].size)


def dissolved(takes: Sequence[Media]) -> Timeline:
    """A dissolve of twelve frames at each join, a title, and music."""
    last = len(takes) - 1
    clips = [
        placed_clip(media, HALF if place else 0, FRAMES - 1 - (HALF if place < last else 0))
        for place, media in enumerate(takes)
    ]
    timeline = in_order(clips, takes[0].size)
    return replace(
        timeline,
        transitions=tuple(
            PlacedTransition("dissolve", clip.start, HALF, HALF) for clip in timeline.clips[1:]
        ),
        words=(Words("title", "Four seasons", 12, 72, "center", 8, "#ffffff"),),
        sounds=(Sound("music", music(), 0, None, gain=-6, fade_in=12, fade_out=24),),
    )


def mixed(takes: Sequence[Media]) -> Timeline:
    """Straight cuts with one dissolve in the middle, and a caption in every third shot."""
    half = len(takes) // 2
    clips = [
        placed_clip(
            media,
            HALF if place == half else 0,
            FRAMES - 1 - (HALF if place == half - 1 else 1),
        )
        for place, media in enumerate(takes)
    ]
    timeline = in_order(clips, takes[0].size)
    return replace(
        timeline,
        transitions=(PlacedTransition("dissolve", timeline.clips[half].start, HALF, HALF),),
        words=tuple(
            Words("caption", f"Shot {place}", clip.start + 24, 36, "bottom", 5, "#ffffff")
            for place, clip in enumerate(timeline.clips)
            if place % 3 == 0
        ),
    )


def captioned(takes: Sequence[Media], *, text: str = "Good morning") -> Timeline:
    """Straight cuts with a caption of a second and a half in every fifth shot."""
    timeline = straight(takes)
    words = [
        Words("caption", f"Shot {place}", clip.start + 24, 36, "bottom", 5, "#ffffff")
        for place, clip in enumerate(timeline.clips)
        if place % 5 == 0
    ]
    words[len(words) // 2] = replace(words[len(words) // 2], text=text)
    return replace(timeline, words=tuple(words))


def placed_clip(media: Media, first: int, last: int) -> Clip:
    """Frames of a take, one-to-one; `in_order` gives it its place."""
    return Clip(
        shot=f"shot{media.key[-4:]}",
        scene="scene",
        take=1,
        media=media,
        start=0,
        frames=last - first + 1,
        first=first,
        last=last,
        span=last - first,
    )


def in_order(clips: Sequence[Clip], size: Size, *, rate: Rate = RATE) -> Timeline:
    """A timeline of clips, one after the other."""
    placed: list[Clip] = []
    for clip in clips:
        placed.append(replace(clip, start=placed[-1].end if placed else 0))
    return Timeline("Benchmark", rate, size, tuple(placed))


# A storyboard whose takes are in its store.


def board(takes: Sequence[Media]) -> Path:
    """The straight cuts as a storyboard, made once."""
    folder = HERE / f"board-{takes[0].size}-{len(takes)}"
    file = folder / "film.yaml"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        names = [f"k{place:02d}.png" for place in range(len(takes) + 1)]
        for place, name in enumerate(names):
            with Reader(takes[min(place, len(takes) - 1)].path) as reader:
                picture = reader.picture(0 if place < len(takes) else 119)
                Image.fromarray(codes.paint(picture, shot=place, frame=0)).save(folder / name)
        shot = "shot: {prompt: The camera moves, duration: 5, trim: {end: 1f}}"
        lines = "".join(f"  - {{image: {name}, {shot}}}\n" for name in names[:-1])
        last = f"  - {{image: {names[-1]}}}\n"
        file.write_text(f"version: 1\ntitle: Benchmark\nkeyframes:\n{lines}{last}")
        plan = storyboard.plan(storyboard.load(file))
        store = storyboard.Store(folder / ".storyboard")
        store.prepare()
        for shot, media in zip(plan.shots, takes, strict=True):
            taken = folder / "take.mp4"
            shutil.copy(media.path, taken)
            measured = {
                "frames": FRAMES,
                "rate": str(RATE),
                "size": str(media.size),
                "sound": False,
            }
            note = {"model": "benchmark", "measured": measured}
            store.keep(shot.picked.key, taken, note)
    return file


# The ways to make the film. Each is run as `film.py run NAME ...` in a process of its own.


def ours(timeline: Timeline, output: Path, preset: str) -> None:
    """storyboard, with an empty cache."""
    cache = HERE / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    film = assemble(timeline, output, cache=cache, recipe=H264.having(preset=preset))
    print(f"{film.kept} of {film.frames} frames are takes' own packets", flush=True)


def encoding(timeline: Timeline, output: Path, preset: str) -> None:
    """storyboard, with every frame encoded."""
    cache = HERE / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    assemble(timeline, output, cache=cache, recipe=H264.having(preset=preset), join="encode")


def whole_render(timeline: Timeline, output: Path, preset: str) -> None:
    """The command `render`, with takes in the store and nothing else; its preset is its own."""
    file = board([clip.media for clip in timeline.clips])
    shutil.rmtree(file.parent / ".storyboard" / "segments", ignore_errors=True)
    render_again(timeline, output, preset)


def render_again(timeline: Timeline, output: Path, preset: str) -> None:  # noqa: ARG001
    """The same command once more."""
    file = board([clip.media for clip in timeline.clips])
    with suppress(SystemExit):
        main(["render", str(file), "-q", "--yes", "-o", str(output)])


def ffmpeg_graph(timeline: Timeline, output: Path, preset: str) -> None:
    """One ffmpeg filter graph with the same x264 settings."""
    inputs = [part for clip in timeline.clips for part in ("-i", str(clip.media.path))]
    if len(timeline.transitions) == 1:
        graph = _dissolved_once(timeline)
    else:
        graph = _crossfaded(timeline) if timeline.transitions else _concatenated(timeline)
    sound: list[str] = []
    if timeline.sounds:
        inputs += ["-i", str(music())]
        end = float(timeline.seconds)
        graph += (
            f";[{len(timeline.clips)}:a]atrim=end={end},volume=-6dB,afade=d=0.5,"
            f"afade=t=out:st={end - 1}:d=1.0[a]"
        )
        sound = ["-map", "[a]", "-c:a", "aac", "-b:a", "256k"]
    encoder = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", preset, "-profile:v", "high"]
    options = [part for name, value in X264.items() for part in (f"-{name}", value)]
    mapped = ["-filter_complex", graph, "-map", "[v]", *sound, *encoder, *options]
    whole = [FFMPEG, "-v", "error", "-y", *inputs, *mapped, "-movflags", "+faststart"]
    subprocess.run([*whole, str(output)], check=True)


def ffmpeg_copy(timeline: Timeline, output: Path, preset: str) -> None:  # noqa: ARG001
    """ffmpeg's concat demuxer with -c copy: the takes as they are, repeated frames and all."""
    listed = HERE / "list.txt"
    listed.write_text("".join(f"file '{clip.media.path}'\n" for clip in timeline.clips))
    source = ["-f", "concat", "-safe", "0", "-i", str(listed)]
    subprocess.run([FFMPEG, "-v", "error", "-y", *source, "-c", "copy", str(output)], check=True)


def moviepy_chain(timeline: Timeline, output: Path, preset: str) -> None:
    """moviepy's concatenate_videoclips with its defaults."""
    from moviepy import VideoFileClip, concatenate_videoclips

    clips = [VideoFileClip(str(clip.media.path)) for clip in timeline.clips]
    parts = [
        clip.subclipped(0, shown.frames / 24)
        for clip, shown in zip(clips, timeline.clips, strict=True)
    ]
    _moviepy_write(concatenate_videoclips(parts), output, preset)


def moviepy_compose(timeline: Timeline, output: Path, preset: str) -> None:
    """moviepy's CompositeVideoClip at its best: opaque background, cross-fades, title, music."""
    from moviepy import AudioFileClip, CompositeVideoClip, TextClip, VideoFileClip, afx, vfx

    layers = []
    for place, clip in enumerate(timeline.clips):
        start = clip.start - (HALF if place and timeline.transitions else 0)
        layer = VideoFileClip(str(clip.media.path), audio=False).with_start(start / 24)
        if timeline.transitions and place:
            layer = layer.with_effects([vfx.CrossFadeIn(2 * HALF / 24)])
        layers.append(layer)
    for words in timeline.words:
        title = TextClip(text=words.text, font_size=58, color="white")
        title = title.with_start(words.start / 24).with_duration(words.frames / 24)
        layers.append(title.with_position("center"))
    film = CompositeVideoClip(layers, bg_color=(0, 0, 0)).with_duration(float(timeline.seconds))
    if timeline.sounds:
        sound = AudioFileClip(str(music())).subclipped(0, float(timeline.seconds))
        film = film.with_audio(sound.with_effects([afx.AudioFadeIn(0.5), afx.AudioFadeOut(1)]))
    _moviepy_write(film, output, preset)


WAYS = {
    "ffmpeg graph": ffmpeg_graph,
    "storyboard": ours,
    "storyboard render": whole_render,
    "storyboard render again": render_again,
    "storyboard encoding": encoding,
    "moviepy chain": moviepy_chain,
    "moviepy compose": moviepy_compose,
    "ffmpeg -c copy": ffmpeg_copy,
}


def _concatenated(timeline: Timeline) -> str:
    count = len(timeline.clips)
    parts = [
        f"[{place}:v]trim=end_frame={clip.frames}[c{place}]"
        for place, clip in enumerate(timeline.clips)
    ]
    joined = "".join(f"[c{place}]" for place in range(count))
    return ";".join(parts) + f";{joined}concat=n={count}:v=1:a=0[v]"


def _crossfaded(timeline: Timeline) -> str:
    parts = [f"[{place}:v]format=yuv420p[q{place}]" for place in range(len(timeline.clips))]
    before = "[q0]"
    for place, change in enumerate(timeline.transitions, start=1):
        fade = f"xfade=transition=fade:duration=0.5:offset={change.start / 24:.6f}"
        parts.append(f"{before}[q{place}]{fade}[x{place}]")
        before = f"[x{place}]"
    words = timeline.words[0]
    parts.append(
        f"{before}drawtext=text='{words.text}':fontsize=h*0.08:fontcolor=white:x=(w-tw)/2:"
        f"y=(h-th)/2:enable='between(n,{words.start},{words.start + words.frames - 1})'[v]"
    )
    return ";".join(parts)


def _dissolved_once(timeline: Timeline) -> str:
    """Both halves joined, one cross-fade between them, and the captions."""
    change, count = timeline.transitions[0], len(timeline.clips)
    half = next(place for place, clip in enumerate(timeline.clips) if clip.start == change.at)
    ends = [clip.last + 1 + (HALF if place == half - 1 else 0) for place, clip in
            enumerate(timeline.clips)]  # fmt: skip
    parts = [f"[{place}:v]trim=end_frame={end},format=yuv420p[c{place}]"
             for place, end in enumerate(ends)]  # fmt: skip
    for name, places in (("a", range(half)), ("b", range(half, count))):
        joined = "".join(f"[c{place}]" for place in places)
        parts.append(f"{joined}concat=n={len(places)}:v=1:a=0,settb=1/24,setpts=N[{name}]")
    fade = f"xfade=transition=fade:duration=0.5:offset={change.start / 24:.6f}"
    drawn = ",".join(
        f"drawtext=text='{words.text}':fontsize=h*0.05:fontcolor=white:x=(w-tw)/2:y=h*0.88:"
        f"enable='between(n,{words.start},{words.end - 1})'"
        for words in timeline.words
    )
    parts.append(f"[a][b]{fade},{drawn}[v]")
    return ";".join(parts)


def _moviepy_write(film: object, output: Path, preset: str) -> None:
    options = [part for name, value in X264.items() for part in (f"-{name}", value)]
    film.write_videofile(  # type: ignore[attr-defined]
        str(output), fps=24, codec="libx264", preset=preset, audio_codec="aac",
        ffmpeg_params=options, logger=None, temp_audiofile_path=str(HERE),
    )  # fmt: skip
