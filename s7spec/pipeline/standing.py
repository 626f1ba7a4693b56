"""What a ledger holds now, told without reading more of it than is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from s7spec.model.ips import ActiveJob
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, AttemptState, JobHead, Lease
from s7spec.ports import LedgerView

MOST_TROUBLED = 200
MOST_OK = 40
MOST_FORGOTTEN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The latest attempts of all jobs of one company and environment.

    ``counts`` are those of jobs that are not forgotten, by state. ``troubled`` are open or did not
    end ok, ``ok`` and ``forgotten_ones`` the others: the first ones of each, by key. ``open_heads``
    are all whose attempt is open. ``lease`` is the one that is held.
    """

    company: str
    environment: str
    counts: Mapping[AttemptState, int]
    forgotten: int
    troubled: tuple[Attempt, ...]
    ok: tuple[Attempt, ...]
    forgotten_ones: tuple[Attempt, ...]
    open_heads: tuple[JobHead, ...]
    lease: Lease | None = None

    @property
    def jobs(self) -> int:
        """How many there are that are not forgotten."""
        return sum(self.counts.values())

    @property
    def more_troubled(self) -> int:
        """How many there are beyond those in ``troubled``."""
        return self.jobs - self.counts.get(AttemptState.OK, 0) - len(self.troubled)

    @property
    def more_ok(self) -> int:
        return self.counts.get(AttemptState.OK, 0) - len(self.ok)

    @property
    def more_forgotten(self) -> int:
        return self.forgotten - len(self.forgotten_ones)


def standing_of(
    view: LedgerView,
    company: str,
    environment: str,
    *,
    lease: Lease | None = None,
    takes: Callable[[JobHead], bool] | None = None,
) -> Standing:
    """Walks the heads once; only attempts that are shown are read. ``takes`` says which jobs are
    told of; None: all."""
    counts: Counter[AttemptState] = Counter()
    troubled: list[str] = []
    ok: list[str] = []
    forgotten: list[str] = []
    open_heads: list[JobHead] = []
    number_forgotten = 0
    for head in filter(takes, view.heads()) if takes else view.heads():
        if head.forgotten:
            number_forgotten += 1
            _keep(head, forgotten, MOST_FORGOTTEN)
            continue
        counts[head.state] += 1
        if head.state.is_open:
            open_heads.append(head)
        if head.state is AttemptState.OK:
            _keep(head, ok, MOST_OK)
        else:
            _keep(head, troubled, MOST_TROUBLED)
    return Standing(
        company=company,
        environment=environment,
        counts=counts,
        forgotten=number_forgotten,
        troubled=tuple(map(view.attempt, troubled)),
        ok=tuple(map(view.attempt, ok)),
        forgotten_ones=tuple(map(view.attempt, forgotten)),
        open_heads=tuple(open_heads),
        lease=lease,
    )


def latest_attempts(
    view: LedgerView, takes: Callable[[JobHead], bool] | None = None
) -> Iterator[Attempt]:
    """Every job's latest attempt, one after the other; of those that ``takes`` says."""
    heads = filter(takes, view.heads()) if takes else view.heads()
    return (view.attempt(head.attempt_name) for head in heads)


def owners(view: LedgerView, running: Iterable[ActiveJob]) -> Mapping[str, JobKey]:
    """Whose jobs those are that run, by name, as far as the ledger knows them: an older attempt of
    a job may run as well as its latest."""
    names = {job.originalName for job in running}
    return {name: view.attempt(name).key for name in sorted(names) if view.knows(name)}


def _keep(head: JobHead, names: list[str], most: int) -> None:
    if len(names) < most:
        names.append(head.attempt_name)
