"""Fetched ZIPs and what is in them: the demo's table. Verified receipts are a later room's work."""

from __future__ import annotations

import io
import urllib.request
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from s7spec.report.view import View

_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredMember:
    """A file of a ZIP: ``picture`` is e.g. ``1801x2600 RGB JPEG``, empty for other files."""

    name: str
    size: int
    picture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    path: Path
    members: tuple[DeliveredMember, ...]


def fetch(url: str, target: Path) -> Delivery:
    """Downloads a ZIP (plain GET, no credentials: facts, IPS API section 9) and looks into it."""
    with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - loopback
        target.write_bytes(answer.read())
    with zipfile.ZipFile(target) as archive:
        members = tuple(
            DeliveredMember(
                name=entry.filename,
                size=entry.file_size,
                picture=_picture(archive.read(entry)),
            )
            for entry in archive.infolist()
        )
    return Delivery(path=target, members=members)


def table(deliveries: Sequence[Delivery], folder: Path, view: View) -> str:
    """One block per ZIP."""
    lines = []
    for delivery in deliveries:
        size = delivery.path.stat().st_size / 1e6
        lines.append(f"{delivery.path.relative_to(folder)}  {size:.1f} MB")
        width = max((len(member.name) for member in delivery.members), default=0)
        lines += [
            f"    {member.name:<{width}}  {member.size / 1000:>8,.0f} kB  {member.picture}".rstrip()
            for member in delivery.members
        ]
    return "\n".join(line[: max(view.width, 40)] for line in lines)


def _picture(data: bytes) -> str:
    try:
        with Image.open(io.BytesIO(data)) as image:
            return f"{image.width}x{image.height} {image.mode} {image.format}"
    except UnidentifiedImageError:
        return ""
