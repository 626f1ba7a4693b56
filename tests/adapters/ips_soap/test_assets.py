"""Assets by name and by folder: exact, complete, without the trash."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice

import pytest

from s7spec.adapters.ips_soap import IpsSoapGateway
from s7spec.model.asset import Asset, AssetVersion
from s7spec.model.selection import Condition, ConditionField, ConditionOp
from s7spec.ports import IpsAnswerUnreadable
from tests.adapters.ips_soap.peer import Peer, returned

Connect = Callable[..., IpsSoapGateway]


def item(name: str = "shoe", number: int = 1, inner: str = "") -> str:
    return (
        f"<items><assetHandle>a|{number}</assetHandle><type>Image</type><name>{name}</name>"
        f"{inner}</items>"
    )


def by_name(*items: str) -> bytes:
    return returned("getAssetsByName", f"<assetArray>{''.join(items)}</assetArray>")


def found(*items: str, total: int | None = None) -> bytes:
    rows = "" if total is None else f"<totalRows>{total}</totalRows>"
    return returned("searchAssets", f"{rows}<assetArray>{''.join(items)}</assetArray>")


def names(assets: object) -> list[str]:
    assert hasattr(assets, "__iter__")
    return [asset.name for asset in assets]


def search(gateway: IpsSoapGateway, folder: str = "Acme/Shoes") -> list[Asset]:
    return list(gateway.in_folder(folder, recursive=False, types=(), where=()))


def sent(body: str, field: str) -> list[str]:
    """The texts of a field, or of the items of an array field, in a request."""
    whole = re.search(rf"<\w+:{field}>(.*?)</\w+:{field}>", body, re.DOTALL)
    if whole is None:
        return []
    return re.findall(r"<\w+:items>([^<]*)<", whole[1]) or [whole[1]]


FULL = (
    "<fileName>shoe.tif</fileName><folder>Acme/Shoes/</folder><trashState>NotInTrash</trashState>"
    "<lastModified>2026-01-02T03:04:05.678-08:00</lastModified>"
    "<metadataArray><items><name>x</name><value>y</value></items></metadataArray>"
    "<imageInfo><originalPath/><width>400</width><height>300</height><fileSize>12345</fileSize>"
    "<newInVersion2030>1</newInVersion2030></imageInfo><unheardOfInfo><fileSize>9</fileSize>"
    "</unheardOfInfo><permissions/>"
)


def test_a_whole_asset(peer: Peer, connect: Connect) -> None:
    peer.answer("getAssetsByName", by_name(item(inner=FULL)))
    (asset,) = connect(peer.endpoint).by_name(["shoe"])
    moment = datetime(2026, 1, 2, 11, 4, 5, tzinfo=UTC)
    assert asset == Asset(
        handle="a|1",
        name="shoe",
        folder="Acme/Shoes/",
        file_name="shoe.tif",
        version=AssetVersion(
            path="Acme/Shoes/shoe",
            type="Image",
            last_modified_ms=int(moment.timestamp()) * 1000 + 678,
            file_size=12345,
            width=400,
            height=300,
        ),
    )


def test_a_bare_asset(peer: Peer, connect: Connect) -> None:
    peer.answer("getAssetsByName", by_name(item()))
    (asset,) = connect(peer.endpoint).by_name(["shoe"])
    assert asset.version == AssetVersion(path="shoe", type="Image")
    assert (asset.folder, asset.file_name) == ("", "shoe")


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.001Z", 1),
        ("1969-12-31T23:59:59.999Z", -1),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01T00:00:00", 0),
        ("1970-01-01T00:00:01.5Z", 1500),
        ("1970-01-01T00:00:01.123999Z", 1123),
        (" 1970-01-01T00:00:01.1239999999Z ", 1123),
        ("2026-01-02T03:04:05.678Z", 1767323045678),
    ],
)
def test_last_modified_in_whole_milliseconds(
    text: str, ms: int, peer: Peer, connect: Connect
) -> None:
    peer.answer("getAssetsByName", by_name(item(inner=f"<lastModified>{text}</lastModified>")))
    (asset,) = connect(peer.endpoint).by_name(["shoe"])
    assert asset.version.last_modified_ms == ms


def test_the_size_of_another_type_is_in_its_own_info(peer: Peer, connect: Connect) -> None:
    infos = "<layerViewInfo/><videoInfo><fileSize>77</fileSize></videoInfo>"
    peer.answer("getAssetsByName", by_name(item(inner=infos)))
    (asset,) = connect(peer.endpoint).by_name(["shoe"])
    assert (asset.version.file_size, asset.version.width) == (77, None)


def test_negative_sizes_are_not_told(peer: Peer, connect: Connect) -> None:
    """As of a file of more than 2 GB, where 32 bits run over."""
    infos = (
        "<imageInfo><width>-1</width><height> -300 </height><fileSize>-2147483648</fileSize>"
        "</imageInfo><videoInfo><fileSize>77</fileSize><width>0</width></videoInfo>"
    )
    peer.answer("getAssetsByName", by_name(item(inner=infos)))
    (asset,) = connect(peer.endpoint).by_name(["shoe"])
    version = asset.version
    assert (version.file_size, version.width, version.height) == (77, 0, None)


@pytest.mark.parametrize("gone", ["assetHandle", "type", "name"])
def test_an_asset_without_its_essentials_is_no_answer(
    gone: str, peer: Peer, connect: Connect
) -> None:
    broken = re.sub(f"<{gone}>.*?</{gone}>", "", item())
    peer.answer("getAssetsByName", by_name(broken))
    with pytest.raises(IpsAnswerUnreadable, match=f"without {gone}"):
        connect(peer.endpoint).by_name(["shoe"])


@pytest.mark.parametrize("text", ["big", "1.5", "0x10", "9" * 4000, "9" * 5000, "1_0", "٣"])
def test_odd_numbers_are_told(text: str, peer: Peer, connect: Connect) -> None:
    inner = f"<imageInfo><fileSize>{text}</fileSize></imageInfo>"
    peer.answer("getAssetsByName", by_name(item(inner=inner)))
    with pytest.raises(IpsAnswerUnreadable, match="fileSize is not a whole number"):
        connect(peer.endpoint).by_name(["shoe"])


def test_names_are_exact_and_the_trash_is_left_out(peer: Peer, connect: Connect) -> None:
    trashed = "<trashState>InTrash</trashState>"
    peer.answer(
        "getAssetsByName",
        by_name(
            item("Shoe", 1),
            item("shoe", 2),
            item("shoe2", 3),
            item("shoe", 4, trashed),
            item("shoe", 5, "<trashState>NotInTrash</trashState>"),
        ),
    )
    assets = connect(peer.endpoint).by_name(["shoe", "absent"])
    assert [asset.handle for asset in assets] == ["a|2", "a|5"]


def test_many_names_go_in_chunks_and_once_each(peer: Peer, connect: Connect) -> None:
    peer.answer("getAssetsByName", by_name())
    wanted = [f"n{i}" for i in range(450)]
    assert connect(peer.endpoint).by_name(iter([*wanted, "", "bad\x00", *wanted])) == ()
    chunks = [sent(body, "nameArray") for body in peer.bodies("getAssetsByName")]
    assert [len(chunk) for chunk in chunks] == [200, 200, 50]
    assert sorted(name for chunk in chunks for name in chunk) == sorted(wanted)


def test_no_names_no_call(peer: Peer, connect: Connect) -> None:
    assert connect(peer.endpoint).by_name(["", "\x01"]) == ()
    assert peer.requests == []


def test_what_a_search_asks_for(peer: Peer, connect: Connect) -> None:
    peer.answer("searchAssets", found(total=0))
    gateway = connect(peer.endpoint)
    list(gateway.in_folder("Acme/Shoes", recursive=True, types=("Image", "Video"), where=()))
    (body,) = peer.bodies("searchAssets")
    asked = {
        field: sent(body, field)
        for field in (
            "folder", "includeSubfolders", "publishState", "trashState", "assetTypeArray",
            "recordsPerPage", "resultsPage", "sortBy", "sortDirection",
        )
    }  # fmt: skip
    assert asked == {
        "folder": ["Acme/Shoes/"],
        "includeSubfolders": ["true"],
        "publishState": [],
        "trashState": ["NotInTrash"],
        "assetTypeArray": ["Image", "Video"],
        "recordsPerPage": ["1000"],
        "resultsPage": ["1"],
        "sortBy": ["Name"],
        "sortDirection": ["Ascending"],
    }
    fields = sent(body, "responseFieldArray")
    assert {"totalRows", "assetArray/items/name", "assetArray/items/imageInfo/width"} < set(fields)
    assert "assetArray/items/pdfInfo/fileSize" in fields
    assert not any("metadata" in field for field in fields)


def test_how_conditions_are_asked_for(peer: Peer, connect: Connect) -> None:
    """Texts, bytes and moments each in a child of their own; without conditions no such array."""
    peer.answer("searchAssets", found(total=0))
    gateway = connect(peer.endpoint)
    where = (
        Condition(field=ConditionField.NAME, op=ConditionOp.STARTS_WITH, value="a & b"),
        Condition(field=ConditionField.FILE_SIZE, op=ConditionOp.LESS_THAN, value=5_000_000_000),
        Condition(
            field=ConditionField.CREATED, op=ConditionOp.EQUALS, value="2026-01-02T03:04:05-08:00"
        ),
    )
    assert list(gateway.in_folder("Acme", recursive=True, types=(), where=where)) == []
    assert search(gateway) == []
    with_where, without = peer.bodies("searchAssets")
    array = re.search(r"<(\w+):systemFieldConditionArray>.*</\1:system\w+>", with_where, re.DOTALL)
    assert array is not None
    children = re.findall(r"<\w+:(?!items|system)(\w+)>([^<]*)<", array[0])
    assert children == [
        ("field", "Name"), ("op", "StartsWith"), ("value", "a &amp; b"),
        ("field", "FileSize"), ("op", "LessThan"), ("longVal", "5000000000"),
        ("field", "Created"), ("op", "Equals"), ("dateVal", "2026-01-02T03:04:05-08:00"),
    ]  # fmt: skip
    assert sent(with_where, "systemFieldMatchMode") == ["MatchAll"]
    assert "onditionArray" not in without


@pytest.mark.parametrize(
    ("folder", "wire"),
    [
        ("Acme", ["Acme/"]),
        ("/Acme/", ["Acme/"]),
        ("Acme/A & B", ["Acme/A &amp; B/"]),
        ("", []),
        ("/", []),
    ],
)
def test_folders_end_with_a_slash_and_the_root_is_left_out(
    folder: str, wire: list[str], peer: Peer, connect: Connect
) -> None:
    peer.answer("searchAssets", found(total=0))
    search(connect(peer.endpoint), folder)
    body = peer.bodies("searchAssets")[0]
    assert sent(body, "folder") == wire
    assert sent(body, "includeSubfolders") == ["false"]
    assert sent(body, "assetTypeArray") == []


def test_pages_come_when_they_are_needed(peer: Peer, connect: Connect) -> None:
    peer.answer(
        "searchAssets",
        found(item("a", 1), item("b", 2), total=5),
        found(item("c", 3), item("d", 4), total=5),
        found(item("e", 5), total=5),
    )
    assets = connect(peer.endpoint).in_folder("Acme", recursive=False, types=(), where=())
    assert names(islice(assets, 2)) == ["a", "b"]
    assert peer.count("searchAssets") == 1
    assert names(assets) == ["c", "d", "e"]
    pages = [sent(body, "resultsPage") for body in peer.bodies("searchAssets")]
    assert pages == [["1"], ["2"], ["3"]]


def test_without_a_total_a_short_page_is_the_last(peer: Peer, connect: Connect) -> None:
    peer.answer(
        "searchAssets",
        found(*(item(f"n{i}", i) for i in range(1000))),
        found(item("last", 1000)),
    )
    assert len(search(connect(peer.endpoint))) == 1001
    assert peer.count("searchAssets") == 2


def test_an_asset_on_two_pages_is_one_asset(peer: Peer, connect: Connect) -> None:
    """Something was added before it while we read."""
    peer.answer(
        "searchAssets",
        found(item("a", 1), item("b", 2), total=4),
        found(item("b", 2), item("c", 3), total=4),
    )
    assert names(search(connect(peer.endpoint))) == ["a", "b", "c"]


def test_the_trash_counts_as_a_row_but_is_left_out(peer: Peer, connect: Connect) -> None:
    trashed = "<trashState>InEmptiedTrash</trashState>"
    peer.answer("searchAssets", found(item("a", 1), item("b", 2, trashed), total=2))
    assert names(search(connect(peer.endpoint))) == ["a"]


def test_a_repeated_page_is_told(peer: Peer, connect: Connect) -> None:
    peer.answer("searchAssets", found(item("a", 1), item("b", 2), total=6))
    with pytest.raises(IpsAnswerUnreadable, match="repeats its page of assets as page 2"):
        search(connect(peer.endpoint))


def test_pages_that_end_early_are_told(peer: Peer, connect: Connect) -> None:
    peer.answer("searchAssets", found(item("a", 1), total=3), found(total=3))
    with pytest.raises(IpsAnswerUnreadable, match="3 assets but its pages end after 1"):
        search(connect(peer.endpoint))


def test_assets_deleted_while_we_read_may_have_hidden_others(peer: Peer, connect: Connect) -> None:
    """Those behind a deleted one move forward, over an edge that we have passed."""
    peer.answer("searchAssets", found(item("a", 1), total=3), found(item("c", 3), total=2))
    with pytest.raises(IpsAnswerUnreadable, match=r"the folder changed .* 2 assets after 3"):
        names(search(connect(peer.endpoint)))


def test_an_answer_without_anything_is_an_empty_folder(peer: Peer, connect: Connect) -> None:
    peer.answer("searchAssets", returned("searchAssets", ""))
    assert search(connect(peer.endpoint)) == []


def test_an_unwritable_folder_name_is_no_folder(peer: Peer, connect: Connect) -> None:
    assert search(connect(peer.endpoint), "Acme/\x00") == []
    assert peer.requests == []


def test_answers_of_another_version_are_read(peer: Peer, connect: Connect) -> None:
    peer.answer(
        "getImageFormats",
        returned(
            "getImageFormats",
            "<imageFormatArray><items><name>Large</name><urlModifier/></items></imageFormatArray>",
            version="2022-11-01-beta",
        ),
    )
    (preset,) = connect(peer.endpoint).presets()
    assert (preset.name, preset.urlModifier) == ("Large", "")


@pytest.mark.parametrize(
    "text", ["yesterday", "9" * 5000, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
)
def test_odd_dates_are_told(text: str, peer: Peer, connect: Connect) -> None:
    peer.answer("getAssetsByName", by_name(item(inner=f"<lastModified>{text}</lastModified>")))
    with pytest.raises(IpsAnswerUnreadable, match="lastModified is not a date and time") as caught:
        connect(peer.endpoint).by_name(["shoe"])
    assert len(str(caught.value)) < 200
