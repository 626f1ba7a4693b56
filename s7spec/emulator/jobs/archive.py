"""The ZIP of one run: written under a temporary name, published by renaming."""

from __future__ import annotations

import contextlib
import os
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
        # Plain texts: a small job takes as long as the paths of its ZIP do.
        relative = f"Exports/{company_root.strip('/')}/{run_id}"
        name = uuid.uuid4()
        self._folder = f"{data}/{relative}"
        self._relative = f"{relative}/{name}.zip"
        self._path = f"{self._folder}/{name}.zip"
        self._part = f"{self._folder}/{name}.part"
        self._make_folder()
        self._zip = zipfile.ZipFile(self._part, "w")
        self._moment = max(moment.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
        self._names = EntryNames()
        self._published = False

    def _make_folder(self) -> None:
        try:
            os.makedirs(self._folder)  # noqa: PTH103
        except FileExistsError:
            # What an earlier, interrupted try of the same run left behind is of no use to anybody.
            shutil.rmtree(self._folder, ignore_errors=True)
            os.makedirs(self._folder)  # noqa: PTH103

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
        return os.stat(self._part).st_size  # noqa: PTH116

    def _entry(self, name: PurePosixPath) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(self._names.take(str(name)), self._moment)
        info.external_attr = 0o644 << 16
        stored = name.suffix.lower() in _STORED
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        return info

    def publish(self) -> str:
        """Close the file and give it its final name; the answer is its path below the data."""
        self._zip.close()
        os.replace(self._part, self._path)  # noqa: PTH105
        self._published = True
        return self._relative

    def discard_unless_published(self) -> None:
        """Leave nothing behind of an archive that did not come to its end."""
        if self._published:
            return
        with contextlib.suppress(OSError):
            self._zip.close()
        shutil.rmtree(self._folder, ignore_errors=True)
