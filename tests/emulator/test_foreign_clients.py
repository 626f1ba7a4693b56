"""A stranger's SOAP client goes the whole way, from login to the downloaded ZIP."""

from __future__ import annotations

import io
import itertools
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from s7spec.emulator.soap.versions import NEWEST, VERSIONS
from tests.emulator.foreign_clients import CLIENTS, Client

if TYPE_CHECKING:
    from tests.emulator.conftest import Ips

_NUMBERS = itertools.count(1)


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest, shared_ips: Ips, version: str) -> Iterator[Client]:
    with closing(CLIENTS[request.param](shared_ips.server.url, version)) as client:
        yield client


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def items(array: Any) -> list[Any]:
    """The items of an array, which libraries unpack or keep, and show as they like when empty."""
    if isinstance(array, list):
        return array
    return list(array["items"] or []) if array else []


def test_from_login_to_the_zip(client: Client, version: str, shared_ips: Ips) -> None:
    login = client.call("checkLogin", {"email": "demo@example.com", "password": "demo"})
    assert login["status"] == "ValidLogin"
    company = client.call("getCompanyInfo", {"companyName": "Acme"})["companyInfo"]
    assert company["companyHandle"] == "c|110"
    user = client.call("getUserInfo", {})["userInfo"]
    assert ("isIpsAdmin" in user, "defaultRole" in user) == (
        (True, False) if version == NEWEST else (False, True)
    )
    handles = search(client)
    name = f"Foreign & <co> {next(_NUMBERS)} ü"
    submitted = client.call("submitJob", export_of(name, handles))["jobHandle"]
    assert submitted == f"j|110|{name}||"
    details = follow(client, name)
    assert len(details) == len(handles) + 1
    assert all(("dateCreated" in detail) is (version == NEWEST) for detail in details)
    (url,) = [d["assetName"] for d in details if d["logType"] == "ZipFileExportJobSuccess"]
    assert url.startswith(shared_ips.server.url)
    with urllib.request.urlopen(url, timeout=30) as reply:
        archive = zipfile.ZipFile(io.BytesIO(reply.read()))
    assert sorted(Path(entry).stem for entry in archive.namelist()) == ["PS_1", "PS_2"]
    assert archive.testzip() is None


def test_faults_are_faults_to_every_library(client: Client) -> None:
    fault = client.fault("getImageFormats", {"companyHandle": "c|7"})
    assert fault == ("authorizationFault", 20000)
    assert client.fault("getCompanyInfo", {}) == ("ipsApiFault", 30002)


def search(client: Client) -> list[str]:
    found = client.call(
        "searchAssets",
        {
            "companyHandle": "c|110",
            "folder": "Acme/Products/",
            "includeSubfolders": True,
            "systemFieldConditionArray": {
                "items": [{"field": "Name", "op": "NotContains", "value": "draft"}]
            },
            "assetTypeArray": {"items": ["Image"]},
            "sortBy": "Name",
        },
    )
    assert int(found["totalRows"]) == 2
    assets = items(found["assetArray"])
    assert [asset["name"] for asset in assets] == ["PS_1", "PS_2"]
    assert [int(asset["imageInfo"]["width"]) for asset in assets] == [90, 40]
    return [asset["assetHandle"] for asset in assets]


def export_of(name: str, handles: list[str]) -> dict[str, Any]:
    return {
        "companyHandle": "c|110",
        "jobName": name,
        "locale": "de-DE",
        "exportJob": {
            "assetHandleArray": {"items": handles},
            "fmt": "convert",
            "is_modifier": "wid=20&fmt=png",
            "emailSetting": "None",
        },
    }


def follow(client: Client, name: str) -> list[Any]:
    """By originalName, until the job leaves the list of active ones; then its log details."""
    asked = {"companyHandle": "c|110", "originalName": name}
    deadline = time.monotonic() + 20
    while items(client.call("getActiveJobs", asked)["jobArray"]):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    (log,) = items(client.call("getJobLogDetails", asked)["jobLogArray"])
    assert log["logType"] == "BeginExportJob"
    assert log["originalJobName"] == name
    return items(log["detailArray"])
