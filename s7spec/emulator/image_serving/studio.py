"""Rendering previews beside the threads that answer requests."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path

from s7spec.emulator.image_serving.cache import PreviewCache
from s7spec.emulator.image_serving.refusal import Refused
from s7spec.emulator.render import ImageServerSettings, Rendered, render

CACHE_BYTES = 64 * 1024 * 1024
MOST_WAITING = 64
"""Pictures in work or waiting for it; beyond that, requests are sent away for a second."""
_RETRY_AFTER = 1


class PreviewStudio:
    """Renders ``workers`` pictures at once and keeps them. Equal requests share one rendering."""

    def __init__(
        self, *, workers: int, most_waiting: int = MOST_WAITING, cache_bytes: int = CACHE_BYTES
    ) -> None:
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="ips-preview")
        self._most_waiting = most_waiting
        self._cache = PreviewCache(cache_bytes)
        self._in_work: dict[str, Future[Rendered]] = {}
        self._lock = threading.Lock()

    def held(self, key: str) -> Rendered | None:
        """A picture that was rendered before and is still there."""
        return self._cache.get(key)

    def ask(
        self, key: str, source: Path, modifier: str, settings: ImageServerSettings
    ) -> Future[Rendered]:
        """The picture to come; its result may raise RenderError. ``key`` stands for all the rest.

        Raises Refused (503) when too many wait already.
        """
        with self._lock:
            future = self._in_work.get(key)
            if future is not None:
                return future
            if len(self._in_work) >= self._most_waiting:
                raise Refused(
                    "too many previews at once, ask again",
                    HTTPStatus.SERVICE_UNAVAILABLE,
                    retry_after=_RETRY_AFTER,
                )
            future = self._pool.submit(self._render, key, source, modifier, settings)
            self._in_work[key] = future
        future.add_done_callback(lambda done: self._forget(key))
        return future

    def _render(
        self, key: str, source: Path, modifier: str, settings: ImageServerSettings
    ) -> Rendered:
        picture = render(source, modifier, settings)
        self._cache.put(key, picture)
        return picture

    def _forget(self, key: str) -> None:
        with self._lock:
            del self._in_work[key]

    def close(self) -> None:
        """Drop what waits; what is in work ends first."""
        self._pool.shutdown(wait=True, cancel_futures=True)
