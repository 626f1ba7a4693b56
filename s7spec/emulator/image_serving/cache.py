"""Rendered previews in memory, the least recently used ones out first."""

from __future__ import annotations

import threading
from collections import OrderedDict

from s7spec.emulator.render import Rendered


class PreviewCache:
    """Holds up to ``most_bytes`` of encoded pictures. Thread-safe."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._held: OrderedDict[str, Rendered] = OrderedDict()
        self._lock = threading.Lock()
        self._bytes = 0

    @property
    def bytes_held(self) -> int:
        with self._lock:
            return self._bytes

    def get(self, key: str) -> Rendered | None:
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: str, picture: Rendered) -> None:
        """A picture larger than the whole cache is not kept."""
        size = len(picture.data)
        with self._lock:
            if key in self._held or size > self._most:
                return
            self._held[key] = picture
            self._bytes += size
            while self._bytes > self._most:
                _, gone = self._held.popitem(last=False)
                self._bytes -= len(gone.data)
