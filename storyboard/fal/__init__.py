"""fal.ai: the only place that talks to the service, and knows its addresses, statuses and JSON.

exchanges     each exchange as one method: `storyboard.service.Service`, implemented
conclusions   what may be concluded from an answer: one table
answers       what the answers mean, as values
incoming      everything that comes, made fit to be kept
"""

from storyboard.fal import key
from storyboard.fal.clients import Limits
from storyboard.fal.exchanges import Fal

__all__ = ["Fal", "Limits", "key"]
