"""Jobs of a ledger, watched on IPS without writing anything down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from s7spec.model.ips import ActiveJob, JobPhase, JobSnapshot
from s7spec.model.job import JobKey
from s7spec.model.ledger import AttemptState, JobHead
from s7spec.ports import IpsGateway


class Whereabouts(StrEnum):
    """Where a job stands on IPS, whatever the ledger says. ``UNSEEN``: no list shows it, or not
    yet."""

    SCHEDULED = "scheduled"
    AT_WORK = "at work"
    ENDED = "ended"
    UNSEEN = "not seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """``percent`` and ``message`` are IPS's own. ``snapshot`` is there when it was looked up."""

    key: JobKey
    attempt_name: str
    whereabouts: Whereabouts
    percent: int | None = None
    message: str = ""
    snapshot: JobSnapshot | None = None


class LedgerWatch:
    """Looks at the open attempts of a ledger, again and again. One that ended is looked at once,
    one that no list shows is waited for, up to ``patience``: lists lag behind."""

    def __init__(self, gateway: IpsGateway, *, patience: timedelta) -> None:
        self._gateway = gateway
        self._patience = patience
        self._ended: dict[str, Sighting] = {}
        self._unseen_since: dict[str, datetime] = {}
        self.goes_on = True

    def look(self, heads: Iterable[JobHead], now: datetime) -> tuple[Sighting, ...]:
        """In the order of ``heads``, which are those that are open now. ``goes_on`` is False when
        nothing of them is at work any more. Raises as ``IpsGateway.find`` does."""
        running = {job.originalName: job for job in self._gateway.active_jobs()}
        seen = tuple(self._sighting(head, running.get(head.attempt_name)) for head in heads)
        self.goes_on = any(self._is_waited_for(each, now) for each in seen)
        return seen

    def _sighting(self, head: JobHead, running: ActiveJob | None) -> Sighting:
        if running is not None:
            return Sighting(
                key=head.key,
                attempt_name=head.attempt_name,
                whereabouts=Whereabouts.AT_WORK,
                percent=running.progress,
                message=running.progressMessage,
            )
        if head.attempt_name not in self._ended:
            sighting = self._looked_up(head)
            if sighting.whereabouts is not Whereabouts.ENDED:
                return sighting
            self._ended[head.attempt_name] = sighting
        return self._ended[head.attempt_name]

    def _looked_up(self, head: JobHead) -> Sighting:
        found = None
        if head.state is not AttemptState.SCHEDULED:  # a run in the logs is not the end of a cron
            found = self._gateway.logged(head.attempt_name)
        if found is None or found.phase is not JobPhase.ENDED:
            found = self._gateway.find(head.attempt_name)
        return Sighting(
            key=head.key,
            attempt_name=head.attempt_name,
            whereabouts=Whereabouts.UNSEEN if found is None else _PHASES[found.phase],
            percent=None if found is None else found.progress,
            message="" if found is None else found.progressMessage,
            snapshot=found,
        )

    def _is_waited_for(self, sighting: Sighting, now: datetime) -> bool:
        name = sighting.attempt_name
        if sighting.whereabouts is not Whereabouts.UNSEEN:
            self._unseen_since.pop(name, None)
            return sighting.whereabouts is Whereabouts.AT_WORK
        return now - self._unseen_since.setdefault(name, now) < self._patience


def changes(before: Iterable[Sighting], after: Iterable[Sighting]) -> Iterator[Sighting]:
    """What is worth a line: another place, or a tenth more of its way."""
    last = {each.attempt_name: each for each in before}
    for sighting in after:
        known = last.get(sighting.attempt_name)
        if known is None or _step(known) != _step(sighting):
            yield sighting


def _step(sighting: Sighting) -> tuple[Whereabouts, int | None]:
    percent = sighting.percent
    return sighting.whereabouts, None if percent is None else percent // 10


_PHASES = {
    JobPhase.SCHEDULED: Whereabouts.SCHEDULED,
    JobPhase.ACTIVE: Whereabouts.AT_WORK,
    JobPhase.ENDED: Whereabouts.ENDED,
}
