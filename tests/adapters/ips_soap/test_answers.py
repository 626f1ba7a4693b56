"""Answers as files: ``answers/NAME.xml`` is what IPS sends, ``NAME.json`` what we make of it.

Written by us from the facts (IPS API sections 2 to 9), one quirk each. A pair of files is a test.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from s7spec import ports
from s7spec.adapters.ips_soap import IpsSoapGateway
from s7spec.model.submission import Submission
from tests.adapters.ips_soap.peer import Peer, fault, http, returned

ANSWERS = Path(__file__).parent / "answers"
NAMES = sorted(path.stem for path in ANSWERS.glob("*.json"))
JOB = "EAEM_1591903696617"
ELSEWHERE = {
    "getActiveJobs": "<jobArray/>",
    "getScheduledJobs": "<jobArray/>",
    "getJobLogDetails": "<jobLogArray/>",
}


def plain(value: object) -> object:
    """A noun as JSON would have it."""
    if isinstance(value, datetime):
        return (
            value.astimezone(UTC)
            .isoformat(timespec="auto")
            .replace("+00:00", "Z")
            .replace("000Z", "Z")
        )
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return value


def calls(gateway: IpsSoapGateway, submission: Submission) -> dict[str, Callable[[], object]]:
    return {
        "presets": gateway.presets,
        "by_name": lambda: gateway.by_name(["disney_park"]),
        "in_folder": lambda: list(gateway.in_folder("EAEM", recursive=True, types=(), where=())),
        "find": lambda: gateway.find(JOB),
        "active_jobs": gateway.active_jobs,
        "submit": lambda: gateway.submit(submission),
        "company": gateway._calls.company_handle,
    }


@pytest.mark.parametrize("name", NAMES)
def test_answer(
    name: str,
    peer: Peer,
    connect: Callable[..., IpsSoapGateway],
    submission: Submission,
) -> None:
    case: dict[str, Any] = json.loads((ANSWERS / f"{name}.json").read_text("utf-8"))
    assert case["why"]
    for operation, inner in ELSEWHERE.items():
        peer.answer(operation, returned(operation, inner))
    if case["operation"] == "getCompanyMembership":
        peer.answer("getCompanyInfo", fault("authorizationFault", 20003))
    answer = http(
        case.get("status", 200),
        (ANSWERS / f"{name}.xml").read_bytes(),
        case.get("content_type", "text/xml;charset=utf-8"),
    )
    peer.answer(case["operation"], answer)
    call = calls(connect(peer.endpoint), submission)[case["call"]]
    if "error" in case:
        with pytest.raises(getattr(ports, case["error"]["class"])) as caught:
            call()
        assert str(caught.value) == case["error"]["text"]
    else:
        assert plain(call()) == case["expect"]
    assert peer.count(case["operation"]) >= 1


def test_every_answer_has_an_expectation() -> None:
    assert {path.stem for path in ANSWERS.glob("*.xml")} == set(NAMES)
    assert len(NAMES) > 50
