"""What becomes of the pictures of one job, added up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from s7spec.model.asset import Asset
from s7spec.model.pictures import PictureFlag, PredictedPictures
from s7spec.model.rules import Rule
from s7spec.modifiers.lint import PICTURE_RULES, ModifierFinding, Reading, picture_spot
from s7spec.modifiers.prediction import Flag, PredictedImage, Predictor

MOST_BYTES = 1_000_000_000
"""What the ZIP of an export may hold, as the windows of Dynamic Media Classic have it; whether
IPS has it is not documented (facts: Image Serving section 6)."""

TOO_MUCH = "the windows of Dynamic Media Classic export 1 GB at most"

_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    """One modifier merged with those of an asset. ``overridden`` is what the asset's own makes
    useless."""

    reading: Reading
    predictor: Predictor
    overridden: tuple[ModifierFinding, ...]

    def predict(self, asset: Asset) -> PredictedImage | None:
        """None for an asset of which IPS tells no size."""
        width, height = asset.version.width, asset.version.height
        if not width or not height or width < 1 or height < 1:
            return None
        return self.predictor.predict(width, height, alpha=True if asset.maskFile else None)


@dataclass(slots=True)
class _Case:
    """The pictures a flag or a finding is about: how many, and the one that shows it best."""

    pictures: int
    asset: Asset
    predicted: PredictedImage | None
    view: PictureView


class Tally:
    """Counts one job's pictures."""

    def __init__(self) -> None:
        self._total = 0
        self._first: PictureView | None = None
        self._because: dict[str, None] = {}
        self._unknown = 0
        self._formats: dict[str, str] = {}
        self._widths: set[int] = set()
        self._heights: set[int] = set()
        self._bytes = [0, 0, 0]
        self._has_unestimated = False
        self._cases: dict[Flag, _Case] = {}
        self._overridden: dict[ModifierFinding, _Case] = {}

    def add(
        self, asset: Asset, predicted: PredictedImage | None, view: PictureView, *, alike: int
    ) -> None:
        """Counts an asset and others like it, ``alike`` in all: of one size, which become the same.
        ``predicted`` is None where IPS tells no size of them."""
        self._total += alike
        self._first = self._first or view
        for finding in view.overridden:
            overridden = self._overridden.setdefault(finding, _Case(0, asset, predicted, view))
            overridden.pictures += alike
        if predicted is None or predicted.size is None:
            self._unknown += alike
            if predicted is None:
                self._because["IPS tells no size of the asset"] = None
                return
            for doubt in predicted.uncertain[:_REASONS]:
                self._because[f"{doubt.about}: {doubt.reason}"] = None
        if predicted.format is not None:
            self._formats[predicted.format.name] = predicted.format.extension
        if predicted.size is not None:
            self._widths.add(predicted.size.width)
            self._heights.add(predicted.size.height)
        self._add_bytes(predicted, alike)
        for flag in predicted.flags:
            self._flagged(flag, _Case(alike, asset, predicted, view))

    def _add_bytes(self, predicted: PredictedImage, alike: int) -> None:
        if predicted.estimated_bytes is not None:
            for place, number in enumerate(predicted.estimated_bytes):
                self._bytes[place] += number * alike
        elif predicted.size is not None:
            self._has_unestimated = True

    def _flagged(self, flag: Flag, found: _Case) -> None:
        case = self._cases.setdefault(flag, found)
        if case is found:
            return
        case.pictures += found.pictures
        if _shows_more(flag, found.asset, case.asset):
            case.asset, case.predicted, case.view = found.asset, found.predicted, found.view

    def predicted(self, preview: str) -> PredictedPictures:
        """All of them together; ``preview`` is the address of one."""
        one_format = len(self._formats) == 1
        least, likely, most = (0, 0, 0) if self._has_unestimated else self._bytes
        name, extension = next(iter(self._formats.items())) if one_format else ("", "")
        return PredictedPictures(
            pictures=self._total - self._unknown,
            unknown=self._unknown,
            format=name,
            extension=extension,
            least_width=min(self._widths, default=0),
            most_width=max(self._widths, default=0),
            least_height=min(self._heights, default=0),
            most_height=max(self._heights, default=0),
            least_bytes=least,
            likely_bytes=likely,
            most_bytes=most,
            flags=tuple(
                PictureFlag(flag=flag.value, pictures=case.pictures)
                for flag, case in sorted(self._cases.items())
            ),
            unknown_because=tuple(self._because)[:_REASONS],
            preview=preview,
        )

    def findings(self) -> Iterator[ModifierFinding]:
        """What nobody may have meant, each kind with the picture that shows it best."""
        for finding, case in self._overridden.items():
            which = f"{self._share(case)}, {case.asset.name} for one"
            yield replace(finding, summary=f"{finding.summary} ({which})")
        for flag, told in _TOLD.items():
            shown = self._cases.get(flag)
            if shown is not None and not any(each in self._cases for each in told.unless):
                yield ModifierFinding(
                    rule=PICTURE_RULES[flag].rule,
                    spot=picture_spot(shown.view.reading, flag),
                    summary=f"{self._share(shown)} will {told.words}: {_example(shown)}",
                    hint=told.hint,
                )
        if self._bytes[1] > MOST_BYTES and self._first is not None:
            yield ModifierFinding(
                rule=Rule.LARGE_OUTPUT,
                spot=self._first.reading.whole(),
                summary=f"the files of the job are likely to take {self._bytes[1] / 1e9:.1f} GB: "
                f"{TOO_MUCH}",
                hint="make several exports of it, or deliver fewer pixels or less quality",
            )

    def _share(self, case: _Case) -> str:
        return f"{case.pictures:,} of {_pictures(self._total)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """How a flag is told. Nothing is said where one of ``unless`` says it better."""

    words: str
    hint: str
    unless: tuple[Flag, ...] = ()


_LESS = "ask for fewer pixels, or see one picture through before the whole job"
_TOLD = {
    Flag.EMPTY: _Told(
        words="show nothing but background",
        hint="choose a region within the pictures: cropN and shares of the sides follow their size",
    ),
    Flag.ALPHA_FLATTENED: _Told(
        words="lose transparency",
        hint="fmt=png-alpha or fmt=webp-alpha keep it; bgc chooses the colour that fills it",
    ),
    Flag.UPSCALED: _Told(
        words="be enlarged beyond the source",
        hint="leave the 1 of fit=...,1 out, ask for fewer pixels, or upload larger sources",
    ),
    Flag.ASPECT_CHANGED: _Told(
        words="be distorted",
        hint="fit=crop and fit=fit keep the shape of a picture",
    ),
    Flag.OVER_EXPORT_LIMIT: _Told(
        words="be larger than the 100 million pixels that an export is documented to convert",
        hint=_LESS,
    ),
    Flag.OVER_MAX_PIX: _Told(
        words="be larger than the company's MaxPix: image servers refuse that",
        hint=f"{_LESS}; `image_server: {{max_pix: ...}}` says what the company has set",
        unless=(Flag.OVER_EXPORT_LIMIT,),
    ),
    Flag.NO_PREVIEW: _Told(
        words="be too large to preview, which ends at 25 million pixels; the export may work",
        hint=_LESS,
        unless=(Flag.OVER_EXPORT_LIMIT, Flag.OVER_MAX_PIX),
    ),
}


def _pictures(number: int) -> str:
    return f"{number:,} picture{'' if number == 1 else 's'}"


def _shows_more(flag: Flag, asset: Asset, than: Asset) -> bool:
    """Small sources are enlarged most; large ones make the largest pictures. The rest is decided
    by the name, so that the order of assets decides nothing."""
    here, there = ((each.version.width or 0) * (each.version.height or 0) for each in (asset, than))
    if here == there:
        return asset.path < than.path
    return here < there if flag is Flag.UPSCALED else here > there


def _example(case: _Case) -> str:
    version, predicted = case.asset.version, case.predicted
    before = f"{case.asset.name} is {version.width}x{version.height}"
    if predicted is None or predicted.size is None:
        return before
    return f"{before} and becomes {predicted.size.width}x{predicted.size.height}"
