"""The ZIP of one run: written under a temporary name, published by renaming."""

from __future__ import annotations

import contextlib
import shutil
import uuid
import zipfile
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from s7spec.emulator.jobs.entry_names import EntryNames

# Compressed already: deflating them again costs time and saves nothing.
_STORED = frozenset(
    {
        *(".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".heic", ".jp2"),
        *(".mp4", ".mov", ".m4v", ".webm", ".mp3", ".zip", ".docx", ".xlsx"),
    }
)


class ExportArchive:
    """Files get safe and unique names, see entry_names; all carry ``moment``, a local time."""

    def __init__(self, *, data: Path, company_root: str, run_id: int, moment: datetime) -> None:
        self.relative = PurePosixPath(
            "Exports", company_root.strip("/"), str(run_id), f"{uuid.uuid4()}.zip"
        )
        self._path = data / self.relative
        # What an earlier, interrupted try of the same run left behind is of no use to anybody.
        shutil.rmtree(self._path.parent, ignore_errors=True)
        self._path.parent.mkdir(parents=True)
        self._part = self._path.with_suffix(".part")
        self._zip = zipfile.ZipFile(self._part, "w")
        self._moment = max(moment.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
        self._names = EntryNames()

    def add_bytes(self, name: PurePosixPath, content: bytes) -> str:
        """Add a file; the answer is the name it got."""
        info = self._entry(name)
        self._zip.writestr(info, content)
        return info.filename

    def add_stream(self, name: PurePosixPath, content: BinaryIO) -> str:
        """Add a file without holding it in memory; the answer is the name it got."""
        info = self._entry(name)
        with self._zip.open(info, "w", force_zip64=True) as target:
            shutil.copyfileobj(content, target, 1024 * 1024)
        return info.filename

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._part.stat().st_size

    def _entry(self, name: PurePosixPath) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(self._names.take(str(name)), self._moment)
        info.external_attr = 0o644 << 16
        stored = name.suffix.lower() in _STORED
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        return info

    def publish(self) -> str:
        """Close the file and give it its final name; the answer is its path below the data."""
        self._zip.close()
        self._part.replace(self._path)
        return str(self.relative)

    def discard_unless_published(self) -> None:
        """Leave nothing behind of an archive that did not come to its end."""
        if not self._part.exists():
            return
        with contextlib.suppress(OSError):
            self._zip.close()
        shutil.rmtree(self._path.parent, ignore_errors=True)
