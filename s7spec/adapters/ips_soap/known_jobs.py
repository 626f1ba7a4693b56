"""Everything that IPS lists: active, scheduled and logged jobs.

getJobLogs has no pages and tells no total, only a window of dates and numRows, whose default and
maximum nobody has published (facts: IPS API sections 5 and 8). So an answer that may have been cut
is asked for again in halves, and one that may be whole is asked on from its last row.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from s7spec.adapters.ips_soap.calls import Calls
from s7spec.adapters.ips_soap.element import Element
from s7spec.adapters.ips_soap.limits import LOG_ROWS
from s7spec.adapters.ips_soap.scrubbing import handle_shown
from s7spec.model.ips import JobPhase, KnownJob
from s7spec.ports import IpsAnswerUnreadable

_SECOND = timedelta(seconds=1)
# Ours and the server's clock may differ; what lies in the future costs one more request at most.
_AHEAD = timedelta(days=1)
# Long before there was any IPS; further back, dates run out of the calendar.
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)

_Key = tuple[str, str]


class KnownJobs:
    """Reads all of the company's lists."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def since(self, since: datetime) -> tuple[KnownJob, ...]:
        """Each job once, by its name and handle; a job may move between the lists meanwhile.

        Of what the lists say of one run, its end counts most. A schedule and the run it becomes
        have different handles: they may both be there.
        """
        seen = [*self._active(), *self._scheduled(), *self._logged(since), *self._active()]
        known: dict[_Key, KnownJob] = {}
        for job in seen:
            key = (job.originalName, job.jobHandle)
            before = known.get(key)
            if before is None or before.phase is not JobPhase.ENDED:
                known[key] = job
        return tuple(known.values())

    def _active(self) -> Iterator[KnownJob]:
        reply = self._calls.read("getActiveJobs", includeWaitingJobs=True)
        return (
            self._known(job, JobPhase.ACTIVE, begin=job.moment("startDate"))
            for job in reply.each("jobArray")
        )

    def _scheduled(self) -> Iterator[KnownJob]:
        reply = self._calls.read("getScheduledJobs")
        return (
            self._known(job, JobPhase.SCHEDULED, begin=job.moment("nextFireTime"))
            for job in reply.each("jobArray")
        )

    def _logged(self, since: datetime) -> Iterator[KnownJob]:
        first = max(since, _EARLIEST).astimezone(UTC).replace(microsecond=0) - _SECOND
        last = datetime.now(UTC).replace(microsecond=0) + _AHEAD
        return (self._log(log) for log in self._logs_between(first, max(last, first + _SECOND)))

    def _logs_between(self, first: datetime, last: datetime) -> Iterator[Element]:
        """Raises IpsAnswerUnreadable when the logs of a single second do not fit into an answer."""
        rows = self._logs(first, last)
        if len(rows) < LOG_ROWS:
            yield from self._asked_on(rows, last)
            return
        seconds = (last - first) // _SECOND
        if seconds <= 1:
            raise IpsAnswerUnreadable(
                f"IPS lists {len(rows)} job logs within two seconds from {first:%Y-%m-%d %H:%M:%S}"
                " UTC: there may be more, and it has no way to show them"
            )
        middle = first + (seconds // 2) * _SECOND
        yield from self._logs_between(first, middle)
        yield from self._logs_between(middle, last)

    def _asked_on(self, rows: list[Element], last: datetime) -> Iterator[Element]:
        """The rows, and those behind them in case IPS gives fewer in one answer than we think."""
        seen: set[_Key] = set()
        longest, fresh = len(rows), rows
        while fresh:
            seen.update(map(_log_key, fresh))
            yield from fresh
            starts = [row.moment("startDate") for row in fresh]
            latest = max((start for start in starts if start is not None), default=None)
            if latest is None:
                return
            rows = self._logs(latest, last)
            fresh = _unseen(rows, seen)
            if not fresh and 1 < longest == len(rows):
                self._check_end(seen, latest, last)
            longest = max(longest, len(rows))

    def _check_end(self, seen: set[_Key], first: datetime, last: datetime) -> None:
        """An answer full of jobs that began at one moment leads no further: are these all? The
        other end tells. Raises IpsAnswerUnreadable."""
        if _unseen(self._logs(first, last, way="Descending"), seen):
            raise IpsAnswerUnreadable(
                f"more job logs began at {first:%Y-%m-%d %H:%M:%S} UTC than IPS gives in one answer"
            )

    def _logs(self, first: datetime, last: datetime, *, way: str = "Ascending") -> list[Element]:
        """Those that began in the window, oldest first. It is a second wider than asked for at its
        end: whether IPS includes the bounds, and how finely it counts, is not known."""
        reply = self._calls.read(
            "getJobLogs",
            sortBy="StartDate",
            sortDirection=way,
            startDate=first,
            endDate=last + _SECOND,
            numRows=LOG_ROWS,
        )
        return reply.items("jobLogArray")

    def _log(self, log: Element) -> KnownJob:
        end = log.moment("endDate")
        ended = end is not None or log.flag("fatalError")
        phase = JobPhase.ENDED if ended else JobPhase.ACTIVE
        return self._known(
            log, phase, name="originalJobName", begin=log.moment("startDate"), end=end
        )

    def _known(
        self,
        job: Element,
        phase: JobPhase,
        *,
        name: str = "originalName",
        begin: datetime | None,
        end: datetime | None = None,
    ) -> KnownJob:
        scrub, called = self._calls.scrub, job.text(name) or ""
        return KnownJob(
            originalName=called,
            jobHandle=handle_shown(job.text("jobHandle") or "", called, scrub),
            phase=phase,
            description=scrub(job.text("description") or "", called),
            startDate=begin,
            endDate=end,
        )


def _unseen(rows: list[Element], seen: set[_Key]) -> list[Element]:
    return [row for row in rows if _log_key(row) not in seen]


def _log_key(log: Element) -> _Key:
    return log.text("originalJobName") or "", log.text("jobHandle") or ""
