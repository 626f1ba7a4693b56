"""What nobody has published: each switch, in every position."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from s7spec.emulator import Quirks, SimulatedClock
from s7spec.emulator.quirks import KnownName, LargeZip, LogVisible, ManyAssets, UnknownAsset

if TYPE_CHECKING:
    from tests.emulator.conftest import Ips, Reply, Serve

ITEM = "jobArray/items"
LOG = "jobLogArray/items"
DETAIL = f"{LOG}/detailArray/items"


def submit(ips: Ips, name: str, handles: list[str]) -> Reply:
    return ips.call("submitJob", ips.export_job(name, handles))


def test_the_defaults() -> None:
    assert Quirks() == Quirks(
        many_assets=ManyAssets.REFUSE,
        large_zip=LargeZip.ACCEPT,
        max_zip_bytes=1073741824,
        unknown_asset=UnknownAsset.ERROR_IN_LOG,
        log_visible=LogVisible.FROM_START,
        done_jobs_seconds=0,
        known_name=KnownName.ACCEPT,
        most_job_logs=1000,
    )


def test_too_many_assets_are_refused(serve: Serve) -> None:
    ips = serve(max_assets_per_job=2)
    handle = ips.handles()["PS_1"]
    assert submit(ips, "three", [handle] * 3).fault[:2] == ("ipsApiFault", 30001)
    assert submit(ips, "two", [handle] * 2).status == 200


def test_too_many_assets_are_accepted(serve: Serve) -> None:
    ips = serve(max_assets_per_job=2, quirks=Quirks(many_assets=ManyAssets.ACCEPT))
    submit(ips, "three", [ips.handles()["PS_1"]] * 3)
    assert ips.finished("three").text(f"{LOG}/fileSuccessCount") == "4"


def test_too_many_assets_are_cut(serve: Serve) -> None:
    ips = serve(max_assets_per_job=2, quirks=Quirks(many_assets=ManyAssets.TRUNCATE))
    handles = ips.handles()
    submit(ips, "three", [handles[name] for name in ("PS_1", "PS_2", "logo")])
    log = ips.finished("three")
    assert log.text(f"{LOG}/fileSuccessCount") == "3"
    assert log.text(f"{LOG}/fileWarningCount") == "1"
    assert log.texts(f"{DETAIL}/logType") == [
        "ExportJobWarning",
        "ExportJobRenderFileSuccess",
        "ExportJobRenderFileSuccess",
        "ZipFileExportJobSuccess",
    ]
    assert log.texts(f"{DETAIL}/logMessage")[0] == "only the first 2 of 3 assets are exported"
    assert log.texts(f"{DETAIL}/assetHandle") == [handles["PS_1"], handles["PS_2"]]
    submit(ips, "two", [handles["PS_1"]] * 2)
    assert ips.finished("two").text(f"{LOG}/fileWarningCount") == "0"


@pytest.mark.parametrize("quirk", [LargeZip.ACCEPT, LargeZip.ERROR])
def test_a_large_zip(serve: Serve, catalog: Path, quirk: LargeZip) -> None:
    Image.effect_noise((200, 200), 80).save(catalog / "noise.png")
    ips = serve(quirks=Quirks(large_zip=quirk, max_zip_bytes=20_000))
    handles = ips.handles()
    submit(ips, "large", [handles["PS_1"], handles["noise"], handles["PS_2"]])
    submit(ips, "small", [handles["PS_1"], handles["PS_2"]])
    assert ips.finished("small").text(f"{LOG}/fatalError") == "false"
    log = ips.finished("large")
    fatal = quirk is LargeZip.ERROR
    assert log.text(f"{LOG}/fatalError") == str(fatal).lower()
    assert len(list((ips.options.data / "Exports").rglob("*.zip"))) == 2 - fatal
    if fatal:
        assert log.texts(f"{DETAIL}/logType")[-1] == "ZipFileExportJobError"
        assert "larger than 20000 bytes" in log.texts(f"{DETAIL}/logMessage")[-1]
        assert list((ips.options.data / "Exports").rglob("*.part")) == []


def test_an_unknown_asset_is_an_error_in_the_log(ips: Ips) -> None:
    submit(ips, "unknown", [ips.handles()["PS_1"], "a|424242"])
    assert ips.finished("unknown").text(f"{LOG}/fileErrorCount") == "1"


def test_an_unknown_asset_is_a_fault(serve: Serve) -> None:
    ips = serve(quirks=Quirks(unknown_asset=UnknownAsset.FAULT))
    known = ips.handles()["PS_1"]
    reply = submit(ips, "unknown", [known, "a|424242"])
    assert reply.fault == ("ipsApiFault", 30001, "no asset has the handle 'a|424242'")
    assert ips.call("getActiveJobs").find(ITEM) == []
    assert submit(ips, "known", [known]).status == 200


@pytest.mark.parametrize("quirk", [LogVisible.FROM_START, LogVisible.AT_END])
def test_when_a_log_can_be_seen(serve: Serve, quirk: LogVisible) -> None:
    clock = SimulatedClock(datetime(2026, 3, 1, tzinfo=UTC))
    ips = serve(clock=clock, seconds_per_asset=60, quirks=Quirks(log_visible=quirk))
    handle = ips.handles()["PS_1"]
    submit(ips, "job", [handle] * 2)
    ips.until(lambda: ips.call("getActiveJobs"), lambda r: r.texts(f"{ITEM}/state") == ["Running"])
    ips.wait_out(clock, timedelta(seconds=60))
    active = ips.until(
        lambda: ips.call("getActiveJobs"), lambda r: r.texts(f"{ITEM}/progress") == ["50"]
    )
    run = active.text(f"{ITEM}/jobHandle")
    expected = 1 if quirk is LogVisible.FROM_START else 0

    def logs() -> list[int]:
        by_run = ips.children(companyHandle="c|110", jobHandle=run)
        by_asset = ips.children(companyHandle="c|110", assetHandle=handle)
        return [
            len(reply.find(LOG))
            for reply in (
                ips.log("job"),
                ips.call("getJobLogs"),
                ips.call("getJobLogDetails", by_run),
                ips.call("getAssetJobLogs", by_asset),
            )
        ]

    assert logs() == [expected] * 4
    ips.wait_out(clock, timedelta(seconds=60))
    ips.finished("job")
    assert logs() == [1, 1, 1, 2]


def test_a_done_job_stays_active_for_a_while(serve: Serve) -> None:
    clock = SimulatedClock(datetime(2026, 3, 1, tzinfo=UTC))
    ips = serve(clock=clock, quirks=Quirks(done_jobs_seconds=30))
    ips.export(ips.export_job("done", [ips.handles()["PS_1"]]), "done")
    clock.advance(timedelta(seconds=29))
    active = ips.call("getActiveJobs")
    assert active.texts(f"{ITEM}/state") == ["Done"]
    assert active.texts(f"{ITEM}/progress") == ["100"]
    assert active.find(f"{ITEM}/taskProgressArray/items") == []
    inner = ips.children(companyHandle="c|110", jobHandle="j|110|done||")
    assert ips.call("stopJob", inner).fault[1] == 30001
    clock.advance(timedelta(seconds=1))
    assert ips.call("getActiveJobs").find(ITEM) == []


def test_a_known_name_is_refused(serve: Serve) -> None:
    ips = serve(quirks=Quirks(known_name=KnownName.REFUSE))
    handle = ips.handles()["PS_1"]
    assert submit(ips, "job", [handle]).status == 200
    ips.finished("job")
    reply = submit(ips, "job", [handle])
    assert reply.fault == ("ipsApiFault", 30001, "there is a job with the name 'job' already")
    assert submit(ips, "Job", [handle]).status == 200
    later = ips.export_job("later", [handle]).replace(
        "</jobName>", "</jobName><execSchedule>0 0 0 1 1 ?</execSchedule>"
    )
    assert ips.call("submitJob", later).status == 200
    assert ips.call("submitJob", later).fault[1] == 30001
    assert submit(ips, "later", [handle]).fault[1] == 30001


def test_every_switch_can_be_set_by_its_name() -> None:
    quirks = Quirks().with_value("many_assets", "accept").with_value("max_zip_bytes", "5")
    quirks = quirks.with_value("previews_of_unpublished", "true")
    assert quirks == Quirks(
        many_assets=ManyAssets.ACCEPT, max_zip_bytes=5, previews_of_unpublished=True
    )
    for name in (field.name for field in fields(Quirks)):
        with pytest.raises(ValueError, match=name):
            Quirks().with_value(name, "neither")
    with pytest.raises(ValueError, match="there is no quirk 'x': choose from many_assets"):
        Quirks().with_value("x", "1")


def test_the_documentation_lists_every_switch() -> None:
    text = (Path(__file__).parents[2] / "docs" / "embedded-ips.md").read_text()
    for field in fields(Quirks):
        assert f"`{field.name}`" in text


@pytest.mark.parametrize("asked", ["", "<numRows>1000</numRows>"])
def test_a_window_of_logs_may_be_cut(serve: Serve, asked: str) -> None:
    ips = serve(quirks=Quirks(most_job_logs=2))
    for name in ("a", "b", "c"):
        submit(ips, name, [ips.handles()["PS_1"]])
        ips.finished(name)
    up = "<sortBy>StartDate</sortBy><sortDirection>Ascending</sortDirection>"
    names = f"{LOG}/originalJobName"
    assert ips.call("getJobLogs", f"{up}{asked}").texts(names) == ["a", "b"]
    assert ips.call("getJobLogs", "<numRows>1</numRows>").texts(names) == ["c"]
