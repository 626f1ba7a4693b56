"""What IpsGateway and AssetCatalog promise, held by the SOAP gateway against the embedded IPS."""

from __future__ import annotations

import io
import os
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from zeep import Client

from s7spec.adapters.bundled import contract_folder
from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway, ReadRetries
from s7spec.emulator import DEFAULT_PASSWORD, DEFAULT_USER, EmbeddedIps, EmbeddedIpsOptions
from s7spec.model.asset import AssetVersion
from s7spec.model.ips import JobPhase, JobSnapshot
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.selection import Condition, ConditionField, ConditionOp
from s7spec.model.submission import Submission
from s7spec.ports import (
    AssetCatalog,
    CompanyUnknown,
    CredentialsMissing,
    CredentialsRefused,
    IpsAnswerUnreadable,
    IpsGateway,
    IpsUnreachable,
    SubmitRefused,
)

LOGIN = Credentials(user=DEFAULT_USER, password=DEFAULT_PASSWORD)
MODIFIED_MS = 1_767_323_045_678
MANY = 1050
ODD_NAMES = ("a & b", "<tag>", "\"quoted' name", "ünïcödé", "😀", "a|b", "two  blanks")
CATALOG = """
company: {name: Acme, number: 110, rootPath: Acme/}
presets:
  - {name: Large, urlModifier: "wid=900&fmt=png,rgb"}
assets:
  - {name: gone, type: Image, folder: Trash/, trashState: InTrash}
  - {name: spin, type: SpinSet, folder: Shoes/}
  - {name: boot_front, type: Asset, folder: Told/, fileName: front.tif, fileSize: 900,
     description: "A boot, seen from the front", keywords: [boot, front], comments: retouched,
     userData: sku-17, createdWith: Photoshop, createUser: anna@example.com,
     lastModifyUser: ben@example.com, created: 2026-01-02T03:04:05Z,
     lastModified: 2026-06-01T00:00:00Z}
  - {name: Sandal & Clog, type: Asset, folder: Told/, fileName: pair.psd, fileSize: 5000000000,
     description: "Both <together>", keywords: [pair], comments: raw, userData: sku-18,
     createdWith: Indesign, createUser: ben@example.com, lastModifyUser: anna@example.com,
     created: 2026-05-06T07:08:09Z, lastModified: 2026-06-01T00:00:00Z}
"""
Connect = Callable[..., IpsSoapGateway]


def lay_out(folder: Path) -> Path:
    """Pictures in nested folders, odd names, and more entries than one page holds."""
    pictures = {
        "Shoes/boot.png": (40, 30),
        "Shoes/Boot2.png": (8, 8),
        "Shoes/old/slipper.png": (5, 7),
        **{f"Odd/{name}.png": (4, 4) for name in ODD_NAMES},
    }
    for relative, size in pictures.items():
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, "red").save(path)
        os.utime(path, ns=(0, MODIFIED_MS * 1_000_000))
    rows = (f"  - {{name: m{i:04}, type: Asset, folder: Many/}}\n" for i in range(MANY))
    (folder / "catalog.yaml").write_text(CATALOG + "".join(rows))
    return folder


@contextmanager
def serve(folder: Path, **options: Any) -> Iterator[EmbeddedIps]:
    chosen = EmbeddedIpsOptions(
        catalog=folder / "catalog", data=folder / "data", contract=contract_folder(), **options
    )
    with EmbeddedIps(chosen) as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedIps]:
    folder = tmp_path_factory.mktemp("ips")
    lay_out(folder / "catalog")
    with serve(folder) as running:
        yield running


@pytest.fixture
def connect(server: EmbeddedIps) -> Iterator[Connect]:
    made: list[IpsSoapGateway] = []

    def gateway(**changes: Any) -> IpsSoapGateway:
        settings: dict[str, Any] = {
            "endpoint": server.endpoint,
            "company": "Acme",
            "credentials": LOGIN,
            "contract": contract_folder(),
            "retries": ReadRetries(tries=2, first_wait=0.01, longest_wait=0.01, total=5),
        }
        made.append(IpsSoapGateway(**{**settings, **changes}))
        return made[-1]

    yield gateway
    for one in made:
        one.close()


@pytest.fixture
def gateway(connect: Connect) -> IpsSoapGateway:
    return connect()


_numbers = count(1)


@pytest.fixture
def submission(gateway: IpsSoapGateway) -> Submission:
    (boot,) = gateway.by_name(["boot"])
    return Submission(
        attempt_name=f"s7-shop-0123abcd-89ef0123-g{next(_numbers)}",
        description="plan 5 & commit <abc> 😀",
        assetHandleArray=(boot.handle,),
        fmt=Fmt.CONVERT,
        is_modifier="wid=20&fmt=jpeg",
        macro=None,
        emailSetting=EmailSetting.NONE,
    )


def ended(gateway: IpsGateway, name: str) -> JobSnapshot:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        snapshot = gateway.find(name)
        assert snapshot is not None, "a job that was taken is always somewhere"
        if snapshot.phase is JobPhase.ENDED:
            return snapshot
        time.sleep(0.02)
    raise AssertionError(f"{name} does not end")


def test_it_is_what_the_ports_say(gateway: IpsSoapGateway) -> None:
    jobs: IpsGateway = gateway
    catalog: AssetCatalog = gateway
    assert jobs.active_jobs() == ()
    assert len(catalog.presets()) == 1


# Assets


def test_an_asset_by_name(gateway: AssetCatalog) -> None:
    (asset,) = gateway.by_name(["boot"])
    size = asset.version.file_size
    assert size is not None
    assert size > 50
    assert asset.version == AssetVersion(
        path="Acme/Shoes/boot",
        type="Image",
        last_modified_ms=MODIFIED_MS,
        file_size=size,
        width=40,
        height=30,
    )
    assert (asset.name, asset.folder, asset.file_name) == ("boot", "Acme/Shoes/", "boot.png")


def test_names_are_exact(gateway: AssetCatalog) -> None:
    assert gateway.by_name(["Boot", "BOOT", "boo", "boot2", "absent", ""]) == ()
    assert [asset.name for asset in gateway.by_name(["Boot2"])] == ["Boot2"]


def test_the_trash_is_not_there(gateway: AssetCatalog) -> None:
    assert gateway.by_name(["gone"]) == ()
    assert list(gateway.in_folder("Acme/Trash", recursive=True, types=(), where=())) == []


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names(name: str, gateway: AssetCatalog) -> None:
    (asset,) = gateway.by_name([name])
    assert asset.name == name
    assert asset.path == f"Acme/Odd/{name}"


def test_more_names_than_a_call_takes(gateway: AssetCatalog) -> None:
    wanted = {f"m{i:04}" for i in range(450)}
    found = gateway.by_name([*sorted(wanted), "absent"])
    assert {asset.name for asset in found} == wanted
    assert len(found) == len(wanted)


def test_an_asset_without_a_file_has_no_sizes(gateway: AssetCatalog) -> None:
    (spin,) = gateway.by_name(["spin"])
    assert spin.type == "SpinSet"
    sizes = (spin.version.file_size, spin.version.width, spin.version.height)
    assert sizes == (None, None, None)


@pytest.mark.parametrize(
    ("folder", "recursive", "types", "names"),
    [
        ("Acme/Shoes", False, (), ["Boot2", "boot", "spin"]),
        ("Acme/Shoes/", True, (), ["Boot2", "boot", "slipper", "spin"]),
        ("Acme/Shoes", True, ("Image",), ["Boot2", "boot", "slipper"]),
        ("Acme/Shoes", True, ("SpinSet", "Video"), ["spin"]),
        ("Acme/Shoes", True, ("Video",), []),
        ("Acme/Shoe", True, (), []),
        ("Acme/No such folder", True, (), []),
    ],
)
def test_folders(
    folder: str, recursive: bool, types: tuple[str, ...], names: list[str], gateway: AssetCatalog
) -> None:
    found = gateway.in_folder(folder, recursive=recursive, types=types, where=())
    assert sorted(asset.name for asset in found) == names


FRONT, PAIR = "boot_front", "Sandal & Clog"
_FIELD, _OP = ConditionField, ConditionOp
CONDITIONS: list[tuple[ConditionField, ConditionOp, str | int, list[str]]] = [
    (_FIELD.NAME, _OP.EQUALS, "Sandal & Clog", [PAIR]),
    (_FIELD.NAME, _OP.NOT_EQUALS, "boot_front", [PAIR]),
    (_FIELD.NAME, _OP.CONTAINS, "oo", [FRONT]),
    (_FIELD.NAME, _OP.NOT_CONTAINS, "oo", [PAIR]),
    (_FIELD.NAME, _OP.STARTS_WITH, "boot_", [FRONT]),
    (_FIELD.NAME, _OP.ENDS_WITH, "& Clog", [PAIR]),
    (_FIELD.NAME, _OP.EQUALS, "nothing", []),
    (_FIELD.FILE_NAME, _OP.ENDS_WITH, ".psd", [PAIR]),
    (_FIELD.DESCRIPTION, _OP.CONTAINS, "<together>", [PAIR]),
    (_FIELD.KEYWORDS, _OP.CONTAINS, "boot", [FRONT]),
    (_FIELD.COMMENTS, _OP.NOT_EQUALS, "raw", [FRONT]),
    (_FIELD.USER_DATA, _OP.EQUALS, "sku-18", [PAIR]),
    (_FIELD.CREATED_WITH, _OP.STARTS_WITH, "Photo", [FRONT]),
    (_FIELD.CREATE_USER, _OP.EQUALS, "anna@example.com", [FRONT]),
    (_FIELD.LAST_MODIFY_USER, _OP.EQUALS, "anna@example.com", [PAIR]),
    (_FIELD.FILE_SIZE, _OP.EQUALS, 900, [FRONT]),
    (_FIELD.FILE_SIZE, _OP.NOT_EQUALS, 900, [PAIR]),
    (_FIELD.FILE_SIZE, _OP.LESS_THAN, 900, []),
    (_FIELD.FILE_SIZE, _OP.LESS_THAN_EQUALS, 900, [FRONT]),
    (_FIELD.FILE_SIZE, _OP.GREATER_THAN, 4_999_999_999, [PAIR]),
    (_FIELD.FILE_SIZE, _OP.GREATER_THAN_EQUALS, 5_000_000_001, []),
    (_FIELD.CREATED, _OP.EQUALS, "2026-01-02T03:04:05Z", [FRONT]),
    (_FIELD.CREATED, _OP.NOT_EQUALS, "2026-01-01T19:04:05-08:00", [PAIR]),
    (_FIELD.CREATED, _OP.LESS_THAN, "2026-05-06T07:08:09+00:00", [FRONT]),
    (_FIELD.CREATED, _OP.LESS_THAN_EQUALS, "2026-05-06T09:08:09+02:00", [PAIR, FRONT]),
    (_FIELD.CREATED, _OP.GREATER_THAN, "2026-01-02T03:04:05Z", [PAIR]),
    (_FIELD.CREATED, _OP.GREATER_THAN_EQUALS, "2026-05-06T07:08:10Z", []),
]


def told(gateway: AssetCatalog, *where: Condition) -> list[str]:
    """Names in the folder ``Told``, as IPS sorts them, for which all conditions hold."""
    found = gateway.in_folder("Acme/Told/", recursive=False, types=(), where=where)
    return [asset.name for asset in found]


@pytest.mark.parametrize(("field", "op", "value", "names"), CONDITIONS)
def test_conditions(
    field: ConditionField,
    op: ConditionOp,
    value: str | int,
    names: list[str],
    gateway: AssetCatalog,
) -> None:
    assert told(gateway, Condition(field=field, op=op, value=value)) == names


def test_every_field_and_operator_is_asked_for() -> None:
    assert {field for field, *_ in CONDITIONS} == set(ConditionField)
    assert {op for _, op, *_ in CONDITIONS} == set(ConditionOp)


def test_all_conditions_hold(gateway: AssetCatalog) -> None:
    small = Condition(field=_FIELD.FILE_SIZE, op=_OP.LESS_THAN, value=1000)
    boots = Condition(field=_FIELD.NAME, op=_OP.STARTS_WITH, value="boot")
    pairs = Condition(field=_FIELD.KEYWORDS, op=_OP.EQUALS, value="pair")
    assert told(gateway) == [PAIR, FRONT]
    assert told(gateway, small, boots) == [FRONT]
    assert told(gateway, small, pairs) == []


def test_conditions_hold_on_every_page(gateway: AssetCatalog) -> None:
    late = Condition(field=_FIELD.NAME, op=_OP.NOT_CONTAINS, value="m000")
    found = gateway.in_folder("Acme/Many", recursive=False, types=("Asset",), where=(late,))
    assert [asset.name for asset in found] == [f"m{i:04}" for i in range(10, MANY)]


def test_more_assets_than_a_page_holds(gateway: AssetCatalog) -> None:
    found = [a.name for a in gateway.in_folder("Acme/Many", recursive=False, types=(), where=())]
    assert found == [f"m{i:04}" for i in range(MANY)]


def test_presets(gateway: AssetCatalog) -> None:
    (preset,) = gateway.presets()
    assert (preset.name, preset.urlModifier) == ("Large", "wid=900&fmt=png,rgb")


def test_zeep_reads_the_same_in_the_answers(gateway: AssetCatalog, server: EmbeddedIps) -> None:
    """Our reading is lenient and by name; zeep's follows the schema. They must not differ."""
    untyped: Any = Client
    client = untyped(str(contract_folder() / "IpsApi-2014-04-03.wsdl"))
    service = client.create_service(
        "{http://www.scene7.com/IpsApi}IpsApiServiceSoapBinding", server.endpoint
    )
    header = {"user": LOGIN.user, "password": LOGIN.password, "appName": "t", "appVersion": "1"}
    strict = service.searchAssets(
        companyHandle="c|110",
        folder="Acme/Shoes/",
        includeSubfolders=True,
        _soapheaders={"authHeader": header},
    )
    ours = list(gateway.in_folder("Acme/Shoes", recursive=True, types=(), where=()))
    assert len(ours) == strict.totalRows == len(strict.assetArray["items"])
    for asset, other in zip(ours, strict.assetArray["items"], strict=True):
        info = other.imageInfo
        moment = other.lastModified
        assert (asset.handle, asset.name, asset.folder, asset.type) == (
            other.assetHandle,
            other.name,
            other.folder,
            other.type,
        )
        assert asset.version.last_modified_ms == round(moment.timestamp() * 1000)
        sizes = (asset.version.file_size, asset.version.width, asset.version.height)
        assert sizes == ((info.fileSize, info.width, info.height) if info else (None, None, None))


# Jobs


def test_a_job_from_submit_to_its_archive(gateway: IpsSoapGateway, submission: Submission) -> None:
    handle = gateway.submit(submission)
    snapshot = ended(gateway, submission.attempt_name)
    assert handle
    assert snapshot.jobHandle != handle, "the run has a handle of its own"
    assert snapshot.originalName == submission.attempt_name
    assert (snapshot.copies, snapshot.fileErrorCount, snapshot.fatalError) == (1, 0, False)
    assert snapshot.startDate is not None
    assert snapshot.endDate is not None
    assert snapshot.startDate.tzinfo is not None
    assert snapshot.startDate <= snapshot.endDate
    (rendered,) = [d for d in snapshot.details if d.assetHandle in submission.assetHandleArray]
    assert rendered.logType == "ExportJobRenderFileSuccess"
    assert rendered.assetName == "boot"
    (url,) = snapshot.zip_urls
    with urllib.request.urlopen(url, timeout=10) as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    (name,) = archive.namelist()
    with archive.open(name) as stream, Image.open(stream) as picture:
        assert (picture.format, picture.width) == ("JPEG", 20)


def test_originals_and_macros_go_through(gateway: IpsSoapGateway, submission: Submission) -> None:
    orig = replace(submission, fmt=Fmt.ORIG, is_modifier=None)
    macro = replace(
        submission,
        attempt_name=f"{submission.attempt_name}-macro",
        is_modifier=None,
        macro="$Large$",
    )
    for one in (orig, macro):
        gateway.submit(one)
        assert len(ended(gateway, one.attempt_name).zip_urls) == 1


def test_a_failing_asset_is_told_in_the_details(
    gateway: IpsSoapGateway, submission: Submission
) -> None:
    (spin,) = gateway.by_name(["spin"])
    handles = (*submission.assetHandleArray, spin.handle)
    gateway.submit(replace(submission, assetHandleArray=handles))
    snapshot = ended(gateway, submission.attempt_name)
    assert (snapshot.fileErrorCount, len(snapshot.zip_urls)) == (1, 1)
    (bad,) = [detail for detail in snapshot.details if detail.assetHandle == spin.handle]
    assert "Success" not in bad.logType


def test_an_unknown_job_is_nowhere(gateway: IpsGateway) -> None:
    assert gateway.find("s7-never-sent-g1") is None


def test_a_name_sent_twice_shows_two_copies(
    gateway: IpsSoapGateway, submission: Submission
) -> None:
    gateway.submit(submission)
    ended(gateway, submission.attempt_name)
    gateway.submit(submission)
    deadline = time.monotonic() + 30
    while (found := ended(gateway, submission.attempt_name)).copies != 2:
        assert time.monotonic() < deadline
    assert len(found.zip_urls) == 1, "the oldest one's"


def test_similar_names_are_other_jobs(gateway: IpsSoapGateway, submission: Submission) -> None:
    longer = replace(submission, attempt_name=submission.attempt_name + "0")
    gateway.submit(longer)
    assert gateway.find(submission.attempt_name) is None
    assert gateway.find(longer.attempt_name.upper()) is None
    ended(gateway, longer.attempt_name)


def test_a_running_job_is_active_and_listed(
    tmp_path: Path, connect: Connect, submission: Submission
) -> None:
    lay_out(tmp_path / "catalog")
    with serve(tmp_path, seconds_per_asset=0.4) as slow:
        gateway = connect(endpoint=slow.endpoint)
        handles = tuple(a.handle for a in gateway.by_name(["boot", "Boot2", "slipper"]))
        gateway.submit(replace(submission, assetHandleArray=handles))
        running = gateway.find(submission.attempt_name)
        listed = gateway.active_jobs()
        assert running is not None
        assert (running.phase, running.copies) == (JobPhase.ACTIVE, 1)
        assert running.details == ()
        assert running.progress is None or 0 <= running.progress < 100
        (job,) = listed
        assert job.originalName == submission.attempt_name
        assert job.submitUserEmail == DEFAULT_USER
        assert job.description == submission.description
        assert ended(gateway, submission.attempt_name).fileErrorCount == 0
        assert gateway.active_jobs() == ()


def test_what_ips_rejects_is_certainly_not_taken(
    gateway: IpsSoapGateway, submission: Submission
) -> None:
    for handles in ((), ("no handle",), submission.assetHandleArray * 501):
        with pytest.raises(SubmitRefused, match=r"ipsApiFault 3000[123]"):
            gateway.submit(replace(submission, assetHandleArray=handles))
    assert gateway.find(submission.attempt_name) is None


def test_the_shown_envelope_is_readable_and_without_login(
    gateway: IpsSoapGateway, submission: Submission
) -> None:
    shown = gateway.envelope(submission)
    assert DEFAULT_USER not in shown
    assert "password>***<" in shown
    assert f"jobName>{submission.attempt_name}<" in shown
    assert "companyHandle>c|110<" in shown
    assert gateway.find(submission.attempt_name) is None, "showing sends nothing"


# Refusals


def calls(gateway: IpsSoapGateway, submission: Submission) -> list[Callable[[], object]]:
    return [
        lambda: gateway.submit(submission),
        lambda: gateway.find(submission.attempt_name),
        gateway.active_jobs,
        lambda: gateway.by_name(["boot"]),
        lambda: list(gateway.in_folder("Acme", recursive=True, types=(), where=())),
        gateway.presets,
        lambda: gateway.envelope(submission),
    ]


@pytest.mark.parametrize(
    "login",
    [
        Credentials(user=DEFAULT_USER, password="wrong"),
        Credentials(user="nobody@example.com", password=DEFAULT_PASSWORD),
    ],
)
def test_wrong_logins(login: Credentials, connect: Connect, submission: Submission) -> None:
    for call in calls(connect(credentials=login), submission):
        with pytest.raises(CredentialsRefused):
            call()


def test_no_login(connect: Connect, submission: Submission) -> None:
    for call in calls(connect(credentials=Credentials(user="", password="")), submission):
        with pytest.raises((CredentialsMissing, CredentialsRefused)):
            call()


def test_a_company_that_is_not_there(connect: Connect, submission: Submission) -> None:
    for call in calls(connect(company="ACME"), submission):
        with pytest.raises(CompanyUnknown, match=r"no company 'ACME'; this user may use: Acme"):
            call()


def test_a_server_that_is_not_there(
    tmp_path: Path, connect: Connect, submission: Submission
) -> None:
    lay_out(tmp_path / "catalog")
    with serve(tmp_path) as short:
        gateway = connect(endpoint=short.endpoint)
        gateway.presets()
    first, *others, _ = calls(gateway, submission)  # the envelope needs no server any more
    with pytest.raises(SubmitRefused):
        first()
    for call in others:
        with pytest.raises(IpsUnreachable, match=r"127\.0\.0\.1:\d+ refuses connections"):
            call()


def test_the_wrong_path_is_no_ips(connect: Connect, server: EmbeddedIps) -> None:
    with pytest.raises(IpsAnswerUnreadable, match=r"HTTP 40[45] and no SOAP answer"):
        connect(endpoint=f"{server.url}/elsewhere").presets()
