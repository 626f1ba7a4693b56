"""Every operation answers in every version with exactly the children that the version has."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from s7spec.emulator.soap.contract import Contract
from s7spec.emulator.soap.names import COMMON
from s7spec.emulator.soap.versions import NEWEST, VERSIONS
from tests.emulator.conftest import CONTRACT
from tests.emulator.valid_requests import operations, valid_request

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator.conftest import Ips, Serve

ROUNDS = 12
FIELDS = "metadataFields:\n  - {name: Season, type: String, assetType: Image}\n"


@pytest.fixture
def furnished(serve: Serve, catalog: Path) -> Ips:
    (catalog / "catalog.yaml").write_text(FIELDS)
    (catalog / "captions.vtt").write_text("WEBVTT\n")
    return serve()


@pytest.mark.parametrize("version", VERSIONS)
def test_answers_fit_the_version(furnished: Ips, version: str) -> None:
    chance = random.Random(3)  # noqa: S311
    edition = Contract(CONTRACT).edition(version)
    assert edition is not None
    seen = Counter[str]()
    for operation in operations() * ROUNDS:
        data = valid_request(chance, operation).replace(NEWEST.encode(), version.encode())
        reply = furnished.send(data)
        assert b"has a defect" not in reply.body, reply.body.decode()
        if reply.status != 200:
            continue
        assert reply.content.tag == f"{{{COMMON}/{version}}}{operation}Return"
        seen[operation] += 1
        if b"FieldArray>" not in data:
            edition.check(reply.content)
    assert len(seen) >= 20, seen


@pytest.mark.parametrize("version", VERSIONS)
def test_children_of_other_versions_are_really_answered_by_operations(
    furnished: Ips, version: str
) -> None:
    """Otherwise the test above would prove nothing for them."""
    asked = {
        "getMetadataFields": "<companyHandle>c|110</companyHandle><assetType>Image</assetType>",
        "searchAssets": "<companyHandle>c|110</companyHandle>"
        "<includeSubfolders>true</includeSubfolders>",
        "getUserInfo": "",
    }
    for operation, child in (
        ("getMetadataFields", "isEnforced"),
        ("searchAssets", "videoCaptionInfo"),
        ("getUserInfo", "isIpsAdmin"),
    ):
        data = furnished.envelope(operation, asked[operation])
        reply = furnished.send(data.replace(NEWEST.encode(), version.encode()))
        assert reply.status == 200
        assert (f"<{child}>".encode() in reply.body) is (version == NEWEST)
