"""Video files: probing, checking, reading and writing, by frame number and in the right colours.

Everything runs in this process, on PyAV: a frame reaches the encoder as it left the decoder, a
failure is an exception, and frames are counted from packets. (ffmpeg as a program would cost a
pipe of RGB for each take, has no ffprobe beside it in imageio-ffmpeg, and tells of a full disk in
words on stderr.)
"""

from storyboard.video.colour import Picture, conform, from_rgb, to_rgb
from storyboard.video.containers import reading, wrapped, writing
from storyboard.video.probing import Colour, VideoFacts, check, count, inspect, probe
from storyboard.video.reader import Reader, read
from storyboard.video.recipes import H264, PREVIEW, QUICK, RECIPES, Codec, VideoRecipe
from storyboard.video.rewrap import container_of, rewrapped
from storyboard.video.writer import encode, timescale, write

__all__ = [
    "H264",
    "PREVIEW",
    "QUICK",
    "RECIPES",
    "Codec",
    "Colour",
    "Picture",
    "Reader",
    "VideoFacts",
    "VideoRecipe",
    "check",
    "conform",
    "container_of",
    "count",
    "encode",
    "from_rgb",
    "inspect",
    "probe",
    "read",
    "reading",
    "rewrapped",
    "timescale",
    "to_rgb",
    "wrapped",
    "write",
    "writing",
]
