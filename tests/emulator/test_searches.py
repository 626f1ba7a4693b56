"""Reading the company over SOAP: accounts, searches, folders, presets."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from lxml import etree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator.conftest import Ips, Reply, Serve

COMPANY = "<companyHandle>c|110</companyHandle>"
EVERYTHING = ["PS_1", "PS_2", "PS_3_draft", "guide", "logo"]


def search(ips: Ips, *before: str, sub: bool = True, after: str = "") -> Reply:
    """``before`` and ``after`` stand on their sides of includeSubfolders."""
    flag = f"<includeSubfolders>{str(sub).lower()}</includeSubfolders>"
    return ips.call("searchAssets", f"{COMPANY}{''.join(before)}{flag}{after}")


def names(reply: Reply) -> list[str]:
    return reply.texts("assetArray/items/name")


def condition(field: str, op: str, **values: str) -> str:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return f"<items><field>{field}</field><op>{op}</op>{inner}</items>"


def conditions(*items: str, mode: str = "") -> str:
    match = f"<systemFieldMatchMode>{mode}</systemFieldMatchMode>" if mode else ""
    array = f"<systemFieldConditionArray>{''.join(items)}</systemFieldConditionArray>"
    return match + array


def test_login_and_users(serve: Serve, catalog: Path) -> None:
    (catalog / "catalog.yaml").write_text(
        "users:\n"
        "  - {email: a@x, password: 12345, firstName: Ada, lastName: B, role: IpsAdmin}\n"
        "  - {email: b@x, password: secret}\n"
    )
    ips = serve()
    header = (
        '<authHeader xmlns="http://www.scene7.com/IpsApi/xsd">'
        "<user>b@x</user><password>secret</password></authHeader>"
    )

    def login(email: str, password: str) -> str:
        inner = f"<email>{email}</email><password>{password}</password>"
        return ips.call("checkLogin", inner, header=header).text("status")

    assert login("a@x", "12345") == "ValidLogin"
    assert login("a@x", "wrong") == "InvalidLogin"
    assert login("a@x", "") == "InvalidLogin"
    assert login("nobody", "") == "InvalidLogin"
    reply = ips.call("getUserInfo", "<email>a@x</email>", header=header)
    assert reply.text("userInfo/userHandle") == "u|110|a@x"
    assert reply.text("userInfo/isIpsAdmin") == "true"
    reply = ips.call("getUserInfo", header=header)
    assert (reply.text("userInfo/email"), reply.text("userInfo/isIpsAdmin")) == ("b@x", "false")
    reply = ips.call("getUserInfo", "<userHandle>u|110|c@x</userHandle>", header=header)
    assert reply.fault[:2] == ("authorizationFault", 20002)
    assert ips.call("getUserInfo").fault[1] == 10001  # the default login is no longer there


def test_company(shared_ips: Ips) -> None:
    reply = shared_ips.call("getCompanyMembership")
    assert reply.text("membershipArray/items/company/companyHandle") == "c|110"
    assert reply.text("membershipArray/items/role") == "IpsCompanyAdmin"
    assert reply.text("membershipArray/items/isActive") == "true"
    reply = shared_ips.call("getCompanyInfo", COMPANY)
    assert reply.text("companyInfo/rootPath") == "Acme/"
    assert shared_ips.call("getCompanyInfo", "<companyName>X</companyName>").fault[1] == 20000


def test_an_asset_has_what_the_file_says(shared_ips: Ips) -> None:
    path = shared_ips.options.catalog / "Products" / "ss27" / "PS_1.jpg"
    os.utime(path, ns=(0, 1_780_000_000_123_456_789))
    reply = search(shared_ips, after=conditions(condition("Name", "Equals", value="PS_1")))
    asset = "assetArray/items"
    assert reply.text("totalRows") == "1"
    assert reply.text(f"{asset}/type") == "Image"
    assert reply.text(f"{asset}/fileName") == "PS_1.jpg"
    assert reply.text(f"{asset}/folder") == "Acme/Products/ss27/"
    assert reply.text(f"{asset}/folderHandle") == "f|Acme/Products/ss27/"
    modified = datetime.fromisoformat(reply.text(f"{asset}/lastModified"))
    assert modified == datetime(2026, 5, 28, 20, 26, 40, 123_000, tzinfo=UTC)
    assert reply.text(f"{asset}/imageInfo/width") == "90"
    assert reply.text(f"{asset}/imageInfo/height") == "60"
    assert reply.text(f"{asset}/imageInfo/fileSize") == str(path.stat().st_size)
    assert reply.text(f"{asset}/assetHandle").startswith("a|")
    for name in ("projects", "metadataArray", "imageInfo/description", "imageInfo/zoomTargets"):
        (node,) = reply.find(f"{asset}/{name}")
        assert len(node) == 0
        assert node.text is None


def test_other_types_carry_their_own_info(shared_ips: Ips) -> None:
    reply = search(shared_ips, after="<assetTypeArray><items>Pdf</items></assetTypeArray>")
    assert names(reply) == ["guide"]
    assert reply.text("assetArray/items/pdfInfo/fileSize") == "31"
    assert reply.find("assetArray/items/imageInfo") == []


@pytest.mark.parametrize(
    ("folder", "sub", "expected"),
    [
        ("", True, EVERYTHING),
        ("", False, []),
        ("Acme/", True, EVERYTHING),
        ("Acme", True, EVERYTHING),
        ("Acme/Brand/", False, ["guide", "logo"]),
        ("Acme/Products/", False, []),
        ("Acme/Products/", True, ["PS_1", "PS_2", "PS_3_draft"]),
        ("Acme/Prod", True, []),
        ("Other/", True, []),
    ],
)
def test_folders_of_a_search(shared_ips: Ips, folder: str, sub: bool, expected: list[str]) -> None:
    path = f"<folder>{folder}</folder>" if folder else ""
    reply = search(shared_ips, path, sub=sub)
    assert names(reply) == expected
    assert reply.text("totalRows") == str(len(expected))


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (conditions(condition("Name", "StartsWith", value="PS_")), EVERYTHING[:3]),
        (conditions(condition("Name", "EndsWith", value="_draft")), ["PS_3_draft"]),
        (conditions(condition("Name", "NotEquals", value="PS_1")), EVERYTHING[1:]),
        (conditions(condition("Name", "Equals", value="ps_1")), []),
        (conditions(condition("FileName", "Contains", value=".png")), ["PS_2", "PS_3_draft"]),
        (
            conditions(
                condition("FileName", "NotContains", value=".png"),
                condition("Name", "StartsWith", value="PS_"),
            ),
            ["PS_1"],
        ),
        (
            conditions(
                condition("Name", "Equals", value="PS_1"),
                condition("Name", "Equals", value="logo"),
                mode="MatchAny",
            ),
            ["PS_1", "logo"],
        ),
        (conditions(condition("FileSize", "Equals", longVal="31")), ["guide"]),
        (conditions(condition("FileSize", "Between", minLong="1", maxLong="31")), ["guide"]),
        (conditions(condition("FileSize", "NotBetween", minLong="0", maxLong="31")), "not guide"),
        (conditions(condition("Created", "LessThan", dateVal="2001-01-01T00:00:00Z")), []),
        (
            conditions(
                condition("LastModified", "GreaterThanEquals", dateVal="2001-01-01T00:00:00")
            ),
            EVERYTHING,
        ),
    ],
)
def test_conditions(shared_ips: Ips, clause: str, expected: list[str] | str) -> None:
    if expected == "not guide":
        expected = [name for name in EVERYTHING if name != "guide"]
    assert names(search(shared_ips, after=clause)) == expected


@pytest.mark.parametrize(
    ("clause", "code"),
    [
        (conditions(condition("Colour", "Equals", value="x")), 30001),
        (conditions(condition("Name", "LessThan", value="x")), 30001),
        (conditions(condition("Name", "Equals")), 30002),
        (conditions(condition("FileSize", "Contains", longVal="1")), 30001),
        (conditions(condition("FileSize", "Equals", value="1")), 30002),
        (conditions(condition("FileSize", "Between", minLong="1")), 30002),
        (conditions(condition("Created", "Equals", dateVal="2026-02-30T00:00:00Z")), 30003),
        ("<systemFieldMatchMode>Some</systemFieldMatchMode>", 30001),
        ("<assetTypeArray/><sortBy>Colour</sortBy>", 30001),
        ("<assetTypeArray/><sortDirection>Up</sortDirection>", 30001),
        ("<assetTypeArray/><recordsPerPage>0</recordsPerPage>", 30001),
        ("<assetTypeArray/><projectHandle>p|1</projectHandle>", 30001),
    ],
)
def test_bad_searches(shared_ips: Ips, clause: str, code: int) -> None:
    assert search(shared_ips, after=clause).fault[1] == code


def test_filters_that_are_not_built_are_refused(shared_ips: Ips) -> None:
    reply = search(shared_ips, "<accessGroupHandle>g|1</accessGroupHandle>")
    assert reply.fault[1] == 30001
    assert "not built" in reply.fault[2]
    assert search(shared_ips, "<accessGroupHandle/>").status == 200


def test_sorting(shared_ips: Ips) -> None:
    def sort(by: str, direction: str) -> list[str]:
        clause = f"<sortBy>{by}</sortBy><sortDirection>{direction}</sortDirection>"
        return names(search(shared_ips, after=clause))

    assert sort("Name", "Descending") == EVERYTHING[::-1]
    assert sort("AssetType", "Ascending")[-1] == "guide"
    assert sort("FileSize", "Ascending")[0] == "guide"
    assert sort("FileSize", "Descending") == sort("FileSize", "Ascending")[::-1]


def test_pages(serve: Serve, catalog: Path) -> None:
    lines = [
        f"  - {{name: set_{number:05}, type: SpinSet, folder: Sets/}}" for number in range(2500)
    ]
    (catalog / "catalog.yaml").write_text("assets:\n" + "\n".join(lines))
    ips = serve()
    where = "<folder>Acme/Sets/</folder>"

    def page(number: int, size: int | None = None, fields: str = "") -> Reply:
        records = f"<recordsPerPage>{size}</recordsPerPage>" if size else ""
        after = f"{records}<resultsPage>{number}</resultsPage>{fields}"
        return search(ips, where, after=after)

    seen = [name for number in (1, 2, 3) for name in names(page(number))]
    assert seen == [f"set_{number:05}" for number in range(2500)]
    assert page(3).text("totalRows") == "2500"
    assert page(4).find("assetArray/items") == []
    assert len(names(page(1, 5000))) == 1000
    assert names(page(0, 3)) == names(page(1, 3)) == seen[:3]
    assert names(page(2, 7)) == seen[7:14]
    slim = "<responseFieldArray><items>assetArray/items/name</items></responseFieldArray>"
    assert len(names(page(1, 5000, slim))) == 2500
    wide = "<responseFieldArray><items>assetArray/items/folder</items></responseFieldArray>"
    assert len(page(1, 5000, wide).find("assetArray/items")) == 1000


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (["totalRows"], [], "<totalRows>1</totalRows>"),
        (
            ["assetArray/items/name"],
            [],
            "<assetArray><items><name>guide</name></items></assetArray>",
        ),
        (
            ["assetArray/items/pdfInfo/fileSize", "assetArray/items/type", "totalRows"],
            [],
            "<totalRows>1</totalRows><assetArray><items><type>Pdf</type>"
            "<pdfInfo><fileSize>31</fileSize></pdfInfo></items></assetArray>",
        ),
        (["nothing/like/this"], [], ""),
        (["assetArray/items"], ["assetArray"], ""),
        (["assetArray/items/name"], ["assetArray/items"], "<assetArray/>"),
        ([], ["assetArray"], "<totalRows>1</totalRows>"),
    ],
)
def test_response_fields(
    shared_ips: Ips, include: list[str], exclude: list[str], expected: str
) -> None:
    after = shared_ips.children(
        assetTypeArray=["Pdf"],
        responseFieldArray=include or None,
        excludeFieldArray=exclude or None,
    )
    content = search(shared_ips, after=after).content
    etree.cleanup_namespaces(content)
    text = etree.tostring(content).decode()
    inner = text.partition(">")[2].removesuffix("</searchAssetsReturn>")
    assert inner == expected


def test_excluded_fields(shared_ips: Ips) -> None:
    after = shared_ips.children(
        assetTypeArray=["Image"],
        excludeFieldArray=["assetArray/items/imageInfo/width", "totalRows"],
    )
    reply = search(shared_ips, after=after)
    assert reply.find("totalRows") == []
    assert reply.find("assetArray/items/imageInfo/width") == []
    assert len(reply.find("assetArray/items/imageInfo/height")) == 4


def test_assets_by_handle_and_by_name(shared_ips: Ips) -> None:
    handles = shared_ips.handles()
    wanted = [handles["logo"], "a|99", handles["PS_1"], "nonsense", handles["logo"]]
    inner = shared_ips.children(companyHandle="c|110", assetHandleArray=wanted)
    assert names(shared_ips.call("getAssets", inner)) == ["logo", "PS_1"]
    inner = shared_ips.children(companyHandle="c|110", nameArray=["PS_2", "ps_1", "guide"])
    assert names(shared_ips.call("getAssetsByName", inner)) == ["PS_2", "guide"]
    inner = shared_ips.children(
        companyHandle="c|110", nameArray=["PS_2", "guide"], assetTypeArray=["Pdf"]
    )
    assert names(shared_ips.call("getAssetsByName", inner)) == ["guide"]
    inner = shared_ips.children(companyHandle="c|110", nameArray=["x"])
    assert b"<assetArray/>" in shared_ips.call("getAssetsByName", inner).body


def test_states_and_sub_types(serve: Serve, catalog: Path) -> None:
    (catalog / "catalog.yaml").write_text(
        "assets:\n"
        "  - {file: Brand/logo.tif, trashState: InTrash}\n"
        "  - {file: Brand/guide.pdf, readyForPublish: false}\n"
        "  - {name: spin, type: AssetSet, subType: SpinSet, folder: Brand}\n"
    )
    ips = serve()
    assert "logo" not in names(search(ips))
    assert names(search(ips, after="<trashState>InTrash</trashState>")) == ["logo"]
    hidden = search(ips, after="<publishState>NotMarkedForPublish</publishState>")
    assert names(hidden) == ["guide"]
    strict = ips.children(assetSubTypeArray=["SpinSet"], strictSubTypeCheck=True)
    assert names(search(ips, after=strict)) == ["spin"]
    loose = ips.children(assetSubTypeArray=["Other"])
    assert "spin" not in names(search(ips, after=loose))
    assert "PS_1" in names(search(ips, after=loose))


def test_folders(shared_ips: Ips) -> None:
    reply = shared_ips.call("getFolders", COMPANY)
    folder = "folderArray/items"
    paths = ["Acme/", "Acme/Brand/", "Acme/Products/", "Acme/Products/ss27/"]
    assert reply.texts(f"{folder}/path") == paths
    assert reply.texts(f"{folder}/folderHandle") == [f"f|{path}" for path in paths]
    assert reply.texts(f"{folder}/hasSubfolders") == ["true", "false", "true", "false"]
    assert len(reply.find(f"{folder}/lastModified")) == 4
    assert len(reply.find(f"{folder}/childLastModified")) == 2
    assert reply.find("permissionSetArray")[0].text is None
    inner = f"{COMPANY}<folderPath>Acme/Products/</folderPath>"
    assert shared_ips.call("getFolders", inner).texts(f"{folder}/path") == paths[2:]
    inner = f"{COMPANY}<assetTypeArray><items>Pdf</items></assetTypeArray>"
    assert shared_ips.call("getFolders", inner).texts(f"{folder}/path") == paths[1:2]


def test_image_formats(serve: Serve, catalog: Path) -> None:
    (catalog / "catalog.yaml").write_text(
        'presets:\n  - {name: Thumb, urlModifier: "wid=1&hei=1"}\n  - {name: $Zoom$}\n'
    )
    reply = serve().call("getImageFormats", COMPANY)
    item = "imageFormatArray/items"
    assert reply.texts(f"{item}/name") == ["Thumb", "Zoom"]
    assert reply.texts(f"{item}/urlModifier") == ["wid=1&hei=1", ""]
    assert len(set(reply.texts(f"{item}/imageFormatHandle"))) == 2
