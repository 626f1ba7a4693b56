"""How the end of a job is read from its log."""

from dataclasses import replace

import pytest

from s7spec.apply.joblog import read_ending
from s7spec.model.ips import JobDetail, JobPhase, JobSnapshot
from s7spec.model.ledger import AttemptState, OutcomeKind
from tests.fakes.catalog import asset

ASSETS = (asset("Acme/one"), asset("Acme/two", handle="a|22"))
WANTED = tuple(found.version for found in ASSETS)
URL = "https://s7ips1.scene7.com/Exports/Acme/5000/0f.zip"
ZIP = JobDetail(
    logType="ZipFileExportJobSuccess",
    logMessage=f"{URL} has been created",
    assetName=URL,
    assetType="ExportJobZip",
)
ZIP_FAILED = JobDetail(logType="ZipFileExportJobError", logMessage="disk full")


def line(kind: str, name: str | None = None, handle: str | None = None) -> JobDetail:
    return JobDetail(
        logType=f"ExportJobRenderFile{kind}",
        logMessage=f"{name or handle}: {kind}",
        assetName=name,
        assetHandle=handle,
    )


GOOD = (line("Success", "one"), line("Success", "two"))


def ended(
    *details: JobDetail,
    good: int = 0,
    errors: int = 0,
    warnings: int = 0,
    fatal: bool = False,
    zip_urls: tuple[str, ...] = (URL,),
) -> JobSnapshot:
    return JobSnapshot(
        originalName="s7-x-g1",
        jobHandle="j|7||x|1",
        phase=JobPhase.ENDED,
        fileSuccessCount=good,
        fileErrorCount=errors,
        fileWarningCount=warnings,
        fatalError=fatal,
        details=details,
        zip_urls=zip_urls,
    )


CASES: dict[str, tuple[JobSnapshot, str, str, str]] = {
    # name: log, state, kinds of both assets, message
    "all good": (ended(*GOOD, ZIP), "ok", "ok ok", ""),
    "warnings are good": (
        ended(line("Warning", "one"), line("Success", "two"), ZIP),
        "ok",
        "warning ok",
        "",
    ),
    "one error": (
        ended(line("Error", "one"), line("Success", "two"), ZIP, errors=1),
        "partial",
        "error ok",
        "1 of 2 assets failed, first Acme/one: one: Error",
    ),
    "failure is an error": (
        ended(line("Failure", "one"), line("Success", "two"), ZIP),
        "partial",
        "error ok",
        "1 of 2 assets failed, first Acme/one: one: Failure",
    ),
    "all errors": (
        ended(line("Error", "one"), line("Error", "two"), zip_urls=()),
        "failed",
        "error error",
        "2 of 2 assets failed, first Acme/one: one: Error; the job log names no ZIP",
    ),
    "the worst line counts": (
        ended(line("Success", "one"), line("Error", "one"), line("Success", "one"), GOOD[1], ZIP),
        "partial",
        "error ok",
        "1 of 2 assets failed, first Acme/one: one: Error",
    ),
    "fatal": (
        ended(*GOOD, ZIP, fatal=True),
        "failed",
        "ok ok",
        "IPS reports a fatal error",
    ),
    "cancelled": (
        ended(GOOD[0], JobDetail(logType="FileCancel", logMessage="by anna"), zip_urls=()),
        "stopped",
        "ok unknown",
        "by anna; the job log does not mention 1 of 2 assets; the job log names no ZIP",
    ),
    "stopped is more than fatal": (
        ended(JobDetail(logType="ExportJobStopped", logMessage="stopped"), *GOOD, ZIP, fatal=True),
        "stopped",
        "ok ok",
        "stopped",
    ),
    "silent about one": (
        ended(GOOD[0], ZIP, good=2),
        "partial",
        "ok unknown",
        "the job log does not mention 1 of 2 assets",
    ),
    "silent about all": (
        ended(),
        "partial",
        "unknown unknown",
        "the job log does not mention 2 of 2 assets",
    ),
    "silent, but the counters vouch for all and the ZIP": (
        ended(good=3),
        "ok",
        "unknown unknown",
        "the job log does not mention 2 of 2 assets",
    ),
    "silent, and the ZIP among the successes": (
        ended(good=2),
        "partial",
        "unknown unknown",
        "the job log does not mention 2 of 2 assets",
    ),
    "a warned file counts twice and vouches once": (
        ended(line("Warning", "one"), ZIP, good=2, warnings=1),
        "partial",
        "warning unknown",
        "the job log does not mention 1 of 2 assets",
    ),
    "two files of one asset do not vouch for the other": (
        ended(GOOD[0], GOOD[0], ZIP, good=3),
        "partial",
        "ok unknown",
        "the job log does not mention 1 of 2 assets",
    ),
    "a lost line whose success was counted": (
        ended(GOOD[0], ZIP, good=3),
        "ok",
        "ok unknown",
        "the job log does not mention 1 of 2 assets",
    ),
    "counters that count an error vouch for nothing": (
        ended(*GOOD, ZIP, good=3, errors=1),
        "partial",
        "ok ok",
        "",
    ),
    "an error about something else": (
        ended(*GOOD, ZIP, JobDetail(logType="MetadataFailure", logMessage="no metadata")),
        "partial",
        "ok ok",
        "no metadata",
    ),
    "without the ZIP nothing was delivered": (
        ended(*GOOD, ZIP_FAILED, zip_urls=()),
        "failed",
        "ok ok",
        "disk full; the job log names no ZIP",
    ),
    "no ZIP and no word on it": (
        ended(*GOOD, good=2, zip_urls=()),
        "failed",
        "ok ok",
        "IPS ended the job, but its log names no ZIP",
    ),
    "lines that say nothing about the outcome": (
        ended(line("Begin", "one"), *GOOD, JobDetail(logType="TotalFileCount", logMessage="2")),
        "ok",
        "ok ok",
        "",
    ),
    "assets of others": (ended(*GOOD, line("Success", "three"), ZIP), "ok", "ok ok", ""),
    "an error of an asset of others": (
        ended(*GOOD, line("Error", "three"), ZIP),
        "partial",
        "ok ok",
        "three: Error",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_ending(name: str) -> None:
    seen, state, kinds, message = CASES[name]
    ending = read_ending(seen, WANTED, ASSETS)
    assert ending.state == state
    assert " ".join(outcome.kind for outcome in ending.outcomes) == kinds
    assert ending.message == message
    assert [outcome.asset for outcome in ending.outcomes] == list(WANTED)


def test_only_a_zip_that_nothing_speaks_against_may_still_come() -> None:
    stop = JobDetail(logType="FileCancel", logMessage="by anna")
    some = (line("Error", "one"), line("Success", "two"))
    all_failed = (line("Error", "one"), line("Error", "two"))
    for details, fatal, awaits in (
        (GOOD, False, True),
        ((), False, True),
        (some, False, True),
        (all_failed, False, False),
        ((*GOOD, ZIP_FAILED), False, False),
        ((*GOOD, stop), False, False),
        (GOOD, True, False),
    ):
        seen = ended(*details, fatal=fatal, zip_urls=())
        assert read_ending(seen, WANTED, ASSETS).awaits_zip is awaits, details
    assert not read_ending(ended(*GOOD, ZIP), WANTED, ASSETS).awaits_zip


def test_handles_of_this_run_come_first() -> None:
    """Two assets may share a name; IPS says which by the handle."""
    swapped = ended(line("Error", "one", "a|22"), line("Success", "two", "a|one"), ZIP)
    ending = read_ending(swapped, WANTED, ASSETS)
    assert [outcome.kind for outcome in ending.outcomes] == [OutcomeKind.OK, OutcomeKind.ERROR]


def test_names_are_enough_for_a_job_of_an_earlier_run() -> None:
    older = ended(line("Error", "one", "a|old1"), line("Success", "two", "a|old2"), ZIP)
    for assets in (ASSETS, ()):
        ending = read_ending(older, WANTED, assets)
        assert [outcome.kind for outcome in ending.outcomes] == [OutcomeKind.ERROR, OutcomeKind.OK]


def test_what_an_asset_was_told_is_kept() -> None:
    ending = read_ending(ended(*GOOD, ZIP), WANTED, ASSETS)
    assert [outcome.message for outcome in ending.outcomes] == ["one: Success", "two: Success"]


def test_a_zip_named_like_an_asset_is_no_asset() -> None:
    odd = replace(ZIP, assetName="one", logType="ZipFileExportJobSuccess")
    ending = read_ending(ended(odd, GOOD[1]), WANTED, ASSETS)
    assert ending.state is AttemptState.PARTIAL
    assert ending.outcomes[0].kind is OutcomeKind.UNKNOWN
