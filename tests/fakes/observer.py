"""An observer that remembers."""

from s7spec.model.job import JobKey
from s7spec.model.receipt import RunItem
from s7spec.ports import PortError


class Diary:
    """``moves`` holds ``(manifest/export, state)``, in the order heard."""

    def __init__(self) -> None:
        self.announced: list[tuple[int, int]] = []
        self.moves: list[tuple[str, str]] = []
        self.talk: list[str] = []
        self.silences: list[str] = []
        self.waited: list[float] = []
        self.progress: list[tuple[str, int | None, str]] = []

    def planned(self, jobs: int, assets: int) -> None:
        self.announced.append((jobs, assets))

    def moved(self, item: RunItem, *, assets: int) -> None:
        self.moves.append((item.key.short, item.state.value if item.state else ""))

    def said(self, message: str) -> None:
        self.talk.append(message)

    def silent(self, error: PortError, *, seconds: float, patience: float) -> None:
        self.silences.append(f"{error}, {patience:.0f} s left")

    def answers(self, seconds: float) -> None:
        self.silences.append("over")

    def waits(self, message: str, *, seconds: float, key: JobKey | None = None) -> None:
        self.talk.append(message)
        self.waited.append(seconds)

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None:
        self.progress.append((key.short, percent, message))
