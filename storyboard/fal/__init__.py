"""fal.ai: the only place that talks to the service."""

from storyboard.fal import answers, key
from storyboard.fal.answers import Past, Progress, Receipt, Result, fields
from storyboard.fal.conclusions import Conclusion
from storyboard.fal.download import Advance
from storyboard.fal.lines import Limits
from storyboard.fal.service import Fal

__all__ = [
    "Advance",
    "Conclusion",
    "Fal",
    "Limits",
    "Past",
    "Progress",
    "Receipt",
    "Result",
    "answers",
    "fields",
    "key",
]
