"""Answers are written in the order of the schema, and only what the schema allows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from s7spec.emulator.soap.contract import Contract
from s7spec.emulator.soap.selection import select
from s7spec.emulator.soap.versions import EARLIER, NEWEST
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
    return Contract(CONTRACT).newest.writer


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


def earlier(version: str) -> ReplyWriter:
    edition = Contract(CONTRACT).edition(version)
    assert edition is not None
    return edition.writer


@pytest.mark.parametrize("version", EARLIER)
def test_a_version_leaves_out_what_only_others_have(version: str) -> None:
    both = {**USER, "defaultRole": "IpsUser", "imsUserId": "x"}
    assert earlier(version).write("getUserInfoReturn", {"userInfo": both}) == (
        f"{START.replace(NEWEST, version)}<userInfo><userHandle>u|1|a@x</userHandle><firstName/>"
        "<lastName>L</lastName><email>a@x</email><defaultRole>IpsUser</defaultRole>"
        "<isValid>true</isValid></userInfo></getUserInfoReturn>"
    )
    with pytest.raises(UnfitReply, match="defaultRole is required"):
        earlier(version).write("getUserInfoReturn", {"userInfo": USER})
    with pytest.raises(UnfitReply, match=r"no such children.*phone"):
        earlier(version).write("getUserInfoReturn", {"userInfo": {**both, "phone": "1"}})


def test_the_newest_version_leaves_out_what_only_earlier_ones_have(writer: ReplyWriter) -> None:
    text = writer.write("getUserInfoReturn", {"userInfo": {**USER, "defaultRole": "IpsUser"}})
    assert "defaultRole" not in text


def test_a_version_without_a_type_leaves_it_out(writer: ReplyWriter) -> None:
    asset = {"name": "a", "videoCaptionInfo": {"originalFile": "a.vtt"}}
    reply = {"totalRows": 1, "assetArray": [asset]}
    assert "videoCaptionInfo" in writer.write("searchAssetsReturn", reply)
    assert "<items><name>a</name></items>" in earlier(EARLIER[0]).write("searchAssetsReturn", reply)


def test_what_was_learnt_of_one_reply_does_not_pass_for_another(writer: ReplyWriter) -> None:
    """Steps are kept by the set of children; the rules hold for each reply anew."""
    writer.write("getUserInfoReturn", {"userInfo": USER})
    with pytest.raises(UnfitReply, match="email is required"):
        writer.write("getUserInfoReturn", {"userInfo": {**USER, "email": None}})
    less = {name: value for name, value in USER.items() if name != "email"}
    for _ in range(2):
        with pytest.raises(UnfitReply, match="email is required"):
            writer.write("getUserInfoReturn", {"userInfo": less})
    shuffled = dict(reversed(USER.items()))
    assert writer.write("getUserInfoReturn", {"userInfo": shuffled}) == writer.write(
        "getUserInfoReturn", {"userInfo": USER}
    )


def test_more_kinds_of_replies_than_are_kept(writer: ReplyWriter) -> None:
    names = ["assetHandle", "type", "subType", "name", "fileName", "folder", "folderHandle"]
    for number in range(2 ** len(names)):
        given = [name for bit, name in enumerate(names) if number >> bit & 1]
        text = writer.write("getAssetsReturn", {"assetArray": [dict.fromkeys(given, "x")]})
        assert text.count(">x<") == len(given)
        places = [text.index(f"<{name}>") for name in given]
        assert places == sorted(places)


def test_types_that_hold_themselves(writer: ReplyWriter) -> None:
    leaf = {"path": "a/b/"}
    tree = {"path": "a/", "subfolderArray": [leaf, {**leaf, "subfolderArray": [leaf]}]}
    text = writer.write("getFolderTreeReturn", {"folders": tree})
    assert text.count("<path>a/b/</path>") == 3
    selection = select(["folders/subfolderArray/items/subfolderArray"], [])
    text = writer.write("getFolderTreeReturn", {"folders": tree}, selection)
    inner = "<subfolderArray><items><path>a/b/</path></items></subfolderArray>"
    assert f"<folders><subfolderArray><items/><items>{inner}</items></subfolderArray>" in text


def test_threads_share_a_writer(writer: ReplyWriter) -> None:
    reply = {"userInfo": USER}
    expected = writer.write("getUserInfoReturn", reply)
    fresh = ReplyWriter(Contract(CONTRACT).newest.schema)
    with ThreadPoolExecutor(max_workers=8) as pool:
        texts = pool.map(lambda _: fresh.write("getUserInfoReturn", reply), range(200))
        assert set(texts) == {expected}


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
