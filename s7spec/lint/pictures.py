"""What will become of the pictures of a job, told before anything is rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from s7spec.lint.tally import MOST_BYTES, TOO_MUCH, PictureView, Tally
from s7spec.lint.telling import Telling
from s7spec.model.asset import Asset
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ExpandedJob
from s7spec.model.manifest import Fmt
from s7spec.model.pictures import PredictedPictures
from s7spec.model.preset import Preset
from s7spec.model.project import ImageServerSettings
from s7spec.model.rules import Rule
from s7spec.model.sharing import OncePerObject
from s7spec.model.source import SourceRange
from s7spec.modifiers import Modifier, parse_modifier, preset_modifiers
from s7spec.modifiers.geometry import Size
from s7spec.modifiers.lint import (
    ModifierFinding,
    lint_modifier,
    read,
)
from s7spec.modifiers.prediction import ImageServer, Predictor
from s7spec.modifiers.preview import ImageServerAddress, NoPreview, preview_url

_KNOWN = 1024
_TRIED = 20
"""Assets for which an address is looked for."""
_NOTHING = parse_modifier("").modifier


def image_server_of(settings: ImageServerSettings) -> ImageServer:
    """What a project says of a company's image server, as predictions take it."""
    return ImageServer(
        default_pix=Size(*settings.default_pix),
        max_pix=Size(*settings.max_pix),
        jpeg_quality=settings.jpeg_quality,
        upscale_without_fit=settings.upscale_without_fit,
    )


class PictureLint:
    """Predicts the pictures of jobs and warns of what nobody may have meant."""

    def __init__(self, presets: Iterable[Preset], server: ImageServerSettings) -> None:
        self._address = None if server.url is None else ImageServerAddress(url=server.url)
        self._presets = preset_modifiers(presets)
        self._server = image_server_of(server)
        self._views: dict[tuple[str | None, ...], PictureView] = {}
        self._telling = Telling()
        self._large: set[SourceRange] = set()
        self._kinds = OncePerObject(_kinds_of, most=_KNOWN)

    def look_at(
        self, job: ExpandedJob, assets: Sequence[Asset]
    ) -> tuple[PredictedPictures | None, tuple[Diagnostic, ...]]:
        """What becomes of ``assets`` in ``job``, None when they are not converted; and what has not
        been said of an earlier job of the same export."""
        if job.fmt is Fmt.ORIG:
            return None, tuple(self._large_originals(job, assets))
        tally = Tally()
        for asset, alike in self._kinds(assets):
            view = self._view(job, asset)
            tally.add(asset, view.predict(asset), view, alike=alike)
        found = [*tally.findings()]
        preview = "" if self._address is None else self._preview(job, assets, self._address)
        return tally.predicted(preview), tuple(self._telling.tell(job, found)) if found else ()

    def _large_originals(self, job: ExpandedJob, assets: Sequence[Asset]) -> Iterator[Diagnostic]:
        size = sum(asset.version.file_size or 0 for asset in assets)
        place = job.settings.place_of("assets")
        where = place.locate() if size > MOST_BYTES else None
        if where is not None and where not in self._large:
            self._large.add(where)
            yield Diagnostic(
                rule=Rule.LARGE_OUTPUT,
                summary=f"the originals of the job `{job.export}` take {size / 1e9:.1f} GB: "
                f"{TOO_MUCH}",
                where=where,
                hint="make several exports of it",
                snippet=place.document.file.snippet(where.line),
            )

    def _preview(
        self, job: ExpandedJob, assets: Sequence[Asset], address: ImageServerAddress
    ) -> str:
        """The address of the first picture that has one."""
        modifier, macro = (
            parse_modifier(text or "").modifier for text in (job.is_modifier, job.macro)
        )
        for asset in assets[:_TRIED]:
            url = preview_url(
                server=address,
                company=asset.folder.partition("/")[0],
                asset=asset.name,
                modifier=modifier,
                macro=macro,
                predicted=self._view(job, asset).predict(asset),
            )
            if not isinstance(url, NoPreview):
                return url
        return ""

    def _view(self, job: ExpandedJob, asset: Asset) -> PictureView:
        key = (job.is_modifier, job.macro, asset.urlModifier, asset.urlPostApplyModifier)
        view = self._views.get(key)
        if view is None:
            if len(self._views) >= _KNOWN:
                self._views.clear()
            view = self._views[key] = _view_of(key, self._presets, self._server)
        return view


def _kinds_of(assets: Sequence[Asset]) -> tuple[tuple[Asset, int], ...]:
    """Assets that become the same, whatever is asked for: the first by path of each kind, and how
    many there are. The jobs of an export mostly share their assets."""
    kinds: dict[tuple[object, ...], tuple[Asset, int]] = {}
    for asset in assets:
        version = asset.version
        own = (asset.urlModifier, asset.urlPostApplyModifier, bool(asset.maskFile))
        kind = (version.width, version.height, *own)
        first, alike = kinds.get(kind, (asset, 0))
        kinds[kind] = (min(first, asset, key=_path), alike + 1)
    return tuple(kinds.values())


def _path(asset: Asset) -> str:
    return asset.path


def _view_of(
    key: tuple[str | None, ...], presets: Mapping[str, Modifier], server: ImageServer
) -> PictureView:
    text, macro, below, above = key
    own = [parse_modifier(each).modifier if each else _NOTHING for each in (below, above)]
    reading = read(text, macro, presets, asset_modifier=own[0], asset_post_modifier=own[1])
    found: tuple[ModifierFinding, ...] = ()
    if above:
        found = lint_modifier(text, macro, presets=presets, asset_post_modifier=own[1])
    return PictureView(
        reading=reading,
        predictor=Predictor(reading.effective, server),
        overridden=tuple(each for each in found if each.rule is Rule.ASSET_OVERRIDES),
    )
