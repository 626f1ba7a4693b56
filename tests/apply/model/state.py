"""Everything that outlives a process: the ledger, the server, the time."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from s7spec.model.ledger import Attempt, AttemptState
from tests.apply.model.variants import LAG, LATE, QUARANTINE, Loss
from tests.fakes.clock import NOON
from tests.fakes.gateway import ServerJob
from tests.fakes.jobs import attempt
from tests.fakes.memory_view import Pages
from tests.fakes.view import head_of

_LONG = 2 * (QUARANTINE + LATE + LAG)
"""Seconds after which it makes no difference how long ago something was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Between two runs. ``copies`` are the ledger as it was after each of its commits, oldest
    first. ``told``: somebody was told of a double. ``wish``: the number of what is wanted.
    ``losses``: what may still happen to the ledger."""

    now: datetime = NOON
    pages: Pages = field(default_factory=Pages)
    copies: tuple[Pages, ...] = ()
    jobs: tuple[ServerJob, ...] = ()
    told: bool = False
    wish: int = 0
    losses: tuple[Loss, ...] = ()

    @staticmethod
    def of_old(losses: tuple[Loss, ...]) -> State:
        """A ledger that is not new: it knows of a job of long ago, which nobody mentions again."""
        at = NOON - timedelta(days=100)
        done = attempt("shop/old", state=AttemptState.OK, forgotten=True, version=1, at=at)
        pages = Pages(attempts={done.name: done}, heads={done.key: head_of(done)})
        return State(pages=pages, losses=losses)

    def key(self) -> Hashable:
        """Equal for states with the same future, whatever led to them: times count from now."""
        return (
            self._pages_key(self.pages),
            tuple(self._pages_key(pages) for pages in self.copies),
            tuple(
                (job.name, *map(self._since, (job.taken_at, job.visible_at, job.ends_at)))
                for job in self.jobs
            ),
            self.told,
            self.wish,
            self.losses,
        )

    def at_its_end(self) -> State:
        """When nothing will go wrong any more."""
        return replace(self, copies=(), losses=())

    def _pages_key(self, pages: Pages) -> Hashable:
        heads = frozenset((head.key, head.attempt_name) for head in pages.heads.values())
        return heads, tuple(map(self._attempt_key, pages.attempts.values()))

    def _attempt_key(self, attempt: Attempt) -> Hashable:
        """Its name stands for its content. Versions, and times that only people read, decide
        nothing."""
        return (
            attempt.name,
            attempt.state,
            attempt.forgotten,
            attempt.handle,
            attempt.run_handle,
            attempt.message,
            attempt.failure,
            attempt.tries,
            self._since(attempt.intended_at),
        )

    def _since(self, moment: datetime) -> float:
        return min((self.now - moment).total_seconds(), _LONG)
