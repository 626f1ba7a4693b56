"""From the size of a source to what becomes of it, for one modifier."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from s7spec.modifiers.effective import Effective
from s7spec.modifiers.formats import Format
from s7spec.modifiers.geometry import Fit, Size, View, is_distorted, place_image, sizes_in_view
from s7spec.modifiers.prediction.commands import Part, commands_in_force
from s7spec.modifiers.prediction.file_size import FileSize, file_size, least_bytes
from s7spec.modifiers.prediction.frame import Frame, cut, resized, viewed, whole
from s7spec.modifiers.prediction.image import (
    EXPORT_PIXELS,
    PREVIEW_PIXELS,
    ByteEstimate,
    Doubt,
    Flag,
    PredictedImage,
    Reason,
)
from s7spec.modifiers.prediction.layer import read_layer
from s7spec.modifiers.prediction.output import read_output
from s7spec.modifiers.prediction.reply import read_reply
from s7spec.modifiers.prediction.server import Color, ImageServer

REMEMBERED = 16_384
"""Sources, and results, that one predictor keeps: many assets share a size, more share a result."""

# What is noted of a picture, as bits: there is one set of flags and doubts for each sum of them.
_UPSCALED, _PADDED, _CROPPED, _ASPECT, _DEFAULT = 1, 2, 4, 8, 16
_OVER_MAX, _NO_PREVIEW, _OVER_EXPORT = 32, 64, 128
_OPEN_UPSCALE, _OPEN_WRAP, _JPEG_SIZE, _EMPTY, _LARGE_VIEW = 256, 512, 1024, 2048, 4096
_FLAGS = {
    _UPSCALED: Flag.UPSCALED,
    _EMPTY: Flag.EMPTY,
    _PADDED: Flag.PADDED,
    _CROPPED: Flag.CROPPED,
    _ASPECT: Flag.ASPECT_CHANGED,
    _DEFAULT: Flag.DEFAULT_PIX,
    _OVER_MAX: Flag.OVER_MAX_PIX,
    _NO_PREVIEW: Flag.NO_PREVIEW,
    _OVER_EXPORT: Flag.OVER_EXPORT_LIMIT,
}
_DOUBTS = {
    _OPEN_UPSCALE: Doubt(about="fit", reason=Reason.UPSCALE_WITHOUT_FIT),
    _OPEN_WRAP: Doubt(about="fit", reason=Reason.PADDED_WRAP),
    _JPEG_SIZE: Doubt(about="jpegSize", reason=Reason.JPEG_SIZE),
    _LARGE_VIEW: Doubt(about="rect", reason=Reason.LARGE_BEFORE_RECT),
}
_STRETCH, _WRAP = Fit.STRETCH, Fit.WRAP
_PERCENT_SHOWN = 0.005
"""Less than that share of a picture, in percent, comes from rounding and is not told."""


class Predictor:
    """What becomes of pictures that are rendered with one merged modifier.

    Reading it is done once; results are remembered by source size. Nothing in ``effective`` makes
    it raise: what cannot be read makes parts of the predictions unknown.
    """

    def __init__(self, effective: Effective, server: ImageServer | None = None) -> None:
        self._server = ImageServer() if server is None else server
        in_force = commands_in_force(effective)
        self._layer = read_layer(in_force)
        extends = "extendN" if "extendN" in in_force.fields else "extend"
        self._nothing_left = Doubt(about=extends, reason=Reason.NOTHING_LEFT)
        reply = read_reply(in_force, upscale_without_fit=self._server.upscale_without_fit)
        self._reply = reply
        self._output = output = read_output(in_force, jpeg_quality=self._server.jpeg_quality)
        is_picture = output.format is None or output.format.is_picture
        self._view = reply.view if is_picture else None
        self._doubts = tuple(
            dict.fromkeys((*in_force.doubts, *self._layer.doubts, *reply.doubts, *output.doubts))
        )
        bytes_known = Part.BYTES not in in_force.unknown
        self._file_sizes = {
            alpha: file_size(output, alpha=alpha) if bytes_known else None
            for alpha in (False, True)
        }
        if bytes_known and output.pixel_types:
            self._doubts += _doubts_of_format(output.format, self._file_sizes[False])
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._predict)
        self._first_steps = (self._layer.steps or ())[:1]
        self._further_steps = (self._layer.steps or ())[1:]
        self._finished = lru_cache(maxsize=REMEMBERED)(self._finish)
        # Below that, a side is not looked at further.
        self._most_side = min((side for side in self._server.max_pix if side), default=math.inf)
        self._told = lru_cache(maxsize=None)(self._tell)
        self._described = self._describe_placed
        if self._view is not None and not _follows_source(self._view):
            self._described = lru_cache(maxsize=REMEMBERED)(self._describe_placed)

    def predict(
        self,
        width: int,
        height: int,
        *,
        alpha: bool | None = None,
        color: Color | None = None,
    ) -> PredictedImage:
        """``width`` and ``height`` are the source's pixels, both at least 1; ``alpha`` and
        ``color`` are what is known of its pixels. Raises ValueError for a source without pixels."""
        return self._remembered(width, height, alpha, color)

    def predict_any(self) -> PredictedImage:
        """What holds of every picture: the size where the commands alone decide it."""
        return self._without_picture(alpha=None, color=None)

    def _predict(
        self, width: int, height: int, alpha: bool | None, color: Color | None
    ) -> PredictedImage:
        source = Size(width, height)
        if width < 1 or height < 1:
            raise ValueError(f"{width}x{height} is not the size of a picture")
        view, steps = self._view, self._layer.steps
        if view is None:
            return self._without_size(alpha, color)
        if steps is None:
            return self._without_picture(alpha, color)
        if steps or self._reply.rect is not None:
            return self._through_steps(source, alpha, color)
        image, output = sizes_in_view(view, source, self._server.default_pix)
        notes, enlarged = _notes(view, source, image, output), 1.0
        if image.width > width or image.height > height:
            notes |= _UPSCALED
            # Rounded, so that sources of nearly one size share a result.
            enlarged = round(math.sqrt(image.width * image.height / (width * height)), 2)
        return self._described(image, output, enlarged, notes, alpha, color)

    def _describe_placed(
        self,
        image: Size,
        output: Size,
        enlarged: float,
        notes: int,
        alpha: bool | None,
        color: Color | None,
    ) -> PredictedImage:
        """A picture without further steps: the view alone pads or cuts it."""
        area = image.width * image.height
        if image is output:
            return self._describe(output, (area, enlarged, 1.0), notes, alpha, color)
        shown = min(image.width, output.width) * min(image.height, output.height)
        if shown < output.width * output.height:
            notes |= _PADDED
        return self._describe(output, (shown, enlarged, shown / area), notes, alpha, color)

    def _through_steps(
        self, source: Size, alpha: bool | None, color: Color | None
    ) -> PredictedImage:
        """After a crop to so many pixels all sources are alike: what follows is remembered."""
        frame = whole(source)
        try:
            for step in self._first_steps:
                frame = step(frame)
            output, (shown, enlarged, kept), notes = self._finished(frame.anew())
        except ValueError:  # extend leaves nothing, as only the source's size could tell
            return self._without_size(alpha, color, self._nothing_left)
        figures = (shown, enlarged, kept * frame.kept)
        return self._describe(output, figures, notes, alpha, color)

    def _finish(self, frame: Frame) -> tuple[Size, tuple[float, float, float], int]:
        """Size, figures and notes of a picture that has the first step behind it."""
        assert self._view is not None
        for step in self._further_steps:
            frame = step(frame)
        placed = place_image(self._view, frame.canvas, self._server.default_pix)
        notes = _notes(self._view, frame.canvas, placed.image, placed.output)
        # The layer may be made smaller and the view larger: what counts is all of it together.
        (across, down), factor, (width, height) = frame.canvas, frame.factor, placed.image
        view = placed.output
        if self._reply.rect is not None and view.width * view.height > EXPORT_PIXELS:
            notes |= _LARGE_VIEW
        frame, rect_factor = self._cut_out(viewed(frame, placed))
        enlarged = factor * rect_factor * math.sqrt(width * height / (across * down))
        grown = max(width * rect_factor - across / factor, height * rect_factor - down / factor)
        if grown > 1 - 1e-9:
            notes |= _UPSCALED
        if frame.padded:
            notes |= _PADDED
        return frame.canvas, (frame.shown, enlarged, frame.kept), notes

    def _cut_out(self, frame: Frame) -> tuple[Frame, float]:
        """What ``rect`` leaves of the view, and how much it scales it."""
        rect = self._reply.rect
        if rect is None:
            return frame, 1.0
        if rect.scale != Fraction(1):
            frame = resized(frame, rect.scale)
        return cut(frame, rect.x, rect.y, rect.size), float(rect.scale)

    def _describe(
        self,
        output: Size,
        figures: tuple[float, float, float],
        notes: int,
        alpha: bool | None,
        color: Color | None,
    ) -> PredictedImage:
        shown, enlarged, kept = figures
        if shown <= 0:
            notes |= _EMPTY
        percent = 100 * (1 - kept)
        if percent > _PERCENT_SHOWN:
            notes |= _CROPPED
        else:
            percent = 0.0
        width, height = output
        pixels = width * height
        if pixels > PREVIEW_PIXELS or width > self._most_side or height > self._most_side:
            notes |= self._notes_of_size(output)
        model = self._file_sizes[alpha is True]
        estimate: ByteEstimate | None = None
        if model is not None:
            estimate = model.of(pixels, shown, enlarged)
            if model.greatest and least_bytes(self._output, model, pixels, shown) > model.greatest:
                notes |= _JPEG_SIZE
        flags, doubts = self._told(notes, alpha, color)
        return PredictedImage(output, self._output.format, flags, percent, estimate, doubts)

    def _notes_of_size(self, output: Size) -> int:
        pixels, notes = _pixels(output), 0
        if output.exceeds(self._server.max_pix):
            notes |= _OVER_MAX
        if pixels > PREVIEW_PIXELS:
            notes |= _NO_PREVIEW
        if pixels > EXPORT_PIXELS:
            notes |= _OVER_EXPORT
        return notes

    def _tell(
        self, notes: int, alpha: bool | None, color: Color | None
    ) -> tuple[tuple[Flag, ...], tuple[Doubt, ...]]:
        flags = tuple(flag for bit, flag in _FLAGS.items() if notes & bit)
        doubts = tuple(doubt for bit, doubt in _DOUBTS.items() if notes & bit)
        return flags + self._flags_of_pixels(alpha, color), self._doubts + doubts

    def _flags_of_pixels(self, alpha: bool | None, color: Color | None) -> tuple[Flag, ...]:
        output = self._output
        flags: tuple[Flag, ...] = ()
        if output.format is None or not output.format.is_picture:
            return flags
        if alpha and not output.format.alpha and not output.masked_off:
            flags += (Flag.ALPHA_FLATTENED,)
        stated = output.pixel_types
        if color is not None and stated and (output.has_profile or stated != (color.value,)):
            flags += (Flag.COLOR_CONVERTED,)
        return flags

    def _without_picture(self, alpha: bool | None, color: Color | None) -> PredictedImage:
        """The size of the composite cannot be known; that of the reply can if commands fix it."""
        size = self._reply.fixed_size
        if size is None or self._refused_by_layer():
            return self._without_size(alpha, color)
        flags, doubts = self._told(self._notes_of_size(size), alpha, color)
        return PredictedImage(size, self._output.format, flags, None, None, doubts)

    def _refused_by_layer(self) -> bool:
        return any(each.reason is Reason.NOTHING_LEFT for each in self._layer.doubts)

    def _without_size(
        self, alpha: bool | None, color: Color | None, *more: Doubt
    ) -> PredictedImage:
        flags, doubts = self._told(0, alpha, color)
        return PredictedImage(None, self._output.format, flags, None, None, doubts + more)


def _notes(view: View, composite: Size, image: Size, output: Size) -> int:
    """What the view does to the picture, but for enlarging, padding and cutting it."""
    if view.scl is not None:
        return 0
    wid, hei, fit = view.wid, view.hei, view.fit
    if wid is None and hei is None:
        return _DEFAULT if image != composite else 0
    if fit is None:
        grows = (wid is None or wid > composite.width) and (hei is None or hei > composite.height)
        return _OPEN_UPSCALE if grows else 0
    if fit is _STRETCH:
        return _ASPECT if is_distorted(composite, image) else 0
    smaller = fit is _WRAP and (output.width < (wid or 0) or output.height < (hei or 0))
    return _OPEN_WRAP if smaller else 0


def _pixels(size: Size) -> int:
    return size.width * size.height


def _follows_source(view: View) -> bool:
    """Whether every source size has a size of its own: not worth remembering twice."""
    return view.scl is not None and view.wid is None and view.hei is None


def _doubts_of_format(written: Format | None, model: FileSize | None) -> tuple[Doubt, ...]:
    """Formats that no file was measured of."""
    assert written is not None
    if model is None and written.is_picture:
        return (Doubt(about=written.name, reason=Reason.NO_ESTIMATE),)
    if written.name == "eps":
        return (Doubt(about=written.name, reason=Reason.NOT_CALIBRATED),)
    return ()
