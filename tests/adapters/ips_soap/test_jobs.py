"""Finding a job by the name we gave it, in whichever list IPS has it at the moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway
from s7spec.adapters.ips_soap.snapshots import zip_urls
from s7spec.model.ips import JobDetail, JobEcho, JobPhase
from s7spec.ports import IpsAnswerUnreadable, IpsFault
from tests.adapters.ips_soap.peer import Peer, fault, returned

Connect = Callable[..., IpsSoapGateway]
NAME = "s7-shop-0123abcd-89ef0123-g1"
URL = "https://s7ips1.scene7.com/Exports/Acme/31/5f1c.zip"


def active(*jobs: str) -> bytes:
    return returned("getActiveJobs", f"<jobArray>{''.join(jobs)}</jobArray>")


def scheduled(*jobs: str) -> bytes:
    return returned("getScheduledJobs", f"<jobArray>{''.join(jobs)}</jobArray>")


def logged(*logs: str) -> bytes:
    return returned("getJobLogDetails", f"<jobLogArray>{''.join(logs)}</jobLogArray>")


def job(handle: str = "j|7||run|31", *, name: str = NAME, inner: str = "") -> str:
    return (
        f"<items><companyHandle>c|7</companyHandle><jobHandle>{handle}</jobHandle>"
        f"<name>{name}_2026-01-02</name><originalName>{name}</originalName>{inner}</items>"
    )


def log(handle: str = "j|7||run|31", *, name: str = NAME, inner: str = "") -> str:
    return (
        f"<items><companyHandle>c|7</companyHandle><jobHandle>{handle}</jobHandle>"
        f"<originalJobName>{name}</originalJobName><logType>BeginExportJob</logType>"
        f"<jobSubType/>{inner}</items>"
    )


def detail(asset: str, kind: str = "ExportJobRenderFileSuccess", rest: str = "") -> str:
    return (
        f"<items><logMessage>{asset} done</logMessage><logType>{kind}</logType>"
        f"<assetName>{asset}</assetName>{rest}<auxArray/></items>"
    )


def details(*rows: str) -> str:
    return f"<detailArray>{''.join(rows)}</detailArray>"


ENDED = (
    "<startDate>2026-01-02T03:04:05.678-08:00</startDate>"
    "<endDate>2026-01-02T03:04:06.000-08:00</endDate>"
)


@pytest.fixture
def ips(peer: Peer) -> Peer:
    """A peer whose lists are all empty."""
    peer.answer("getActiveJobs", active())
    peer.answer("getScheduledJobs", scheduled())
    peer.answer("getJobLogDetails", logged())
    return peer


def order(peer: Peer) -> list[str]:
    return [r.operation for r in peer.requests if r.operation != "getCompanyInfo"]


def test_nowhere_means_all_lists_and_active_again(ips: Peer, connect: Connect) -> None:
    assert connect(ips.endpoint).find(NAME) is None
    lists = ["getActiveJobs", "getScheduledJobs", "getJobLogDetails", "getActiveJobs"]
    assert order(ips) == lists
    for body in ips.bodies("getActiveJobs"):
        assert "includeWaitingJobs>true<" in body
        assert f"originalName>{NAME}<" in body


def test_running(ips: Peer, connect: Connect) -> None:
    inner = (
        "<state>Running</state><startDate>2026-01-02T03:04:05.678Z</startDate>"
        "<progress>40</progress><progressMessage>4 of 10</progressMessage>"
    )
    ips.answer("getActiveJobs", active(job(inner=inner)))
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert (found.phase, found.jobHandle, found.copies) == (JobPhase.ACTIVE, "j|7||run|31", 1)
    assert (found.progress, found.progressMessage) == (40, "4 of 10")
    assert found.startDate == datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    assert order(ips) == ["getActiveJobs"]


@pytest.mark.parametrize("inner", ["", "<state/><progress/>", "<progress>-1</progress>"])
def test_running_with_hardly_any_fields(inner: str, ips: Peer, connect: Connect) -> None:
    ips.answer("getActiveJobs", active(job(inner=inner)))
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert (found.phase, found.progress, found.startDate) == (JobPhase.ACTIVE, None, None)


EXPORT = (
    "<exportJob><assetHandleArray><items>a|1</items><items>a|2</items></assetHandleArray>"
    "<fmt>convert</fmt><is_modifier>wid=20&amp;fmt=jpeg</is_modifier><macro/>"
    "<emailSetting>None</emailSetting></exportJob>"
)
ECHOES = {
    EXPORT: JobEcho(
        fmt="convert", is_modifier="wid=20&fmt=jpeg", macro=None, emailSetting="None", assets=2
    ),
    "<exportJob/>": JobEcho(fmt=None, is_modifier=None, macro=None, emailSetting=None, assets=0),
    "<uploadUrlsJob/>": None,
}


@pytest.mark.parametrize(("inner", "echo"), ECHOES.items(), ids=["whole", "empty", "no export"])
def test_the_payload_is_shown_as_ips_shows_it(
    inner: str, echo: JobEcho | None, ips: Peer, connect: Connect
) -> None:
    ips.answer("getActiveJobs", active(job(inner=inner)), active())
    ips.answer("getScheduledJobs", scheduled(job(inner=inner)))
    gateway = connect(ips.endpoint, credentials=Credentials(user="u", password="wid"))
    running, waiting = gateway.find(NAME), gateway.find(NAME)
    assert running is not None
    assert waiting is not None
    assert (running.phase, waiting.phase) == (JobPhase.ACTIVE, JobPhase.SCHEDULED)
    assert running.echo == waiting.echo == echo, "also when it holds the password by chance"


class TestLogged:
    """The logs alone: one call for a job that has ended."""

    def test_unknown(self, ips: Peer, connect: Connect) -> None:
        ips.answer("getJobLogDetails", logged(log(name="other", inner=ENDED)))
        assert connect(ips.endpoint).logged(NAME) is None
        assert order(ips) == ["getJobLogDetails"]

    def test_ended_as_find_tells_it(self, ips: Peer, connect: Connect) -> None:
        rows = details(detail("shoe"), detail(URL, "ZipFileExportJobSuccess"))
        counts = "<fileSuccessCount>2</fileSuccessCount><detailTotalRows>2</detailTotalRows>"
        ips.answer(
            "getJobLogDetails", logged(log(inner=ENDED + counts + rows), log("j|2", inner=ENDED))
        )
        gateway = connect(ips.endpoint)
        found = gateway.logged(NAME)
        assert order(ips) == ["getJobLogDetails"]
        assert found is not None
        assert (found.phase, found.copies, found.zip_urls) == (JobPhase.ENDED, 2, (URL,))
        assert found == gateway.find(NAME)

    @pytest.mark.parametrize("rows", ["", details(detail("shoe"))])
    def test_at_work(self, rows: str, ips: Peer, connect: Connect) -> None:
        ips.answer("getJobLogDetails", logged(log(inner=rows)))
        found = connect(ips.endpoint).logged(NAME)
        assert found is not None
        assert (found.phase, found.details, found.zip_urls) == (JobPhase.ACTIVE, (), ())

    def test_a_zip_without_an_end_is_left_to_find(self, ips: Peer, connect: Connect) -> None:
        rows = details(detail(URL, "ZipFileExportJobSuccess"))
        ips.answer("getJobLogDetails", logged(log(inner=rows)))
        gateway = connect(ips.endpoint)
        found = gateway.logged(NAME)
        assert found is not None
        assert (found.phase, found.zip_urls) == (JobPhase.ACTIVE, ())
        assert order(ips) == ["getJobLogDetails"]
        further = gateway.find(NAME)
        assert further is not None
        assert further.phase is JobPhase.ENDED

    def test_all_pages(self, ips: Peer, connect: Connect) -> None:
        total = "<detailTotalRows>3</detailTotalRows>"
        ips.answer(
            "getJobLogDetails",
            logged(log(inner=ENDED + total + details(detail("a"), detail("b")))),
            logged(log(inner=total + details(detail("c")))),
        )
        found = connect(ips.endpoint).logged(NAME)
        assert found is not None
        assert [d.assetName for d in found.details] == ["a", "b", "c"]

    def test_a_failure_is_never_an_absence(self, ips: Peer, connect: Connect) -> None:
        ips.answer("getJobLogDetails", fault("ipsApiFault", 30000))
        with pytest.raises(IpsFault):
            connect(ips.endpoint).logged(NAME)


def test_loose_matches_are_not_ours(ips: Peer, connect: Connect) -> None:
    near = [NAME + "0", NAME.upper(), "x" + NAME]
    ips.answer("getActiveJobs", active(*(job(name=n) for n in near)))
    ips.answer("getScheduledJobs", scheduled(*(job(name=n) for n in near)))
    ips.answer("getJobLogDetails", logged(*(log(name=n, inner=ENDED) for n in near)))
    assert connect(ips.endpoint).find(NAME) is None


def test_scheduled(ips: Peer, connect: Connect) -> None:
    fire = "<nextFireTime>2026-01-02T03:00:00Z</nextFireTime>"
    ips.answer("getScheduledJobs", scheduled(job(f"j|7|{NAME}||", inner=fire)))
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert (found.phase, found.jobHandle) == (JobPhase.SCHEDULED, f"j|7|{NAME}||")


def test_the_list_of_scheduled_jobs_alone(ips: Peer, connect: Connect) -> None:
    """Whatever runs or ran under the name."""
    ips.answer("getActiveJobs", active(job()))
    ips.answer("getJobLogDetails", logged(log(inner=ENDED)))
    gateway = connect(ips.endpoint)
    ips.answer("getScheduledJobs", scheduled(job(name=NAME + "0")))
    assert gateway.scheduled(NAME) is None
    assert gateway.scheduled("\x00") is None
    ips.answer("getScheduledJobs", scheduled(job(f"j|7|{NAME}||")))
    found = gateway.scheduled(NAME)
    assert found is not None
    assert (found.phase, found.jobHandle) == (JobPhase.SCHEDULED, f"j|7|{NAME}||")
    assert order(ips) == ["getScheduledJobs"] * 2


def test_ended_with_everything(ips: Peer, connect: Connect) -> None:
    rows = details(
        detail(
            "shoe",
            rest="<assetType>ExportJobRenderedFile</assetType><assetHandle>a|1</assetHandle>",
        ),
        detail(URL, "ZipFileExportJobSuccess", "<assetType>ExportJobZip</assetType>"),
    )
    counts = (
        "<fileSuccessCount>2</fileSuccessCount><fileErrorCount>1</fileErrorCount>"
        "<fileWarningCount>3</fileWarningCount><totalFileCount>0</totalFileCount>"
        "<fatalError>false</fatalError><detailTotalRows>2</detailTotalRows>"
    )
    ips.answer("getJobLogDetails", logged(log(inner=ENDED + counts + rows)))
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert (found.phase, found.copies) == (JobPhase.ENDED, 1)
    assert found.endDate == datetime(2026, 1, 2, 3, 4, 6, tzinfo=timezone(-timedelta(hours=8)))
    counted = (found.fileSuccessCount, found.fileErrorCount, found.fileWarningCount)
    assert counted == (2, 1, 3)
    assert found.details[0] == JobDetail(
        logType="ExportJobRenderFileSuccess",
        logMessage="shoe done",
        assetName="shoe",
        assetType="ExportJobRenderedFile",
        assetHandle="a|1",
    )
    assert found.details[1].assetHandle is None
    assert found.zip_urls == (URL,)
    assert order(ips) == ["getActiveJobs", "getScheduledJobs", "getJobLogDetails"]


def test_ended_by_a_fatal_error(ips: Peer, connect: Connect) -> None:
    ips.answer("getJobLogDetails", logged(log(inner="<fatalError>true</fatalError>")))
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert (found.phase, found.fatalError, found.zip_urls) == (JobPhase.ENDED, True, ())


def test_a_log_without_an_end_is_still_active(ips: Peer, connect: Connect) -> None:
    ips.answer("getJobLogDetails", logged(log(inner=details(detail("shoe")))))
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert (found.phase, found.details, found.progress) == (JobPhase.ACTIVE, (), None)


@pytest.mark.parametrize(("late", "phase"), [(False, JobPhase.ENDED), (True, JobPhase.ACTIVE)])
def test_a_zip_ends_a_log_unless_something_is_at_work(
    late: bool, phase: JobPhase, ips: Peer, connect: Connect
) -> None:
    rows = details(detail(URL, "ZipFileExportJobSuccess"))
    ips.answer("getActiveJobs", active(), active(*([job()] if late else [])))
    ips.answer("getJobLogDetails", logged(log(inner=rows)))
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert found.phase is phase


def test_done_among_the_active_is_read_from_the_log(ips: Peer, connect: Connect) -> None:
    ips.answer("getActiveJobs", active(job(inner="<state>Done</state>")))
    ips.answer("getJobLogDetails", logged(log(inner=ENDED)))
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert found.phase is JobPhase.ENDED


def test_done_but_not_logged_yet_is_not_absent(ips: Peer, connect: Connect) -> None:
    ips.answer("getActiveJobs", active(job(inner="<state>Done</state>")), active())
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert found.phase is JobPhase.ACTIVE


def test_fired_while_we_looked(ips: Peer, connect: Connect) -> None:
    ips.answer("getActiveJobs", active(), active(job()))
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert found.phase is JobPhase.ACTIVE


def test_copies_are_distinct_jobs_and_the_oldest_counts(ips: Peer, connect: Connect) -> None:
    older = ENDED.replace("03:04:05", "03:04:01")
    ips.answer(
        "getJobLogDetails",
        logged(
            log("j|7||b|32", inner=ENDED),
            log("j|7||a|31", inner=older + details(detail("shoe"))),
            log("j|7||b|32", inner=ENDED),
        ),
    )
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert (found.copies, found.jobHandle) == (2, "j|7||a|31")
    assert [d.assetName for d in found.details] == ["shoe"]


def test_active_copies(ips: Peer, connect: Connect) -> None:
    second = "<startDate>2026-01-02T03:00:02Z</startDate>"
    first = "<startDate>2026-01-02T03:00:01Z</startDate>"
    ips.answer("getActiveJobs", active(job("j|2", inner=second), job("j|1", inner=first)))
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert (found.copies, found.jobHandle) == (2, "j|1")


def test_details_are_read_page_by_page(ips: Peer, connect: Connect) -> None:
    total = "<detailTotalRows>5</detailTotalRows>"
    ips.answer(
        "getJobLogDetails",
        logged(log(inner=ENDED + total + details(detail("a"), detail("b")))),
        logged(
            log("j|other", inner=details(detail("x"))),
            log(inner=total + details(detail("c"), detail("d"))),
        ),
        logged(log(inner=total + details(detail("e")))),
    )
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert [d.assetName for d in found.details] == ["a", "b", "c", "d", "e"]
    bodies = ips.bodies("getJobLogDetails")
    assert [f"resultsPage>{n}<" in body for n, body in enumerate(bodies, 1)] == [True] * 3
    assert all("recordsPerPage>1000<" in body for body in bodies)


@pytest.mark.parametrize(
    "second",
    [
        logged(log(inner=details(detail("a")))),
        logged(log(inner=details())),
        logged(log("j|other", inner=details(detail("x")))),
        logged(),
    ],
    ids=["repeated", "empty", "another job", "gone"],
)
def test_a_total_that_never_comes_does_not_hold_us(
    second: bytes, ips: Peer, connect: Connect
) -> None:
    first = ENDED + "<detailTotalRows>9</detailTotalRows>" + details(detail("a"))
    ips.answer("getJobLogDetails", logged(log(inner=first)), second)
    found = connect(ips.endpoint).find(NAME)
    assert found is not None
    assert [d.assetName for d in found.details] == ["a"]
    assert ips.count("getJobLogDetails") == 2


@pytest.mark.parametrize("operation", ["getActiveJobs", "getScheduledJobs", "getJobLogDetails"])
def test_a_failed_lookup_is_never_an_absence(operation: str, ips: Peer, connect: Connect) -> None:
    ips.answer(operation, fault("ipsApiFault", 30000))
    with pytest.raises(IpsFault):
        connect(ips.endpoint).find(NAME)


@pytest.mark.parametrize("inner", ["<progress>half</progress>", "<startDate>yesterday</startDate>"])
def test_odd_values_are_told(inner: str, ips: Peer, connect: Connect) -> None:
    ips.answer("getActiveJobs", active(job(inner=inner)))
    with pytest.raises(IpsAnswerUnreadable, match="items whose"):
        connect(ips.endpoint).find(NAME)


def test_all_active_jobs(ips: Peer, connect: Connect) -> None:
    inner = (
        "<state>WaitingCoordinator</state><submitUserEmail>bob@example.com</submitUserEmail>"
        "<description/><startDate>2026-01-02T03:00:00</startDate><progress>0</progress>"
    )
    ips.answer("getActiveJobs", active(job(inner=inner), job("j|2", name="theirs")))
    ours, theirs = connect(ips.endpoint).active_jobs()
    assert (ours.originalName, ours.state, ours.progress) == (NAME, "WaitingCoordinator", 0)
    assert (ours.submitUserEmail, ours.description) == ("bob@example.com", "")
    assert ours.startDate == datetime(2026, 1, 2, 3, tzinfo=UTC)
    assert (theirs.originalName, theirs.state) == ("theirs", "Unknown")
    assert "originalName>" not in ips.bodies("getActiveJobs")[0]


def one(name: str | None, kind: str = "X", asset_type: str | None = None) -> JobDetail:
    return JobDetail(logType=kind, logMessage="", assetName=name, assetType=asset_type)


@pytest.mark.parametrize(
    ("rows", "urls"),
    [
        ([], ()),
        ([one("shoe"), one(None)], ()),
        ([one(URL, "ZipFileExportJobSuccess")], (URL,)),
        ([one(URL, asset_type="ExportJobZip")], (URL,)),
        ([one("shoe"), one(URL)], (URL,)),
        ([one(URL + "1"), one(URL, asset_type="ExportJobZip")], (URL,)),
        ([one("not a URL", "ZipFileExportJobSuccess"), one(URL)], (URL,)),
        ([one("ftp://x/y", "ZipFileExportJobSuccess")], ()),
        (
            [one(URL + "2", asset_type="ExportJobZip"), one(URL, asset_type="ExportJobZip")] * 2,
            (URL + "2", URL),
        ),
    ],
)
def test_where_the_archives_lie(rows: list[JobDetail], urls: tuple[str, ...]) -> None:
    assert zip_urls(rows) == urls
