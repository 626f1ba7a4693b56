"""Export jobs: from submitJob to the files in the ZIP and the lines in the log."""

from __future__ import annotations

import email
import email.policy
import io
import json
import os
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.emulator.render.icc_files import cmyk_profile

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator.conftest import Ips, Reply, Serve

LOG = "jobLogArray/items"
DETAIL = f"{LOG}/detailArray/items"
STAMP = r"\d{4}-\d\d-\d\d-\d\d:\d\d:\d\d\.\d{3}"


def download(ips: Ips, log: Reply) -> zipfile.ZipFile:
    """The ZIP that the log names, fetched without credentials."""
    (url,) = [text for text in log.texts(f"{DETAIL}/assetName") if text.startswith("http")]
    assert url.startswith(f"{ips.server.url}/Exports/Acme/")
    path = url.removeprefix(ips.server.url)
    reply = ips.request("GET", path)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/zip")
    head = ips.request("HEAD", path)
    assert (head.body, head.headers["Content-Length"]) == (b"", str(len(reply.body)))
    archive = zipfile.ZipFile(io.BytesIO(reply.body))
    assert archive.testzip() is None
    return archive


def counts(log: Reply) -> tuple[int, int, int]:
    kinds = ("Success", "Error", "Warning")
    success, error, warning = (int(log.text(f"{LOG}/file{kind}Count")) for kind in kinds)
    return success, error, warning


def zip_file(ips: Ips, children: str, name: str) -> dict[str, bytes]:
    with download(ips, ips.export(children, name)) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


def test_originals_come_back_byte_for_byte(ips: Ips) -> None:
    handles = ips.handles()
    wanted = ["PS_2", "guide", "PS_1"]
    job = ips.export_job("masters", [handles[name] for name in wanted], emailSetting="All")
    files = zip_file(ips, job, "masters")
    catalog = ips.options.catalog
    assert list(files) == ["PS_2.png", "guide.pdf", "PS_1.jpg"]
    assert files["PS_1.jpg"] == (catalog / "Products" / "ss27" / "PS_1.jpg").read_bytes()
    assert files["PS_2.png"] == (catalog / "Products" / "ss27" / "PS_2.png").read_bytes()
    assert files["guide.pdf"] == (catalog / "Brand" / "guide.pdf").read_bytes()


def test_the_log_is_as_observed(ips: Ips) -> None:
    handle = ips.handles()["PS_1"]
    submitted = ips.submit(ips.export_job("one|é & <two>", [handle]))
    assert submitted == "j|110|one|é & <two>||"
    log = ips.finished("one|é & <two>")
    run = log.text(f"{LOG}/jobHandle")
    match = re.fullmatch(rf"j\|110\|\|(one\|é & <two>_{STAMP})\|(\d+)", run)
    assert match is not None
    assert log.text(f"{LOG}/jobName") == match[1]
    assert log.text(f"{LOG}/originalJobName") == "one|é & <two>"
    assert log.text(f"{LOG}/logType") == "BeginExportJob"
    assert (log.text(f"{LOG}/jobSubType"), log.text(f"{LOG}/description")) == ("", "")
    assert counts(log) == (2, 0, 0)
    for name in ("totalFileCount", "fileDuplicateCount", "transferSuccessCount"):
        assert log.text(f"{LOG}/{name}") == "0"
    assert log.text(f"{LOG}/fatalError") == "false"
    assert log.text(f"{LOG}/detailTotalRows") == "2"
    assert log.texts(f"{DETAIL}/logType") == [
        "ExportJobRenderFileSuccess",
        "ZipFileExportJobSuccess",
    ]
    assert log.texts(f"{DETAIL}/assetType") == ["ExportJobRenderedFile", "ExportJobZip"]
    assert log.texts(f"{DETAIL}/assetHandle") == [handle]
    name, url = log.texts(f"{DETAIL}/assetName")
    assert name == "PS_1"
    assert re.fullmatch(
        rf"{ips.server.url}/Exports/Acme/{match[2]}/[0-9a-f]{{8}}-[0-9a-f-]{{27}}\.zip", url
    )
    assert log.texts(f"{DETAIL}/logMessage") == [
        "PS_1.jpg is exported to PS_1.jpg",
        f"{url} has been created",
    ]
    assert [node.text for node in log.find(f"{DETAIL}/auxArray")] == [None, None]


def test_conversions_are_real(serve: Serve, catalog: Path) -> None:
    (catalog / "catalog.yaml").write_text(
        'presets: [{name: Thumb, urlModifier: "wid=16&hei=16&fmt=png"}]\n'
        "assets: [{file: Products/ss27/PS_2.png, urlPostApplyModifier: wid=11&hei=11}]\n"
    )
    ips = serve()
    handles = ips.handles()
    chosen = [handles["PS_1"], handles["PS_2"]]
    job = ips.export_job("c1", chosen, fmt="convert", is_modifier="&wid=30&fmt=tif")
    files = zip_file(ips, job, "c1")
    assert list(files) == ["PS_1.tiff", "PS_2.tiff"]
    with Image.open(io.BytesIO(files["PS_1.tiff"])) as picture:
        assert (picture.format, picture.size) == ("TIFF", (30, 20))
    with Image.open(io.BytesIO(files["PS_2.tiff"])) as picture:
        assert picture.size == (11, 11)  # the asset's own post modifier wins
    job = ips.export_job("c2", chosen[:1], fmt="convert", is_modifier="fmt=tif", macro="$Thumb$")
    files = zip_file(ips, job, "c2")
    with Image.open(io.BytesIO(files["PS_1.png"])) as picture:
        assert picture.size == (16, 16)


def test_a_bad_asset_does_not_stop_the_others(serve: Serve, catalog: Path) -> None:
    picture = catalog / "Products" / "ss27" / "PS_1.jpg"
    picture.write_bytes(picture.read_bytes()[:-100])  # the header is whole, the picture is not
    (catalog / "catalog.yaml").write_text(
        "assets:\n  - {name: spin, type: SpinSet}\n  - {file: Brand/logo.tif, type: Template}\n"
    )
    ips = serve()
    handles = ips.handles()
    names = ["PS_1", "spin", "PS_2", "guide", "logo"]
    chosen = [*(handles[name] for name in names), "a|424242"]
    log = ips.export(
        ips.export_job("mixed", chosen, fmt="convert", is_modifier="wid=10&fmt=png"), "mixed"
    )
    with download(ips, log) as archive:
        assert archive.namelist() == ["PS_2.png", "guide.pdf"]
        assert archive.read("guide.pdf") == (catalog / "Brand" / "guide.pdf").read_bytes()
    assert counts(log) == (3, 4, 1)
    assert log.text(f"{LOG}/fatalError") == "false"
    types = log.texts(f"{DETAIL}/logType")
    assert types.pop() == "ZipFileExportJobSuccess"
    lines = list(zip(log.texts(f"{DETAIL}/assetHandle"), types, strict=True))
    assert lines == [
        (handles["PS_1"], "ExportJobRenderFileError"),
        (handles["spin"], "ExportJobRenderFileError"),
        (handles["PS_2"], "ExportJobRenderFileSuccess"),
        (handles["guide"], "ExportJobRenderFileSuccess"),
        (handles["guide"], "ExportJobRenderFileWarning"),
        (handles["logo"], "ExportJobRenderFileError"),
        ("a|424242", "ExportJobRenderFileError"),
    ]
    messages = log.texts(f"{DETAIL}/logMessage")
    assert messages[0].startswith("PS_1.jpg is not exported: ")
    assert "SpinSet cannot be exported" in messages[1]
    assert "original" in messages[4]
    assert messages[6] == "a|424242 is not exported: there is no such asset"


def test_nothing_exported_is_fatal_and_leaves_no_zip(ips: Ips) -> None:
    handle = ips.handles()["PS_1"]
    job = ips.export_job("none", [handle], fmt="convert", macro="$Nope$", emailSetting="Error")
    log = ips.export(job, "none")
    assert counts(log) == (0, 2, 0)
    assert log.text(f"{LOG}/fatalError") == "true"
    assert log.texts(f"{DETAIL}/logType") == ["ExportJobRenderFileError", "ZipFileExportJobError"]
    assert "$nope$" in log.texts(f"{DETAIL}/logMessage")[0]
    assert list((ips.options.data / "Exports").rglob("*.*")) == []
    assert len(list((ips.options.data / "outbox").iterdir())) == 1


def test_what_the_renderer_cannot_honour_is_a_warning(ips: Ips) -> None:
    handle = ips.handles()["PS_1"]
    modifier = "wid=10&fmt=jpeg&layer=1&text=x"
    log = ips.export(
        ips.export_job("warned", [handle], fmt="convert", is_modifier=modifier), "warned"
    )
    assert counts(log)[0] == 2
    assert counts(log)[2] == 1
    assert "ExportJobRenderFileWarning" in log.texts(f"{DETAIL}/logType")


def test_equal_names_get_a_number(serve: Serve, catalog: Path) -> None:
    (catalog / "catalog.yaml").write_text("assets: [{file: Brand/ps_1.JPG, name: other}]\n")
    Image.new("RGB", (9, 9)).save(catalog / "Brand" / "ps_1.JPG")
    ips = serve()
    handles = ips.handles()
    chosen = [handles["PS_1"], handles["other"], handles["PS_1"]]
    files = zip_file(ips, ips.export_job("same", chosen), "same")
    assert list(files) == ["PS_1.jpg", "ps_1_1.JPG", "PS_1_2.jpg"]
    assert files["PS_1.jpg"] == files["PS_1_2.jpg"] != files["ps_1_1.JPG"]


def test_one_name_submitted_twice_is_two_runs(ips: Ips) -> None:
    handle = ips.handles()["PS_1"]
    first = ips.submit(ips.export_job("twice", [handle]))
    second = ips.submit(ips.export_job("twice", [handle]))
    assert first == second
    log = ips.finished("twice", runs=2)
    runs = log.texts(f"{LOG}/jobHandle")
    assert len(set(runs)) == 2
    assert log.texts(f"{LOG}/originalJobName") == ["twice", "twice"]
    urls = [text for text in log.texts(f"{DETAIL}/assetName") if text.startswith("http")]
    assert len(set(urls)) == 2
    for run in runs:
        inner = ips.children(companyHandle="c|110", jobHandle=run)
        assert ips.call("getJobLogDetails", inner).texts(f"{LOG}/jobHandle") == [run]
    inner = ips.children(companyHandle="c|110", jobHandle=first)
    assert ips.call("getJobLogDetails", inner).find(LOG) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": ""}, 30002),
        ({"name": "  "}, 30001),
        ({"handles": []}, 30001),
        ({"handles": ["PS_1"]}, 30001),
        ({"handles": ["a|1001"] * 501}, 30001),
        ({"fmt": "jpeg"}, 30001),
        ({"fmt": ""}, 30002),
        ({"emailSetting": "Sometimes"}, 30001),
        ({"emailSetting": ""}, 30002),
    ],
    ids=str,
)
def test_jobs_that_are_refused(shared_ips: Ips, change: dict[str, object], code: int) -> None:
    parts: dict[str, object] = {"name": "bad", "handles": ["a|1001"], **change}
    job = shared_ips.export_job(**parts)  # type: ignore[arg-type]
    assert shared_ips.call("submitJob", job).fault[:2] == ("ipsApiFault", code)
    assert shared_ips.call("getActiveJobs").find("jobArray/items") == []
    assert shared_ips.call("getJobLogs").find("jobLogArray/items") == []


@pytest.mark.parametrize(
    ("extra", "job", "code", "part"),
    [
        ("", "", 30002, "exportJob"),
        ("", "<metadataPublishJob/>", 30000, "export jobs only"),
        ("<execTime>10000-01-01T00:00:00Z</execTime>", "EXPORT", 30001, "execTime"),
        ("<execSchedule>0 0 * * *</execSchedule>", "EXPORT", 30001, "5 fields"),
        ("<execSchedule/>", "EXPORT", 30001, "0 fields"),
        ("<execSchedule>0 0 0 1 1 ? 2001</execSchedule>", "EXPORT", 30001, "still to come"),
        (
            "<execTime>2030-01-01T00:00:00Z</execTime><execSchedule>0 0 * * * ?</execSchedule>",
            "EXPORT",
            30001,
            "at most one",
        ),
        ("", "<metadataPublishJob/>EXPORT", 30001, "exactly one"),
    ],
)
def test_what_submit_job_does_not_do(
    shared_ips: Ips, extra: str, job: str, code: int, part: str
) -> None:
    payload = shared_ips.export_job("x", ["a|1001"]).partition("</jobName>")[2]
    head = f"<companyHandle>c|110</companyHandle><jobName>x</jobName>{extra}"
    reply = shared_ips.call("submitJob", head + job.replace("EXPORT", payload))
    assert reply.fault[1] == code
    assert part in reply.fault[2]


def test_any_number_of_assets_with_the_switch_off(serve: Serve) -> None:
    ips = serve(max_assets_per_job=None)
    handle = ips.handles()["PS_1"]
    log = ips.export(ips.export_job("many", [handle] * 501), "many")
    assert counts(log) == (502, 0, 0)


def test_a_job_on_its_way(serve: Serve) -> None:
    ips = serve(seconds_per_asset=30, workers=1)
    handles = list(ips.handles().values())[:3]
    job = ips.export_job(
        "slow", handles, fmt="convert", is_modifier="wid=9", description="by hand & <more>"
    )
    ips.submit(job)
    ips.submit(ips.export_job("queued", handles))
    item = "jobArray/items"

    def states() -> Reply:
        return ips.call("getActiveJobs", "<companyHandle>c|110</companyHandle>")

    active = ips.until(
        states, lambda r: r.texts(f"{item}/state") == ["Running", "WaitingCoordinator"]
    )
    assert active.texts(f"{item}/originalName") == ["slow", "queued"]
    assert active.texts(f"{item}/type") == ["ExportJob"] * 2
    assert active.texts(f"{item}/description") == ["by hand & <more>"]
    assert active.texts(f"{item}/totalSize") == ["3", "3"]
    assert active.texts(f"{item}/exportJob/fmt") == ["convert", "orig"]
    assert active.texts(f"{item}/exportJob/is_modifier") == ["wid=9"]
    assert active.texts(f"{item}/exportJob/assetHandleArray/items") == handles * 2
    task = f"{item}/taskProgressArray/items"
    assert active.texts(f"{task}/taskState") == ["Processing"]
    assert active.texts(f"{task}/numProcessing") == ["1"]
    assert active.texts(f"{task}/numPending") == ["2"]
    assert len(active.texts(f"{task}/taskItemProgressArray/items/itemName")) == 1
    handle = active.texts(f"{item}/jobHandle")[1]
    one = ips.call("getActiveJobs", f"<jobHandle>{handle}</jobHandle>")
    assert one.texts(f"{item}/originalName") == ["queued"]
    one = ips.call("getActiveJobs", "<originalName>slow</originalName>")
    assert one.texts(f"{item}/state") == ["Running"]
    one = ips.call("getActiveJobs", "<includeWaitingJobs>false</includeWaitingJobs>")
    assert one.texts(f"{item}/originalName") == ["slow"]
    log = ips.log("slow")
    assert log.find(f"{LOG}/endDate") == []
    assert log.text(f"{LOG}/description") == "by hand & <more>"
    assert b"<detailArray/>" in log.body
    assert ips.log("queued").find(LOG) == []


def test_progress_moves(serve: Serve) -> None:
    ips = serve(seconds_per_asset=0.15)
    ips.submit(ips.export_job("moving", list(ips.handles().values())))
    item = "jobArray/items"
    seen = set()
    while jobs := (reply := ips.call("getActiveJobs")).find(item):
        assert len(jobs) == 1
        seen.add(int(reply.text(f"{item}/progress")))
    assert len(seen) > 2
    assert max(seen) <= 100
    assert counts(ips.log("moving")) == (6, 0, 0)


@pytest.mark.parametrize("by", ["run", "submission"])
def test_stopping_jobs(serve: Serve, by: str) -> None:
    ips = serve(seconds_per_asset=60, workers=1)
    handles = list(ips.handles().values())
    submitted = {name: ips.submit(ips.export_job(name, handles)) for name in ("runs", "waits")}
    item = "jobArray/items"
    active = ips.until(
        lambda: ips.call("getActiveJobs"),
        lambda r: r.texts(f"{item}/state") == ["Running", "WaitingCoordinator"],
    )
    runs = dict(
        zip(
            active.texts(f"{item}/originalName"),
            active.texts(f"{item}/jobHandle"),
            strict=True,
        )
    )
    for name in ("waits", "runs"):
        handle = runs[name] if by == "run" else submitted[name]
        inner = ips.children(companyHandle="c|110", jobHandle=handle)
        assert ips.call("stopJob", inner).status == 200
        log = ips.finished(name)
        assert log.text(f"{LOG}/fatalError") == "true"
        assert log.texts(f"{DETAIL}/logType")[-1] == "ExportJobStopped"
        assert ips.call("stopJob", inner).fault[:2] == ("ipsApiFault", 30001)
    assert ips.call("getActiveJobs").find(item) == []
    assert list((ips.options.data / "Exports").rglob("*.*")) == []


def test_deleting_jobs_leaves_no_log(serve: Serve) -> None:
    ips = serve(seconds_per_asset=60, workers=1)
    handles = list(ips.handles().values())
    submitted = [ips.submit(ips.export_job(name, handles)) for name in ("runs", "waits")]
    item = "jobArray/items"
    ips.until(
        lambda: ips.call("getActiveJobs"),
        lambda r: r.texts(f"{item}/state") == ["Running", "WaitingCoordinator"],
    )
    for handle in submitted:
        inner = ips.children(companyHandle="c|110", jobHandle=handle)
        assert b"<deleteJobReturn" in ips.call("deleteJob", inner).body
    ips.until(lambda: ips.call("getActiveJobs"), lambda r: not r.find(item))
    assert ips.call("getJobLogs").find("jobLogArray/items") == []
    assert list((ips.options.data / "Exports").rglob("*.*")) == []


def test_pages_and_filters_of_details(ips: Ips) -> None:
    handle = ips.handles()["guide"]
    ips.export(ips.export_job("d", [handle] * 5, fmt="convert", is_modifier="wid=9"), "d")

    def details(after: str) -> Reply:
        inner = f"<companyHandle>c|110</companyHandle><originalName>d</originalName>{after}"
        return ips.call("getJobLogDetails", inner)

    types = details("").texts(f"{DETAIL}/logType")
    assert len(types) == 11
    page = details("<recordsPerPage>4</recordsPerPage><resultsPage>3</resultsPage>")
    assert page.text(f"{LOG}/detailTotalRows") == "11"
    assert page.texts(f"{DETAIL}/logType") == types[8:]
    only = details("<logTypeArray><items>ZipFileExportJobSuccess</items></logTypeArray>")
    assert only.texts(f"{DETAIL}/assetType") == ["ExportJobZip"]
    assert only.text(f"{LOG}/detailTotalRows") == "1"
    backwards = details("<sortDirection>Descending</sortDirection>")
    assert backwards.texts(f"{DETAIL}/logType") == types[::-1]
    sort = details("<sortBy>LogType</sortBy>")
    assert sort.texts(f"{DETAIL}/logType") == sorted(types)
    assert details("<sortBy>Colour</sortBy>").fault[1] == 30001
    neither = ips.call("getJobLogDetails", "<companyHandle>c|110</companyHandle>")
    assert neither.fault[1] == 30002


def test_lists_of_logs(ips: Ips) -> None:
    handle = ips.handles()["PS_1"]
    for name in ("b", "a", "c"):
        ips.export(ips.export_job(name, [handle]), name)
    name = f"{LOG}/originalJobName"
    logs = ips.call("getJobLogs")
    assert logs.texts(name) == ["c", "a", "b"]
    assert logs.find(f"{LOG}/detailArray") == []
    up = "<sortDirection>Ascending</sortDirection>"
    assert ips.call("getJobLogs", f"<sortBy>JobName</sortBy>{up}").texts(name) == ["a", "b", "c"]
    assert ips.call("getJobLogs", "<numRows>2</numRows>").texts(name) == ["c", "a"]
    second = logs.texts(f"{LOG}/startDate")[1]
    assert ips.call("getJobLogs", f"<startDate>{second}</startDate>").texts(name) == ["c", "a"]
    assert ips.call("getJobLogs", f"<endDate>{second}</endDate>").texts(name) == ["a", "b"]
    mine = "<userHandle>u|110|demo@example.com</userHandle>"
    assert len(ips.call("getJobLogs", mine).find(LOG)) == 3
    assert ips.call("getJobLogs", "<userHandle>u|110|x</userHandle>").fault[1] == 20002


@pytest.mark.parametrize(
    ("setting", "good", "warned", "bad"),
    [
        ("All", True, True, True),
        ("JobCompletion", True, True, True),
        ("ErrorAndWarning", False, True, True),
        ("Error", False, False, True),
        ("None", False, False, False),
    ],
)
def test_mails_follow_the_setting(
    serve: Serve, catalog: Path, setting: str, good: bool, warned: bool, bad: bool
) -> None:
    (catalog / "catalog.yaml").write_text("assets: [{name: spin, type: SpinSet}]\n")
    ips = serve()
    handles = ips.handles()
    for name, asset in (("good", "PS_1"), ("warned", "guide"), ("bad", "spin")):
        job = ips.export_job(
            name, [handles[asset]], fmt="convert", is_modifier="wid=9&fmt=png", emailSetting=setting
        )
        ips.export(job, name)
    outbox = ips.options.data / "outbox"
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(outbox.glob("*.eml"))
    ]
    subjects = [str(mail["Subject"]) for mail in mails]
    expected = {"good": good, "warned": warned, "bad": bad}
    ends = {"good": "finished", "warned": "finished", "bad": "failed"}
    assert subjects == [
        f"Export job {name} {ends[name]}" for name, wanted in expected.items() if wanted
    ]
    for mail in mails:
        assert mail["To"] == "demo@example.com"
        body = str(mail.get_content())
        assert ("/Exports/Acme/" in body) is ("finished" in str(mail["Subject"]))


def test_mail_goes_to_the_user_of_the_handle(serve: Serve, catalog: Path) -> None:
    (catalog / "catalog.yaml").write_text(
        "users:\n  - {email: demo@example.com, password: demo}\n  - {email: b@x, password: b}\n"
    )
    ips = serve()
    job = ips.export_job("for b", [ips.handles()["PS_1"]], emailSetting="All")
    user = "</companyHandle><userHandle>u|110|b@x</userHandle>"
    ips.export(job.replace("</companyHandle>", user), "for b")
    (path,) = (ips.options.data / "outbox").iterdir()
    assert b"To: b@x" in path.read_bytes()
    user = "</companyHandle><userHandle>u|110|c@x</userHandle>"
    reply = ips.call("submitJob", job.replace("</companyHandle>", user))
    assert reply.fault[:2] == ("authorizationFault", 20002)


def test_a_full_disk_is_in_the_log(ips: Ips) -> None:
    """A file where the folder of the ZIPs should be stands in for a disk that takes no more."""
    (ips.options.data / "Exports").write_text("in the way")
    log = ips.export(ips.export_job("stuck", [ips.handles()["PS_1"]]), "stuck")
    assert log.text(f"{LOG}/fatalError") == "true"
    assert log.texts(f"{DETAIL}/logType") == ["ZipFileExportJobError"]
    (ips.options.data / "Exports").unlink()
    assert counts(ips.export(ips.export_job("free", [ips.handles()["PS_1"]]), "free")) == (2, 0, 0)


def test_a_catalog_in_disorder_when_the_job_starts(serve: Serve, catalog: Path) -> None:
    ips = serve(seconds_per_asset=0.3, workers=1)
    handle = ips.handles()["PS_1"]
    for name in ("first", "second"):
        ips.submit(ips.export_job(name, [handle]))
    (catalog / "catalog.yaml").write_text("company: [\n")
    log = ips.finished("second")
    assert log.text(f"{LOG}/fatalError") == "true"
    assert "catalog.yaml:2:1" in log.text(f"{DETAIL}/logMessage")


def test_a_file_that_vanished(serve: Serve, catalog: Path) -> None:
    ips = serve(seconds_per_asset=0.3)
    handles = ips.handles()
    ips.submit(ips.export_job("gone", [handles["PS_1"], handles["guide"]]))
    ips.until(lambda: ips.log("gone"), lambda log: bool(log.find(LOG)))
    (catalog / "Brand" / "guide.pdf").unlink()
    log = ips.finished("gone")
    assert counts(log) == (2, 1, 0)
    assert "cannot be read" in log.texts(f"{DETAIL}/logMessage")[1]


def test_touching_an_asset_changes_what_is_exported(ips: Ips) -> None:
    path = ips.options.catalog / "Products" / "ss27" / "PS_1.jpg"
    handle = ips.handles()["PS_1"]
    first = zip_file(ips, ips.export_job("first", [handle]), "first")
    Image.new("RGB", (8, 8), "red").save(path)
    os.utime(path)
    second = zip_file(ips, ips.export_job("second", [handle]), "second")
    assert first["PS_1.jpg"] != second["PS_1.jpg"] == path.read_bytes()
    assert json.dumps(list(first)) == json.dumps(list(second))


@pytest.mark.parametrize("fmt", ["orig", "convert"])
def test_file_names_that_would_lead_out_of_a_folder(serve: Serve, catalog: Path, fmt: str) -> None:
    for name in ("x\\..\\..\\evil.png", "x_..\\.._evil.png", "C:win.png", "nul.png"):
        Image.new("RGB", (9, 9)).save(catalog / name)
    ips = serve()
    handles = ips.handles()
    names = ["x\\..\\..\\evil", "x_..\\.._evil", "C:win", "nul"]
    job = ips.export_job("odd", [handles[name] for name in names], fmt=fmt, is_modifier="fmt=png")
    files = zip_file(ips, job, "odd")
    assert list(files) == ["x_.._.._evil.png", "x_.._.._evil_1.png", "C_win.png", "_nul.png"]


def test_profiles_of_the_catalog_are_what_icc_names(serve: Serve, catalog: Path) -> None:
    (catalog / "Brand" / "Press.icc").write_bytes(cmyk_profile())
    ips = serve()
    handle = ips.handles()["PS_2"]
    modifier = "icc=Press,relative&iccEmbed=1&fmt=tif&scl=1"
    job = ips.export_job("inks", [handle], fmt="convert", is_modifier=modifier)
    (data,) = zip_file(ips, job, "inks").values()
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.mode, picture.info["icc_profile"]) == ("CMYK", cmyk_profile())
    job = ips.export_job("none", [handle], fmt="convert", is_modifier="icc=Gone&fmt=tif&scl=1")
    log = ips.export(job, "none")
    assert counts(log) == (2, 0, 1)
    assert "not emulated: icc=Gone" in " ".join(log.texts(f"{DETAIL}/logMessage"))
