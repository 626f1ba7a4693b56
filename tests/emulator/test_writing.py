"""Answers are written in the order of the schema, and only what the schema allows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from s7spec.emulator.soap.contract import Contract
from s7spec.emulator.soap.writing import ReplyWriter, UnfitReply, date_time, escape

CONTRACT = Path(__file__).parents[2] / "schemas" / "ips"
START = '<getUserInfoReturn xmlns="http://www.scene7.com/IpsApi/xsd/2014-04-03">'
USER = {
    "isIpsAdmin": False,
    "email": "a@x",
    "userHandle": "u|1|a@x",
    "isValid": True,
    "firstName": "",
    "lastName": "L",
}


@pytest.fixture(scope="module")
def writer() -> ReplyWriter:
    return ReplyWriter(Contract(CONTRACT).schema)


def test_the_order_is_that_of_the_schema(writer: ReplyWriter) -> None:
    assert writer.write("getUserInfoReturn", {"userInfo": USER}) == (
        f"{START}<userInfo><userHandle>u|1|a@x</userHandle><firstName/><lastName>L</lastName>"
        "<email>a@x</email><isValid>true</isValid><isIpsAdmin>false</isIpsAdmin>"
        "</userInfo></getUserInfoReturn>"
    )


@pytest.mark.parametrize(
    ("reply", "complaint"),
    [
        ({}, "userInfo is required"),
        ({"userInfo": {**USER, "email": None}}, "email is required"),
        ({"userInfo": {**USER, "phone": "1"}}, "no such children.*phone"),
        ({"userInfo": {**USER, "isValid": "true"}}, "isValid is boolean, not str"),
        ({"userInfo": {**USER, "email": 7}}, "email is string, not int"),
        ({"userInfo": "a@x"}, "userInfo has children"),
    ],
)
def test_what_the_schema_does_not_allow(
    writer: ReplyWriter, reply: dict[str, object], complaint: str
) -> None:
    with pytest.raises(UnfitReply, match=complaint):
        writer.write("getUserInfoReturn", reply)


def test_arrays_must_be_sequences(writer: ReplyWriter) -> None:
    with pytest.raises(UnfitReply, match="countArray is an array"):
        writer.write("getAssetCountsReturn", {"countArray": "no"})
    with pytest.raises(UnfitReply, match="count is int, not bool"):
        writer.write("getAssetCountsReturn", {"countArray": [{"assetType": "a", "count": True}]})


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain ü 😀\t\n", "plain ü 😀\t\n"),
        ("a<b>&c", "a&lt;b&gt;&amp;c"),
        ("a\rb", "a&#13;b"),
        ("a\x00b\x1fc", "a\ufffdb\ufffdc"),
        ("a\ud800b\uffff", "a\ufffdb\ufffd"),
    ],
)
def test_text_for_xml(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("UTC", "2026-07-01T12:00:00.120Z"),
        ("EST5EDT,M3.2.0,M11.1.0", "2026-07-01T08:00:00.120-04:00"),
        ("IST-5:30", "2026-07-01T17:30:00.120+05:30"),
    ],
    indirect=["zone"],
)
@pytest.mark.usefixtures("zone")
def test_dates_have_milliseconds_and_the_offset_of_the_server(text: str) -> None:
    assert date_time(datetime(2026, 7, 1, 12, 0, 0, 120_999, tzinfo=UTC)) == text
