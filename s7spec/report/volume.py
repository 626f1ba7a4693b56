"""How much work jobs are: files to deliver, pixels and bytes to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from s7spec.model.asset import AssetVersion
from s7spec.model.plan import PlanItem
from s7spec.plan import SendingTotals
from s7spec.report.figures import byte_size, count, megapixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Each asset of each job is one file to deliver.

    ``pixels`` and ``file_bytes`` are those of the source assets; ``unmeasured`` and ``unsized``
    ones are not in them, for IPS tells nothing about those.
    """

    jobs: int = 0
    files: int = 0
    pixels: int = 0
    file_bytes: int = 0
    unmeasured: int = 0
    unsized: int = 0

    def __add__(self, other: Volume) -> Volume:
        return Volume(
            jobs=self.jobs + other.jobs,
            files=self.files + other.files,
            pixels=self.pixels + other.pixels,
            file_bytes=self.file_bytes + other.file_bytes,
            unmeasured=self.unmeasured + other.unmeasured,
            unsized=self.unsized + other.unsized,
        )

    def text(self) -> str:
        """``48 assets, 210 MP``, of several jobs ``96 files, 420 MP``; what is unknown is said."""
        word = "asset" if self.jobs == 1 else "file"
        return ", ".join(part for part in (count(self.files, word), self.pixels_text()) if part)

    def bytes_text(self) -> str:
        """``1.2 GB of source files``; empty when no asset's size is known."""
        least = "at least " if self.unsized else ""
        return f"{least}{byte_size(self.file_bytes)} of source files" if self.file_bytes else ""

    def pixels_text(self) -> str:
        """``210 MP``, ``210 MP, 3 without dimensions``; empty without assets."""
        known = megapixels(self.pixels) if self.pixels else ""
        unknown = f"{self.unmeasured:,} without dimensions" if self.unmeasured else ""
        return ", ".join(part for part in (known, unknown) if part)


def volume_of(items: Iterable[PlanItem]) -> Volume:
    """What the jobs carry. An asset set that many jobs share is measured once."""
    measured: dict[int, Volume] = {}
    total = Volume()
    for item in items:
        versions = item.counted_assets
        if id(versions) not in measured:
            measured[id(versions)] = _measure(versions)
        total += measured[id(versions)]
    return total


def total_text(items: Sequence[PlanItem]) -> str:
    """``2 jobs, 96 files from 48 assets, 420 MP, 1.2 GB of source files``."""
    volume = volume_of(items)
    sets = {id(item.counted_assets): item.counted_assets for item in items}
    paths = {version.path for versions in sets.values() for version in versions}
    files = f"{count(volume.jobs, 'job')}, {count(volume.files, 'file')}"
    parts = (
        f"{files} from {count(len(paths), 'asset')}",
        volume.pixels_text(),
        volume.bytes_text(),
    )
    return ", ".join(part for part in parts if part)


def delivered_text(totals: SendingTotals) -> str:
    """``likely 80 MB (40 MB to 160 MB)``, ``80 MB`` where it is certain. Files that nobody can
    foretell are said; empty when there is nothing of either."""
    if not totals.likely_bytes:
        files = count(totals.unforeseen, "file")
        return f"nobody can foretell the size of {files}" if totals.unforeseen else ""
    text = byte_size(totals.likely_bytes)
    if totals.least_bytes != totals.most_bytes:
        band = f"{byte_size(totals.least_bytes)} to {byte_size(totals.most_bytes)}"
        text = f"likely {text} ({band})"
    if totals.unforeseen:
        text += f", and {count(totals.unforeseen, 'file')} nobody can foretell"
    return text


def _measure(versions: Sequence[AssetVersion]) -> Volume:
    areas = [each.width * each.height for each in versions if each.width and each.height]
    sizes = [each.file_size for each in versions if each.file_size is not None]
    return Volume(
        jobs=1,
        files=len(versions),
        pixels=sum(areas),
        file_bytes=sum(sizes),
        unmeasured=len(versions) - len(areas),
        unsized=len(versions) - len(sizes),
    )
