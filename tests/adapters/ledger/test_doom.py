"""The ledger of a process that is killed at a chosen moment, as other tests use it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.ips import ActiveJob, JobSnapshot, KnownJob
from s7spec.model.ledger import AttemptState
from s7spec.model.submission import Submission
from s7spec.ports import IpsGateway, Ledger
from tests.fakes.clock import NOON
from tests.fakes.doom import Doom, DoomedGateway, DoomedLedger, Killed
from tests.fakes.jobs import COMPANY, ENVIRONMENT, attempt
from tests.fakes.ledgers import heads, take


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    with SqliteLedger(tmp_path / "ledger.db", create=True) as found:
        yield found


def run(ledger: Ledger) -> None:
    """Two jobs in one block, a look, and their end in another block."""
    lease = take(ledger)
    with ledger.writing(lease) as writer:
        intents = [writer.intend(attempt(f"shop/{each}"), prior=None) for each in "ab"]
    with ledger.reading(COMPANY, ENVIRONMENT) as view:
        assert len(list(view.heads())) == 2
    with ledger.writing(lease) as writer:
        for each in intents:
            writer.record(replace(each, state=AttemptState.OK))
    ledger.release(lease)


def test_whoever_dies_has_written_whole_blocks(tmp_path: Path) -> None:
    seen = []
    for moment in range(1, 100):
        with SqliteLedger(tmp_path / f"{moment}.db", create=True) as ledger:
            doom = Doom(at=moment)
            with suppress(Killed):
                run(DoomedLedger(ledger, doom))
            seen.append("".join(head.state.value[0] for head in heads(ledger)))
        if not doom.is_dead:
            break
    # 2 for taking the lease; 7 in a block of two steps, of which the last lies after its commit;
    # 5 in the view; 7 in the other block; 2 for giving back, where 1 lies before it.
    assert seen == [*[""] * 8, *["ii"] * 12, *["oo"] * 4]


def test_who_is_dead_does_nothing_more(ledger: SqliteLedger) -> None:
    doom = Doom(at=1)
    doomed = DoomedLedger(ledger, doom)
    for _ in range(2):
        with pytest.raises(Killed):
            run(doomed)
    assert ledger.lease(COMPANY, ENVIRONMENT) is None


class Recorder:
    """An IPS that only remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def submit(self, submission: Submission) -> str:
        self.asked.append(f"submit {submission.attempt_name}")
        return ""

    def find(self, attempt_name: str) -> JobSnapshot | None:
        self.asked.append(f"find {attempt_name}")
        return None

    def scheduled(self, attempt_name: str) -> JobSnapshot | None:
        self.asked.append(f"scheduled {attempt_name}")
        return None

    def logged(self, attempt_name: str) -> JobSnapshot | None:
        self.asked.append(f"logged {attempt_name}")
        return None

    def active_jobs(self) -> tuple[ActiveJob, ...]:
        self.asked.append("active_jobs")
        return ()

    def known_jobs(self, since: datetime) -> tuple[KnownJob, ...]:
        self.asked.append(f"known_jobs {since:%H}")
        return ()

    def stop(self, jobHandle: str) -> None:
        self.asked.append(f"stop {jobHandle}")

    def delete(self, jobHandle: str) -> None:
        self.asked.append(f"delete {jobHandle}")


def test_each_call_of_the_gateway_has_a_moment_before_and_after_it() -> None:
    asked = ["find a", "scheduled a", "logged b", "active_jobs", "known_jobs 12"]
    asked += ["stop c", "delete d"]
    for moment in range(1, 2 * len(asked) + 2):
        ips = Recorder()
        with suppress(Killed):
            look(DoomedGateway(ips, Doom(at=moment)))
        assert ips.asked == asked[: moment // 2]


def look(gateway: IpsGateway) -> None:
    gateway.find("a")
    gateway.scheduled("a")
    gateway.logged("b")
    gateway.active_jobs()
    gateway.known_jobs(NOON)
    gateway.stop("c")
    gateway.delete("d")
