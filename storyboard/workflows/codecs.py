"""The codecs that a film can be encoded in, by name: they come with the whole of FFmpeg."""

from storyboard.video.recipes import RECIPES

CODECS = tuple(RECIPES)
