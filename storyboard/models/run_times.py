"""How long a request runs, where somebody has said so: a first word, until own requests tell."""

from __future__ import annotations

RUN_TIMES = {
    "kling-o3-standard": 94.0,  # fal.ai's pages
    "kling-o3-pro": 318.0,  # fal.ai's pages
    "veo-3.1-fast": 102.0,  # third parties
    "wan-3": 130.0,  # third parties
}
"""Seconds by the model's alias, of a take of usual length."""
