"""OpenCV, untyped: its stubs leave out what we use and differ between its versions 4 and 5."""

from __future__ import annotations

from typing import Any

import cv2 as opencv

cv2: Any = opencv
