"""Reading all lists: getJobLogs has no pages and no total, and no row may be lost silently."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway
from s7spec.model.ips import JobPhase, KnownJob
from s7spec.ports import IpsAnswerUnreadable, IpsFault
from tests.adapters.ips_soap.peer import Peer, fault, returned, sends

Connect = Callable[..., IpsSoapGateway]
SECOND = timedelta(seconds=1)
NOW = datetime.now(UTC).replace(microsecond=0)
START = NOW - timedelta(days=7)
ASKED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    name: str
    at: datetime
    number: int = 1
    end: bool = True

    @property
    def handle(self) -> str:
        return f"j|7||{self.name}_2026|{self.number}"

    def xml(self, name_field: str = "originalJobName", inner: str = "") -> str:
        end = f"<endDate>{(self.at + SECOND).isoformat()}</endDate>" if self.end else ""
        return (
            f"<items><jobHandle>{self.handle}</jobHandle><{name_field}>{self.name}</{name_field}>"
            f"<startDate>{self.at.isoformat()}</startDate>{end}<description>plan 5</description>"
            f"{inner}</items>"
        )


@dataclass
class Logs:
    """A getJobLogs that knows rows, gives ``most`` of them, and may not sort as asked."""

    peer: Peer
    rows: Sequence[Row]
    most: int = 1000
    sorts: bool = True
    bounds: bool = True

    def __call__(self, connection: socket.socket) -> None:
        body = self.peer.bodies("getJobLogs")[-1]
        first, last = self._bound("startDate", body), self._bound("endDate", body)
        assert "sortBy>StartDate<" in body
        assert f"numRows>{ASKED}<" in body
        found = [row for row in self.rows if first < row.at < last]
        if self.bounds:
            found += [row for row in self.rows if row.at in (first, last)]
        backwards = not self.sorts or "Descending" in body
        found.sort(key=lambda row: (row.at, row.number), reverse=backwards)
        inner = "".join(row.xml() for row in found[: self.most])
        sends(returned("getJobLogs", f"<jobLogArray>{inner}</jobLogArray>"))(connection)

    def _bound(self, name: str, body: str) -> datetime:
        found = re.search(rf"{name}>([^<]*)<", body)
        assert found is not None
        return datetime.fromisoformat(found[1])


def listed(operation: str, *items: str) -> bytes:
    return returned(operation, f"<jobArray>{''.join(items)}</jobArray>")


@pytest.fixture
def ips(peer: Peer) -> Peer:
    peer.answer("getActiveJobs", listed("getActiveJobs"))
    peer.answer("getScheduledJobs", listed("getScheduledJobs"))
    return peer


def spread(number: int, *, over: timedelta = timedelta(days=6)) -> list[Row]:
    return [Row(name=f"n{k}", at=START + k * over / number, number=k) for k in range(number)]


def names(jobs: Sequence[KnownJob]) -> list[str]:
    return sorted(job.originalName for job in jobs)


def test_the_lists_in_their_order(ips: Peer, connect: Connect) -> None:
    logged, late = Row(name="logged", at=START), Row(name="late", at=NOW, end=False)
    active = "<originalName>active</originalName><description>theirs</description>"
    fire = "<nextFireTime>2036-01-02T03:00:00Z</nextFireTime>"
    ips.answer(
        "getActiveJobs",
        listed("getActiveJobs", f"<items><jobHandle>j|1</jobHandle>{active}</items>"),
        listed("getActiveJobs", late.xml("originalName")),
    )
    waiting = f"<jobHandle>j|7|waits||</jobHandle><originalName>waits</originalName>{fire}"
    ips.answer("getScheduledJobs", listed("getScheduledJobs", f"<items>{waiting}</items>"))
    ips.answer("getJobLogs", Logs(ips, [logged]))
    known = connect(ips.endpoint).known_jobs(START)
    asked = list(dict.fromkeys(request.operation for request in ips.requests))
    assert asked == ["getCompanyInfo", "getActiveJobs", "getScheduledJobs", "getJobLogs"]
    assert ips.requests[-1].operation == "getActiveJobs"
    assert "includeWaitingJobs>true<" in ips.bodies("getActiveJobs")[0]
    assert known == (
        KnownJob(
            originalName="active", jobHandle="j|1", phase=JobPhase.ACTIVE, description="theirs"
        ),
        KnownJob(
            originalName="waits",
            jobHandle="j|7|waits||",
            phase=JobPhase.SCHEDULED,
            startDate=datetime(2036, 1, 2, 3, tzinfo=UTC),
        ),
        KnownJob(
            originalName="logged",
            jobHandle=logged.handle,
            phase=JobPhase.ENDED,
            description="plan 5",
            startDate=START,
            endDate=START + SECOND,
        ),
        KnownJob(
            originalName="late",
            jobHandle=late.handle,
            phase=JobPhase.ACTIVE,
            description="plan 5",
            startDate=NOW,
        ),
    )


@pytest.mark.parametrize("ended", [False, True])
def test_a_run_in_two_lists_is_one_and_its_end_counts(
    ended: bool, ips: Peer, connect: Connect
) -> None:
    run = Row(name="n", at=START)
    ips.answer("getActiveJobs", listed("getActiveJobs", run.xml("originalName")))
    ips.answer("getJobLogs", Logs(ips, [Row(name="n", at=START, end=ended)]))
    (job,) = connect(ips.endpoint).known_jobs(START)
    assert job.phase is (JobPhase.ENDED if ended else JobPhase.ACTIVE)


def test_runs_of_one_name_are_several(ips: Peer, connect: Connect) -> None:
    rows = [Row(name="n", at=START, number=number) for number in (1, 2)]
    ips.answer("getJobLogs", Logs(ips, rows))
    assert len(connect(ips.endpoint).known_jobs(START)) == 2


@pytest.mark.parametrize("sorts", [True, False], ids=["sorted", "newest first"])
@pytest.mark.parametrize("bounds", [True, False], ids=["bounds included", "bounds left out"])
@pytest.mark.parametrize("number", [0, 1, 999, 1000, 1001, 3500])
def test_a_cut_answer_is_asked_for_in_halves(
    number: int, bounds: bool, sorts: bool, ips: Peer, connect: Connect
) -> None:
    rows = spread(number)
    ips.answer("getJobLogs", Logs(ips, rows, sorts=sorts, bounds=bounds))
    known = connect(ips.endpoint).known_jobs(START)
    assert names(known) == names_of(rows)
    assert ips.count("getJobLogs") < 100


def names_of(rows: Sequence[Row]) -> list[str]:
    return sorted(row.name for row in rows)


@pytest.mark.parametrize("most", [1500, 5000])
def test_a_server_that_gives_more_than_asked_for_is_not_believed(
    most: int, ips: Peer, connect: Connect
) -> None:
    rows = spread(3500)
    ips.answer("getJobLogs", Logs(ips, rows, most=most))
    assert names(connect(ips.endpoint).known_jobs(START)) == names_of(rows)


@pytest.mark.parametrize("most", [10, 100, 999])
def test_a_server_that_gives_fewer_than_asked_for_is_asked_on(
    most: int, ips: Peer, connect: Connect
) -> None:
    rows = spread(500)
    ips.answer("getJobLogs", Logs(ips, rows, most=most))
    assert names(connect(ips.endpoint).known_jobs(START)) == names_of(rows)
    assert ips.count("getJobLogs") < 60


def at_one_moment(number: int) -> list[Row]:
    return [Row(name=f"n{k}", at=START + SECOND, number=k) for k in range(number)]


@pytest.mark.parametrize("most", [5, 1000])
def test_as_many_at_one_moment_as_an_answer_holds(most: int, ips: Peer, connect: Connect) -> None:
    rows = at_one_moment(5)
    ips.answer("getJobLogs", Logs(ips, rows, most=most))
    assert names(connect(ips.endpoint).known_jobs(START)) == names_of(rows)


@pytest.mark.parametrize("later", [True, False])
def test_more_at_one_moment_than_an_answer_holds_is_told(
    later: bool, ips: Peer, connect: Connect
) -> None:
    rows = at_one_moment(6) + [Row(name="later", at=NOW)] * later
    ips.answer("getJobLogs", Logs(ips, rows, most=5))
    with pytest.raises(IpsAnswerUnreadable, match="than IPS gives in one answer"):
        connect(ips.endpoint).known_jobs(START)


def test_a_burst_is_read_second_by_second(ips: Peer, connect: Connect) -> None:
    rows = spread(2500, over=timedelta(seconds=10))
    ips.answer("getJobLogs", Logs(ips, rows))
    assert names(connect(ips.endpoint).known_jobs(START)) == names_of(rows)


def test_more_in_a_second_than_an_answer_holds_is_told(ips: Peer, connect: Connect) -> None:
    ips.answer("getJobLogs", Logs(ips, spread(1200, over=SECOND / 2)))
    with pytest.raises(IpsAnswerUnreadable, match="1000 job logs within two seconds") as caught:
        connect(ips.endpoint).known_jobs(START)
    assert f"from {START - SECOND:%Y-%m-%d %H:%M:%S} UTC" in str(caught.value)


def test_a_fault_halfway_is_no_short_list(ips: Peer, connect: Connect) -> None:
    logs = Logs(ips, spread(1500))
    ips.answer("getJobLogs", logs, logs, fault("ipsApiFault", 30000))
    with pytest.raises(IpsFault):
        connect(ips.endpoint).known_jobs(START)


@pytest.mark.parametrize(
    "since",
    [
        datetime.min.replace(tzinfo=UTC),
        NOW + timedelta(days=900),
        START + timedelta(microseconds=1),
    ],
    ids=["ever", "never", "odd"],
)
def test_any_moment_will_do(since: datetime, ips: Peer, connect: Connect) -> None:
    ips.answer("getJobLogs", Logs(ips, [Row(name="n", at=START + SECOND)]))
    known = connect(ips.endpoint).known_jobs(since)
    assert len(known) == (since < NOW)


def test_rows_that_lack_what_they_must_have(ips: Peer, connect: Connect) -> None:
    """Without dates nothing can be asked on; without names nothing is ours."""
    ips.answer(
        "getJobLogs",
        returned("getJobLogs", "<jobLogArray><items/><items><x/></items></jobLogArray>"),
    )
    (job,) = connect(ips.endpoint).known_jobs(START)
    assert (job.originalName, job.jobHandle, job.phase) == ("", "", JobPhase.ACTIVE)


def test_without_the_password(ips: Peer, connect: Connect) -> None:
    row = Row(name="shop", at=START).xml().replace("plan 5", "s3cret-canary")
    ips.answer("getJobLogs", returned("getJobLogs", f"<jobLogArray>{row}</jobLogArray>"))
    (job,) = connect(ips.endpoint).known_jobs(START)
    assert job.description == "***"


def test_a_short_password_leaves_names_and_handles_alone(ips: Peer, connect: Connect) -> None:
    row = Row(name="shop-demo", at=START)
    ips.answer("getJobLogs", Logs(ips, [row]))
    login = Credentials(user="demo@example.com", password="26")
    (job,) = connect(ips.endpoint, credentials=login).known_jobs(START)
    assert (job.originalName, job.jobHandle) == ("shop-demo", row.handle)
