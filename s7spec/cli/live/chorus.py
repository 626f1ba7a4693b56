"""Several observers as one."""

from __future__ import annotations

from s7spec.model.job import JobKey
from s7spec.model.receipt import RunItem
from s7spec.ports import Observer, PortError


class Chorus:
    """Tells each of them, in their order."""

    def __init__(self, *observers: Observer) -> None:
        self._observers = observers

    def planned(self, jobs: int, assets: int) -> None:
        for observer in self._observers:
            observer.planned(jobs, assets)

    def moved(self, item: RunItem, *, assets: int) -> None:
        for observer in self._observers:
            observer.moved(item, assets=assets)

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None:
        for observer in self._observers:
            observer.progressed(key, percent, message)

    def said(self, message: str) -> None:
        for observer in self._observers:
            observer.said(message)

    def silent(self, error: PortError, *, seconds: float, patience: float) -> None:
        for observer in self._observers:
            observer.silent(error, seconds=seconds, patience=patience)

    def answers(self, seconds: float) -> None:
        for observer in self._observers:
            observer.answers(seconds)

    def waits(self, message: str, *, seconds: float, key: JobKey | None = None) -> None:
        for observer in self._observers:
            observer.waits(message, seconds=seconds, key=key)
