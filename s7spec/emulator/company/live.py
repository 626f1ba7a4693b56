"""The catalog as it is now: read again when something in the folder changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from s7spec.emulator.catalog.building import read_contents
from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.catalog.files import CATALOG_FILE, Scan, scan
from s7spec.emulator.catalog.pictures import PictureReader
from s7spec.emulator.company.view import Catalog
from s7spec.emulator.store.catalog_store import CatalogStore
from s7spec.emulator.store.catalog_writing import NameTaken

Aside = Callable[[], AbstractContextManager[None]]
"""What to be within while something takes long, so that it holds up nobody."""
SMALL = 1000
"""Up to this many files and folders every call looks at the disk, so that a touched file shows in
the very next answer; a larger folder is looked at once a second."""
_RECENTLY = 0.1
"""Seconds. Jobs that start so soon after a look do not look again: they come in bursts, and what
they export they read from the disk anyway."""


class LiveCatalog:
    """Thread-safe. ``store`` takes what the folder says and gives it out."""

    def __init__(self, folder: Path, store: CatalogStore) -> None:
        if not folder.is_dir():
            hint = "name a folder of pictures; docs/embedded-ips.md says what may lie in it"
            raise CatalogError("there is no such catalog folder", path=folder, hint=hint)
        self._folder = folder
        self._store = store
        self._pictures = PictureReader()
        self._lock = threading.Lock()
        self._looked = float("-inf")
        self._scan: Scan | None = None
        self._catalog: Catalog | None = None
        self._in_order = False

    def current(self, aside: Aside = nullcontext) -> Catalog:
        """The catalog for this moment. Raises CatalogError while the folder is not in order.

        A changed folder is read within ``aside``, and so is the reading of others awaited.
        """
        if not self._lock.acquire(blocking=False):
            with aside():
                self._lock.acquire()
        try:
            if not self._in_order or self._is_due():
                self._look(aside)
            assert self._catalog is not None
            return self._catalog
        finally:
            self._lock.release()

    def recent(self) -> Catalog:
        """The catalog as it was a moment ago. Raises as ``current`` does."""
        catalog = self._catalog
        fresh = time.monotonic() - self._looked < _RECENTLY
        return catalog if catalog is not None and self._in_order and fresh else self.current()

    def last_good(self) -> Catalog:
        """The catalog as it was when it was last in order, without a look at the disk and without
        waiting for one."""
        return self._catalog or self.current()

    def _is_due(self) -> bool:
        few = self._scan is not None and len(self._scan) <= SMALL
        return few or time.monotonic() - self._looked >= 1

    def _look(self, aside: Aside) -> None:
        found = scan(self._folder)
        self._looked = time.monotonic()
        if self._in_order and found == self._scan:
            return
        # Until the new state is read, every call must try again.
        self._in_order = False
        with aside():
            self._catalog = self._read(found)
        self._in_order = True
        self._pictures.keep_only(frozenset(found.files))
        self._scan = found

    def _read(self, found: Scan) -> Catalog:
        contents = read_contents(self._folder, found, self._pictures)
        try:
            self._store.replace(contents)
        except NameTaken as error:
            hint = "choose another 'prefix' in catalog.yaml"
            raise CatalogError(str(error), path=self._folder / CATALOG_FILE, hint=hint) from error
        return Catalog(contents.refined, self._store)
