"""Her five poses, one for each keyframe."""

from __future__ import annotations

import numpy as np
from rider import Pose, pedal

AT_THE_DOOR = Pose(
    hip=(42, -112), shoulder=(68, -192), head=(94, -236), nod=-0.12,
    feet=(pedal(3.3), (112, 52)), hands=((128, -126), (2, -252)),
    tail=[(26, -106), (-22, -88), (-72, -96), (-120, -122), (-152, -168)],
    scarf=[(56, -192), (26, -188), (-6, -172), (-30, -150)],
    happy=1.0, toes=(0.1, 0.02),
)  # fmt: skip
ALONG_THE_STREET = Pose(
    hip=(46, -114), shoulder=(90, -188), head=(124, -226), nod=0.05,
    feet=(pedal(0.5 + np.pi), pedal(0.5)), hands=((130, -128), (126, -126)),
    tail=[(28, -110), (-24, -112), (-78, -122), (-134, -112), (-184, -132)],
    scarf=[(80, -194), (38, -206), (2, -194), (-44, -208)],
    ears_back=0.5, toes=(0.3, 0.2),
)  # fmt: skip
OVER_THE_BRIDGE = Pose(
    hip=(54, -146), shoulder=(88, -224), head=(112, -270), nod=-0.32,
    feet=(pedal(0.1 + np.pi), pedal(0.1)), hands=((130, -128), (128, -128)),
    tail=[(36, -142), (-14, -158), (-64, -196), (-112, -206), (-152, -258)],
    scarf=[(78, -230), (34, -252), (-8, -240), (-56, -266)],
    ears_back=0.35, happy=1.0, toes=(0.1, 0.1),
)  # fmt: skip
AT_THE_QUAY = Pose(
    hip=(42, -112), shoulder=(58, -192), head=(84, -236), nod=0.2,
    feet=(pedal(3.3), (112, 52)), hands=((130, -128), (126, -126)),
    tail=[(26, -104), (-20, -70), (-66, -64), (-106, -92), (-116, -142)],
    scarf=[(46, -192), (20, -184), (-8, -166), (-22, -138)],
    toes=(0.1, 0.02),
)  # fmt: skip
BY_THE_WATER = Pose(
    hip=(316, 26), shoulder=(332, -54), head=(358, -98), nod=0.26,
    feet=((402, 92), (382, 100)), hands=((368, 20), (350, 24)),
    tail=[(298, 36), (262, 44), (226, 34), (186, 36), (150, 8)],
    scarf=[(320, -52), (296, -42), (276, -20), (270, 8)],
    happy=0.4, toes=(0.7, 0.8),
)  # fmt: skip
