"""The parts of an `.aaf`: dissolves, speeds and levels, and what describes a file.

Identifiers are those of the AAF Edit Protocol (AMWA MS-01) and SMPTE's registers.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from uuid import UUID

from storyboard.audio.sound_files import SAMPLE_RATE
from storyboard.exporting.media import sounds

if TYPE_CHECKING:
    from storyboard.exporting.media.files_of import MediaFile
    from storyboard.units.timing import Rate

_DISSOLVE = UUID("0c3bea40-fc05-11d2-8a29-0050040ef7d2")
_SPEED = UUID("9d2ea890-0968-11d3-8a38-0050040ef7d2")
_GAIN = UUID("9d2ea894-0968-11d3-8a38-0050040ef7d2")
_LEVEL = UUID("e4962320-2267-11d3-8a4c-0050040ef7d2")
_RATIO = UUID("72559a80-24d7-11d3-8a50-0050040ef7d2")
_AMPLITUDE = UUID("e4962321-2267-11d3-8a4c-0050040ef7d2")
_FINEST = 1_000_000
"""The largest denominator of a level."""


class AafParts:
    """Makes parts for one file; each definition is registered once."""

    def __init__(self, made: Any, aaf2: Any) -> None:
        self._made, self._aaf2 = made, aaf2
        self._known: dict[str, Any] = {}

    def umid(self, material: UUID) -> Any:
        """A basic UMID (SMPTE ST 330) of this material number."""
        mob_id = self._aaf2.mobid.MobID()
        mob_id.SMPTELabel = (0x06, 0x0A, 0x2B, 0x34, 1, 1, 1, 5, 1, 1, 0x0F, 0x20)
        mob_id.length = 0x13
        mob_id.material = material
        return mob_id

    def dissolve(self, frames: int, before: int) -> Any:
        """A transition that shows both sides, `before` frames of it before the cut."""
        level = self._parameter(_LEVEL, "Level")
        effect = self._effect(_DISSOLVE, "Video Dissolve", "picture", 2, level)
        group = self._made.create.OperationGroup(effect, frames, "picture")
        group.parameters.append(self._curve(level, [(Fraction(0), 0.0), (Fraction(1), 1.0)]))
        over = self._made.create.Transition("picture", frames)
        over["OperationGroup"].value = group
        over["CutPoint"].value = before
        return over

    def retimed(self, source: Any, frames: int, ratio: Fraction) -> Any:
        """A clip that fills so many frames; `ratio` is their number to that of its own."""
        speed = self._parameter(_RATIO, "SpeedRatio")
        effect = self._effect(_SPEED, "Motion Control", "picture", 1, speed, warps=True)
        group = self._made.create.OperationGroup(effect, frames, "picture")
        group.segments.append(source)
        value = self._made.create.ConstantValue("SpeedRatio")
        value.value = self._aaf2.rational.AAFRational(ratio.limit_denominator(_FINEST))
        group.parameters.append(value)
        return group

    def levelled(self, source: Any, frames: int, level: float, fades: tuple[int, int]) -> Any:
        """A sound at a level, and faded in and out over so many frames; plain where it is not."""
        if level == 1 and not any(fades):
            return source
        amplitude = self._parameter(_AMPLITUDE, "Amplitude")
        effect = self._effect(_GAIN, "Mono Audio Gain", "sound", 1, amplitude)
        group = self._made.create.OperationGroup(effect, frames, "sound")
        group.segments.append(source)
        group.parameters.append(self._curve(amplitude, list(_points(frames, level, fades))))
        return group

    def described(self, file: MediaFile, rate: Rate, address: str) -> Any:
        """What a file is, and where it lies."""
        locator = self._made.create.NetworkLocator()
        locator["URLString"].value = address
        about = self._picture(file, rate) if file.size else self._sound(file, rate)
        about["Locator"].append(locator)
        return about

    def _picture(self, file: MediaFile, rate: Rate) -> Any:
        about, size = self._made.create.CDCIDescriptor(), file.size
        assert size is not None
        about["ComponentWidth"].value = 8
        about["HorizontalSubsampling"].value = 2
        about["StoredWidth"].value, about["StoredHeight"].value = size.width, size.height
        about["ImageAspectRatio"].value = f"{size.width}/{size.height}"
        about["FrameLayout"].value = "FullFrame"
        about["VideoLineMap"].value = [42, 0]
        about["SampleRate"].value = str(rate)
        about["Length"].value = file.frames
        return about

    def _sound(self, file: MediaFile, rate: Rate) -> Any:
        about = self._made.create.PCMDescriptor()
        align = sounds.WIDTH * file.channels
        about["SampleRate"].value = about["AudioSamplingRate"].value = SAMPLE_RATE
        about["Channels"].value = file.channels
        about["QuantizationBits"].value = 8 * sounds.WIDTH
        about["BlockAlign"].value, about["AverageBPS"].value = align, align * SAMPLE_RATE
        about["Length"].value = sounds.samples(file.frames, rate)
        return about

    def _curve(self, parameter: Any, points: list[tuple[Fraction, float]]) -> Any:
        """A value that changes in straight lines; times are parts of the whole."""
        value = self._made.create.VaryingValue()
        value.parameterdef = parameter
        value["Interpolation"].value = self._straight()
        for time, level in points:
            point = self._made.create.ControlPoint()
            point["EditHint"].value = "Proportional"
            point.time = self._aaf2.rational.AAFRational(time)
            point.value = Fraction(level).limit_denominator(_FINEST)
            value["PointList"].append(point)
        return value

    def _straight(self) -> Any:
        def make() -> Any:
            identity = self._aaf2.misc.LinearInterp
            return self._made.create.InterpolationDef(identity, "LinearInterp", "LinearInterp")

        return self._registered("LinearInterp", make)

    def _parameter(self, identity: UUID, name: str) -> Any:
        def make() -> Any:
            kind = self._made.dictionary.lookup_typedef("Rational")
            return self._made.create.ParameterDef(identity, name, name, kind)

        return self._registered(name, make)

    def _effect(
        self,
        identity: UUID,
        name: str,
        kind: str,
        inputs: int,
        parameter: Any,
        *,
        warps: bool = False,
    ) -> Any:
        def make() -> Any:
            made = self._made.create.OperationDef(identity, name)
            made.media_kind = kind
            made["IsTimeWarp"].value, made["Bypass"].value = warps, 0
            made["NumberInputs"].value = inputs
            made["OperationCategory"].value = "OperationCategory_Effect"
            made["ParametersDefined"].extend([parameter])
            made["Description"].value = name
            return made

        return self._registered(name, make)

    def _registered(self, name: str, make: Any) -> Any:
        if name not in self._known:
            self._known[name] = make()
            self._made.dictionary.register_def(self._known[name])
        return self._known[name]


def _points(frames: int, level: float, fades: tuple[int, int]) -> Iterator[tuple[Fraction, float]]:
    """Times and levels of a sound that is faded."""
    begins, ends = fades[0], max(fades[0], frames - fades[1])
    if begins:
        yield Fraction(0), 0.0
    yield Fraction(begins, frames), level
    if ends > begins:
        yield Fraction(ends, frames), level
    if fades[1]:
        yield Fraction(1), 0.0
