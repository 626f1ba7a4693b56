"""The catalog as it is now: read again when something in the folder changed."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from s7spec.emulator.catalog.building import Numbers, build_catalog
from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.catalog.files import Scan, scan
from s7spec.emulator.catalog.model import Catalog
from s7spec.emulator.catalog.pictures import PictureReader

SMALL = 1000
"""Up to this many files and folders every call looks at the disk, so that a touched file shows in
the very next answer; a larger folder is looked at once a second."""


class LiveCatalog:
    """Thread-safe. ``numbers`` hands out the stable numbers behind handles."""

    def __init__(self, folder: Path, numbers: Numbers) -> None:
        if not folder.is_dir():
            hint = "name a folder of pictures; docs/embedded-ips.md says what may lie in it"
            raise CatalogError("there is no such catalog folder", path=folder, hint=hint)
        self._folder = folder
        self._numbers = numbers
        self._pictures = PictureReader()
        self._lock = threading.Lock()
        self._looked = float("-inf")
        self._scan: Scan | None = None
        self._catalog: Catalog | None = None
        self._in_order = False

    def current(self) -> Catalog:
        """The catalog for this moment. Raises CatalogError while the folder is not in order."""
        with self._lock:
            if not self._in_order or self._is_due():
                self._look()
            assert self._catalog is not None
            return self._catalog

    def last_good(self) -> Catalog:
        """The catalog as it was when it was last in order, without a look at the disk."""
        with self._lock:
            if self._catalog is not None:
                return self._catalog
        return self.current()

    def _is_due(self) -> bool:
        few = self._scan is not None and len(self._scan) <= SMALL
        return few or time.monotonic() - self._looked >= 1

    def _look(self) -> None:
        found = scan(self._folder)
        self._looked = time.monotonic()
        if self._in_order and found == self._scan:
            return
        # Until the new state is read, every call must try again.
        self._in_order = False
        self._catalog = build_catalog(self._folder, found, self._pictures, self._numbers)
        self._in_order = True
        self._pictures.keep_only(frozenset(found.files))
        self._scan = found
