"""The catalog as it is now: read again when something in the folder changed."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from s7spec.emulator.catalog.building import Numbers, build_catalog
from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.catalog.files import Scan, scan
from s7spec.emulator.catalog.model import Catalog
from s7spec.emulator.catalog.pictures import PictureSizes

SMALL = 1000
"""Up to this many files and folders every call looks at the disk, so that a touched file shows in
the very next answer; a larger folder is looked at once a second."""


class LiveCatalog:
    """Thread-safe. ``numbers`` hands out the stable numbers behind handles."""

    def __init__(self, folder: Path, numbers: Numbers) -> None:
        if not folder.is_dir():
            raise CatalogError("there is no such catalog folder", path=folder)
        self._folder = folder
        self._numbers = numbers
        self._sizes = PictureSizes()
        self._lock = threading.Lock()
        self._looked = float("-inf")
        self._scan: Scan | None = None
        self._catalog: Catalog | None = None

    def current(self) -> Catalog:
        """The catalog for this moment. Raises CatalogError while the folder is not in order."""
        with self._lock:
            if self._catalog is None or self._is_due():
                self._look()
            assert self._catalog is not None
            return self._catalog

    def _is_due(self) -> bool:
        few = self._scan is not None and len(self._scan) <= SMALL
        return few or time.monotonic() - self._looked >= 1

    def _look(self) -> None:
        found = scan(self._folder)
        self._looked = time.monotonic()
        if self._catalog is not None and found == self._scan:
            return
        # Dropped first: if the new state cannot be read, the next call must try again.
        self._catalog = None
        self._catalog = build_catalog(self._folder, found, self._sizes, self._numbers)
        self._sizes.keep_only(frozenset(found.files))
        self._scan = found
