"""How many bytes a job delivers, and of how many of its files nobody can tell."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.model.asset import AssetVersion
from s7spec.model.manifest import Fmt
from s7spec.model.plan import PlanItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Each asset is one of ``files``. The bytes are what they take together, at least, likely and
    at most, without the ``unforeseen`` ones: nobody can tell their size, and nothing stands in for
    it."""

    files: int
    least_bytes: int
    likely_bytes: int
    most_bytes: int
    unforeseen: int

    @property
    def is_told(self) -> bool:
        """Of one file at least."""
        return self.unforeseen < self.files

    @property
    def is_estimate(self) -> bool:
        return self.is_told and (self.unforeseen > 0 or self.least_bytes < self.most_bytes)


def delivery_of(item: PlanItem) -> Delivery:
    """Originals are as large as their sources; converted files are as was foretold, and unforeseen
    where nothing was: the source says nothing about them. Of a job that is not sent, all that it
    has."""
    job, predicted, assets = item.export_job, item.predicted, item.counted_assets
    if job is not None and job.fmt is Fmt.ORIG:
        sizes = [size for asset in assets if (size := asset.file_size) is not None and size >= 0]
        return _delivery(assets, sum(sizes), sum(sizes), sum(sizes), len(assets) - len(sizes))
    if predicted is None or not predicted.likely_bytes:
        return _delivery(assets, 0, 0, 0, len(assets))
    known = predicted.least_bytes, predicted.likely_bytes, predicted.most_bytes
    return _delivery(assets, *known, predicted.unknown)


def _delivery(
    assets: tuple[AssetVersion, ...], least: int, likely: int, most: int, unforeseen: int
) -> Delivery:
    return Delivery(
        files=len(assets),
        least_bytes=least,
        likely_bytes=likely,
        most_bytes=most,
        unforeseen=unforeseen,
    )
