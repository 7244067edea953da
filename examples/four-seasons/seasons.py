"""The light and the colours of the five pictures, and where the layers stand."""

from __future__ import annotations

from dataclasses import dataclass, field

from drawing import Point

SHORE = 412.0
SKY, MOUNTAINS, HILLS, WOODS, FAR_SHORE, BANK, TREE, GRASS = 60, 16, 9, 6, 5, 1.7, 1.6, 1.0
TREE_FOOT = (905.0, 618.0)


@dataclass(frozen=True, slots=True)
class Season:
    """The light and the colours of one picture; lists of colour codes run as each name says."""

    sky: list[str]  # top to horizon
    sun: Point
    sunlight: str
    sun_strength: float
    clouds: list[str]  # shaded to lit
    cloud_amount: float
    cloud_width: float
    haze: str
    mountains: list[str]  # shaded to lit
    snow_line: float  # y above which the mountains are white
    hills: list[str]  # far, middle, near
    woods: list[str]  # dark to light trees on the hills
    meadow: list[str]  # lit to shaded
    water: str
    ice: float
    foliage: list[str]  # dark to light, empty for a bare tree
    fullness: float = 1.0
    flowers: list[str] = field(default_factory=list)
    falling: list[str] = field(default_factory=list)
    snow: float = 0.0
    night: float = 0.0
    shadow: str = "#6a86a8"


SEASONS = {
    "01-winter.png": Season(
        sky=["#7f9fc4", "#a9c0d8", "#d5d9e2", "#f6dcc6"],
        sun=(250, 330),
        sunlight="#ffdcb0",
        sun_strength=0.55,
        clouds=["#b4bdd0", "#fbe6d8"],
        cloud_amount=0.46,
        cloud_width=2.6,
        haze="#e3dde0",
        mountains=["#8fa3c1", "#f4eef0"],
        snow_line=600,
        hills=["#c3cedd", "#b9c7d9", "#d5deea"],
        woods=["#47586f", "#6f829a", "#b9c7d8"],
        meadow=["#f7f3f2", "#b9cbe2"],
        water="#9fb7ce",
        ice=1.0,
        foliage=[],
        falling=["#ffffff"],
        snow=1.0,
        shadow="#8fa9d0",
    ),
    "02-spring.png": Season(
        sky=["#69a8da", "#9cc9e6", "#d3e8ee", "#fbeedd"],
        sun=(300, 250),
        sunlight="#fff0cf",
        sun_strength=0.45,
        clouds=["#b9cfe0", "#ffffff"],
        cloud_amount=0.5,
        cloud_width=2.0,
        haze="#dcebee",
        mountains=["#7d97b8", "#b6c6d4"],
        snow_line=262,
        hills=["#a3c2b4", "#8fb98d", "#86b864"],
        woods=["#4c7d4f", "#7fae5c", "#c2d886"],
        meadow=["#b6d862", "#5c9a4a"],
        water="#6fa6c8",
        ice=0.0,
        foliage=["#c9779a", "#eba3bb", "#fbd3dd", "#fff4f4"],
        fullness=0.9,
        flowers=["#ffffff", "#f7d94c", "#f2a0bd"],
        falling=["#fbd3dd", "#ffffff"],
        shadow="#4d7a6a",
    ),
    "03-summer.png": Season(
        sky=["#2f86cf", "#5fabe0", "#a5d5ee", "#eef3dc"],
        sun=(360, 110),
        sunlight="#fff3c0",
        sun_strength=0.5,
        clouds=["#a9c4de", "#ffffff"],
        cloud_amount=0.53,
        cloud_width=1.5,
        haze="#cfe4ea",
        mountains=["#6a8bb3", "#a9bccb"],
        snow_line=205,
        hills=["#86ae9f", "#5f9a66", "#4f8f43"],
        woods=["#245539", "#3f7d40", "#86b04c"],
        meadow=["#a9c944", "#3f7d35"],
        water="#3f86b8",
        ice=0.0,
        foliage=["#1d4a2c", "#2f6f34", "#5d9a3a", "#b4cf55"],
        fullness=1.2,
        flowers=["#ffffff", "#e8503a", "#f7cf3c", "#7f6fd0"],
        shadow="#2f5a4c",
    ),
    "04-autumn.png": Season(
        sky=["#6d84a6", "#b0a9ab", "#ecc08a", "#fbc274"],
        sun=(270, 340),
        sunlight="#ffc26a",
        sun_strength=0.75,
        clouds=["#a08a94", "#ffdca8"],
        cloud_amount=0.52,
        cloud_width=2.8,
        haze="#f0cda0",
        mountains=["#8a83a0", "#d0a996"],
        snow_line=195,
        hills=["#c0a08a", "#c08a58", "#b5823c"],
        woods=["#7a3a26", "#c0662c", "#eeb348"],
        meadow=["#e2b452", "#8a6a34"],
        water="#8a8a94",
        ice=0.0,
        foliage=["#7a2416", "#c04a1e", "#ee8a2c", "#ffcf55"],
        fullness=1.0,
        flowers=["#d9682a", "#f2b23c", "#a83a1e"],
        falling=["#f2a03c", "#d9541e"],
        shadow="#6a4a4c",
    ),
    "05-first-snow.png": Season(
        sky=["#1c2a56", "#43508a", "#96759f", "#f0a58a"],
        sun=(300, 400),
        sunlight="#ff9a70",
        sun_strength=0.6,
        clouds=["#4c4f80", "#e89a98"],
        cloud_amount=0.5,
        cloud_width=2.8,
        haze="#b48aa8",
        mountains=["#4d5a90", "#b49ab8"],
        snow_line=600,
        hills=["#8080ac", "#66709f", "#7886b4"],
        woods=["#222c52", "#3b4674", "#7f88b4"],
        meadow=["#a9b2da", "#5665a0"],
        water="#3c4a80",
        ice=0.25,
        foliage=[],
        falling=["#ffffff"],
        snow=1.0,
        night=1.0,
        shadow="#4a5898",
    ),
}
