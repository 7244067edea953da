"""The two kinds of array this package passes around."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
"""An RGB still, uint8 (height, width, 3); a single channel is uint8 (height, width)."""

Field: TypeAlias = NDArray[np.float32]
"""Something measured at every pixel: float32 (height, width) or (height, width, channels)."""
