"""What the ledger holds and what runs, for programs (schemas/status.schema.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from s7spec.model.ips import ActiveJob
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, Lease
from s7spec.report.figures import iso_or_none
from s7spec.report.json_document import lease_fields, streamed
from s7spec.report.json_history import attempt_fields


def status_json(
    attempts: Iterable[Attempt],
    running: Sequence[ActiveJob] | None,
    owners: Mapping[str, JobKey],
    lease: Lease | None,
) -> Iterator[str]:
    """The latest attempt of each job, and what runs now; ``job`` says which is ours: ``owners``
    are the jobs of the names that the ledger knows. In pieces, since jobs come by the hundred
    thousand.

    ``running`` is None (null) when IPS could not be asked.
    """
    jobs = None if running is None else [_running(job, owners) for job in running]
    after = {"running": jobs, "lease": lease_fields(lease)}
    return streamed({}, "attempts", map(attempt_fields, attempts), after)


def _running(job: ActiveJob, owners: Mapping[str, JobKey]) -> dict[str, object]:
    owner = owners.get(job.originalName)
    return {
        "originalName": job.originalName,
        "jobHandle": job.jobHandle,
        "state": job.state,
        "submitUserEmail": job.submitUserEmail,
        "description": job.description,
        "progress": job.progress,
        "startDate": iso_or_none(job.startDate),
        "job": None if owner is None else str(owner),
    }
