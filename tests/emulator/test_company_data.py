"""Companies, metadata, projects, folders and presets over SOAP, and what changes them."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from s7spec.emulator import EmbeddedIps, EmbeddedIpsOptions
from tests.emulator.conftest import COMMON, CONTRACT, Ips, make_catalog

if TYPE_CHECKING:
    from tests.emulator.conftest import Reply, Serve

C = "<companyHandle>c|110</companyHandle>"
BETA = "<companyHandle>c|120</companyHandle>"
CATALOG = """\
company: {name: Acme, number: 110}
companies:
  - {name: Beta, number: 120, folder: Brand, expires: 2030-01-01T00:00:00Z}
  - {name: Closed, number: 130}
users:
  - email: demo@example.com
    password: demo
    memberships:
      [{company: Acme}, {company: Beta, role: IpsUser}, {company: Closed, isActive: false}]
  - {email: root@example.com, password: root, role: IpsAdmin, memberships: [{company: Acme}]}
  - {email: gone@example.com, password: gone, isValid: false}
presets:
  - {name: Zoom, urlModifier: "wid=900"}
  - {name: Small, urlModifier: "wid=90", company: Beta}
projects: [{name: Spring}, {name: Autumn}]
metadataFields:
  - {name: Season, type: SingleFixedTag, values: [ss27, fw27], isRequired: true}
  - {name: Colours, type: MultiTag}
  - {name: Weight, type: Int}
  - {name: Width, type: Float, assetType: Image}
  - {name: Hero, type: Boolean}
  - {name: Shot, type: Date}
  - {name: Title}
systemProperties: {SvgRenderEnabled: "false"}
assets:
  - file: Products/ss27/PS_1.jpg
    keywords: [shoe, sale]
    projects: [Spring, Autumn]
    createdWith: Camera
    metadata: {Season: ss27, Colours: [red, blue], Weight: 12, Width: 1.5, Hero: true,
      Shot: 2026-01-02T00:00:00Z, Title: Red Boot}
  - file: Products/ss27/PS_2.png
    keywords: [shoe]
    projects: [Spring]
    subType: Packshot
    generatedBy: PhotoshopLayers
    metadata: {Season: fw27, Colours: [red], Weight: 7, Title: red boot}
  - {file: Products/ss27/PS_3_draft.png, readyForPublish: false}
  - {name: bin, type: Image, folder: Old/, trashState: InTrash, fileName: b.jpg, width: 5}
  - {name: clip, type: Video, folder: Old/, fileName: clip.mp4, fileSize: 5000000000}
  - {name: turn, type: SpinSet, folder: Old/Sets/, setDefinition: "a,b,c"}
"""


@pytest.fixture(scope="module")
def ips(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ips]:
    folder = tmp_path_factory.mktemp("company")
    catalog = make_catalog(folder / "catalog")
    (catalog / "catalog.yaml").write_text(CATALOG)
    with zipfile.ZipFile(catalog / "Products" / "bundle.zip", "w") as archive:
        archive.writestr("inside/readme.txt", "x" * 100)
        archive.mkdir("empty")
    options = EmbeddedIpsOptions(catalog=catalog, data=folder / "data", contract=CONTRACT)
    with EmbeddedIps(options) as server:
        yield Ips(options, server)


@pytest.fixture
def changing(serve: Serve, catalog: Path) -> Ips:
    """A server of its own for tests that change something."""
    (catalog / "catalog.yaml").write_text(CATALOG)
    return serve()


def login(user: str, password: str) -> str:
    inner = f"<user>{user}</user><password>{password}</password>"
    return f'<authHeader xmlns="{COMMON}">{inner}</authHeader>'


def search(ips: Ips, after: str = "", before: str = "", sub: str = "true") -> list[str]:
    inner = f"{C}{before}<includeSubfolders>{sub}</includeSubfolders>{after}"
    return ips.call("searchAssets", inner).texts("assetArray/items/name")


def metadata(field: str, op: str, kind: str = "ASSET", **values: str) -> str:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return f"<items><fieldHandle>m|110|{kind}|{field}</fieldHandle><op>{op}</op>{inner}</items>"


def strings(name: str, *items: str) -> str:
    return f"<{name}>{''.join(f'<items>{item}</items>' for item in items)}</{name}>"


def handle(ips: Ips, name: str) -> str:
    reply = ips.call("getAssetsByName", C + strings("nameArray", name))
    return reply.text("assetArray/items/assetHandle")


def test_companies_and_memberships(ips: Ips) -> None:
    reply = ips.call("getCompanyMembership")
    assert reply.texts("membershipArray/items/company/name") == ["Acme", "Beta", "Closed"]
    assert reply.texts("membershipArray/items/role") == [
        "IpsCompanyAdmin",
        "IpsUser",
        "IpsCompanyAdmin",
    ]
    assert reply.texts("membershipArray/items/isActive") == ["true", "true", "false"]
    info = ips.call("getCompanyInfo", "<companyName>Beta</companyName>")
    assert info.text("companyInfo/companyHandle") == "c|120"
    assert info.text("companyInfo/expires") == "2030-01-01T00:00:00.000Z"


def test_a_company_is_open_to_its_members_only(ips: Ips) -> None:
    closed = "<companyHandle>c|130</companyHandle>"
    assert ips.call("getAssetCounts", closed).fault[:2] == ("authorizationFault", 20006)
    assert ips.call("getAssetCounts", closed.replace("130", "140")).fault[1] == 20000
    root = login("root@example.com", "root")
    assert ips.call("getAssetCounts", closed, header=root).status == 200
    assert ips.call("getUserInfo", header=login("gone@example.com", "gone")).fault[:2] == (
        "authenticationFault",
        10002,
    )


def test_assets_belong_to_one_company(ips: Ips) -> None:
    reply = ips.call("searchAssets", f"{BETA}<includeSubfolders>true</includeSubfolders>")
    assert reply.texts("assetArray/items/name") == ["guide", "logo"]
    assert reply.texts("assetArray/items/folder") == ["Beta/", "Beta/"]
    theirs = reply.texts("assetArray/items/assetHandle")[0]
    assert ips.call("getAssets", C + strings("assetHandleArray", theirs)).texts("assetArray") == [
        ""
    ]
    formats = ips.call("getImageFormats", BETA)
    assert formats.texts("imageFormatArray/items/name") == ["Small"]


def test_an_asset_shows_its_metadata_typed(ips: Ips) -> None:
    reply = ips.call("getAssetsByName", C + strings("nameArray", "PS_1"))
    items = "assetArray/items/metadataArray/items"
    shown = dict(zip(reply.texts(f"{items}/name"), reply.texts(f"{items}/value"), strict=True))
    assert shown == {
        "Season": "ss27",
        "Colours": "red,blue",
        "Weight": "12",
        "Width": "1.5",
        "Hero": "true",
        "Shot": "2026-01-02T00:00:00Z",
        "Title": "Red Boot",
    }
    assert reply.texts(f"{items}/valueArray/items") == ["red", "blue"]
    assert reply.text(f"{items}/longVal") == "12"
    assert reply.text(f"{items}/doubleVal") == "1.5"
    assert reply.text(f"{items}/boolVal") == "true"
    assert reply.text(f"{items}/dateVal") == "2026-01-02T00:00:00.000Z"
    assert reply.text("assetArray/items/projects") == "Spring,Autumn"


def test_types_without_files_have_their_info(ips: Ips) -> None:
    reply = ips.call("getAssetsByName", C + strings("nameArray", "bin", "clip", "turn"))
    assert reply.text("assetArray/items/imageInfo/width") == "5"
    assert reply.text("assetArray/items/videoInfo/fileSize") == "5000000000"
    assert reply.text("assetArray/items/assetSetInfo/setDefinition") == "a,b,c"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (metadata("Season", "Equals", value="ss27"), ["PS_1"]),
        (metadata("Title", "Equals", value="Red Boot"), ["PS_1"]),
        (metadata("Title", "Equals", caseSensitive="false", value="RED BOOT"), ["PS_1", "PS_2"]),
        (metadata("Title", "StartsWith", value="red"), ["PS_2"]),
        (metadata("Title", "EndsWith", value="oot"), ["PS_1", "PS_2"]),
        (metadata("Weight", "GreaterThan", longVal="7"), ["PS_1"]),
        (metadata("Weight", "Between", minLong="7", maxLong="12"), ["PS_1", "PS_2"]),
        (metadata("Width", "LessThanEquals", kind="IMAGE", doubleVal="1.5"), ["PS_1"]),
        (metadata("Hero", "Equals", boolVal="true"), ["PS_1"]),
        (metadata("Shot", "LessThan", dateVal="2026-01-02T00:00:00.001Z"), ["PS_1"]),
        (metadata("Colours", "Equals", value="blue"), ["PS_1"]),
        (metadata("Season", "NotEquals", value="ss27"), ["PS_2", "PS_3_draft"]),
        (
            metadata("Season", "Equals", value="ss27") + metadata("Weight", "Equals", longVal="7"),
            [],
        ),
    ],
)
def test_metadata_conditions(ips: Ips, condition: str, expected: list[str]) -> None:
    images = strings("assetTypeArray", "Image")
    found = search(ips, f"<metadataConditionArray>{condition}</metadataConditionArray>{images}")
    assert found == expected


def test_match_modes(ips: Ips) -> None:
    ss27, heavy = (
        metadata("Season", "Equals", value="ss27"),
        metadata("Weight", "Equals", longVal="7"),
    )
    both = f"<metadataMatchMode>MatchAny</metadataMatchMode><metadataConditionArray>{ss27}{heavy}"
    assert search(ips, f"{both}</metadataConditionArray>") == ["PS_1", "PS_2"]
    name = "<items><field>Name</field><op>Equals</op><value>clip</value></items>"
    groups = (
        "<conditionMatchMode>{}</conditionMatchMode>"
        f"<systemFieldConditionArray>{name}</systemFieldConditionArray>"
        f"<metadataConditionArray>{ss27}</metadataConditionArray>"
    )
    assert search(ips, groups.format("MatchAny")) == ["PS_1", "clip"]
    assert search(ips, groups.format("MatchAll")) == []


def test_tags_and_keywords(ips: Ips) -> None:
    def tagged(op: str, values: str) -> list[str]:
        inner = (
            f"<items><fieldHandle>m|110|ASSET|Colours</fieldHandle><op>{op}</op>{values}</items>"
        )
        return search(ips, f"<tagConditionArray>{inner}</tagConditionArray>")

    assert tagged("Matches", "<value>red</value>") == ["PS_1", "PS_2"]
    assert tagged("MatchesAny", strings("valueArray", "blue", "green")) == ["PS_1"]
    assert tagged("MatchesAll", strings("valueArray", "red", "blue")) == ["PS_1"]
    assert search(ips, strings("keywordArray", "shoe", "sale")) == ["PS_1"]
    keyword = "<items><field>Keywords</field><op>Contains</op><value>sho</value></items>"
    conditions = f"<systemFieldConditionArray>{keyword}</systemFieldConditionArray>"
    assert search(ips, conditions) == ["PS_1", "PS_2"]
    sku = "<items><field>Sku</field><op>Equals</op><value>nothing</value></items>"
    ignored = f"<systemFieldConditionArray>{sku}</systemFieldConditionArray>"
    assert search(ips, ignored) == search(ips)


def test_states_byproducts_and_projects(ips: Ips) -> None:
    assert search(ips, "<trashState>InTrash</trashState>") == ["bin"]
    assert search(ips, "<publishState>NotMarkedForPublish</publishState>") == ["PS_3_draft"]
    images = strings("assetTypeArray", "Image")
    assert search(ips, f"{images}<excludeByproducts>true</excludeByproducts>") == [
        "PS_1",
        "PS_3_draft",
    ]
    engine = "<engine>PhotoshopLayers</engine><generatedAssetType>{}</generatedAssetType>"
    by = f"{images}<excludeByproductArray><items>{engine}</items></excludeByproductArray>"
    assert search(ips, by.format("Image")) == ["PS_1", "PS_3_draft"]
    assert search(ips, by.format("Video")) == ["PS_1", "PS_2", "PS_3_draft"]
    project = "<projectHandle>p|110|{}</projectHandle>"
    assert search(ips, project.format("Spring")) == ["PS_1", "PS_2"]
    assert search(ips, project.format("Autumn")) == ["PS_1"]
    assert search(
        ips,
        f"{strings('assetSubTypeArray', 'Packshot')}<strictSubTypeCheck>true</strictSubTypeCheck>",
    ) == ["PS_2"]


def summaries(ips: Ips, inner: str, names: tuple[str, ...] = ()) -> Reply:
    tail = strings("responseMetadataArray", *names) if names else ""
    return ips.call("searchAssetsByMetadata", f"{C}{inner}{tail}")


def named(field: str, op: str, value: str) -> str:
    inner = f"<fieldHandle>{field}</fieldHandle><op>{op}</op><value>{value}</value>"
    return f"<metadataConditionArray><items>{inner}</items></metadataConditionArray>"


def test_search_by_metadata(ips: Ips) -> None:
    def found(inner: str) -> list[str]:
        return summaries(ips, inner).texts("assetSummaryArray/items/name")

    assert found(named("name", "StartsWith", "PS_")) == ["PS_1", "PS_2", "PS_3_draft"]
    assert found(named("custom_attributes.Season", "Equals", "ss27")) == ["PS_1"]
    assert found(named("folder_path", "Equals", "Acme/Old/")) == ["clip"]
    assert found(named("sku", "Equals", "x")) == found("")
    date = "Fri Jul 25 2014 22:13:45 GMT-0500 (CDT)"
    assert "PS_1" in found(named("modified_at", "GreaterThan", date))
    assert "PS_1" not in found(named("modified_at", "LessThan", date))
    trash = "<filters><folder>Acme/Old/</folder><trashState>{}</trashState></filters>"
    assert found(trash.format("Any")) == ["bin", "clip"]
    assert found(trash.format("InTrash")) == ["bin"]
    assert summaries(ips, named("dc.rights", "Equals", "x")).fault[1] == 30001
    assert summaries(ips, named("modified_at", "LessThan", "yesterday")).fault[1] == 30001


def test_summaries(ips: Ips) -> None:
    reply = summaries(
        ips, named("name", "Equals", "PS_1"), ("name", "custom_attributes.Season", "x")
    )
    assert reply.text("totalRows") == "1"
    assert reply.text("assetSummaryArray/items/filename") == "PS_1.jpg"
    items = "assetSummaryArray/items/metadataArray/items"
    # Documented: user-defined fields come back with this text.
    assert reply.texts(f"{items}/name") == ["name", "custom_attributes.Season"]
    assert reply.texts(f"{items}/value") == ["PS_1", "null"]


def test_metadata_fields_projects_properties(ips: Ips) -> None:
    fields = ips.call("getMetadataFields", f"{C}<assetType>Video</assetType>")
    assert fields.texts("fieldArray/items/name") == [
        *("Season", "Colours", "Weight", "Hero", "Shot", "Title")
    ]
    assert fields.texts("fieldArray/items/fieldHandle")[0] == "m|110|ASSET|Season"
    assert fields.texts("fieldArray/items/isRequired")[:2] == ["true", "false"]
    groups = ips.call("getAssetMetadataFields", C)
    assert groups.texts("assetFieldsArray/items/assetType") == ["Asset", "Image"]
    projects = ips.call("getProjects", C)
    assert projects.texts("projectArray/items/projectHandle") == ["p|110|Spring", "p|110|Autumn"]
    properties = ips.call("getSystemProperties")
    assert properties.texts("propertyArray/items/value") == ["false", ""]


def test_counts_paths_and_zip_entries(ips: Ips) -> None:
    counts = ips.call("getAssetCounts", C)
    assert dict(
        zip(
            counts.texts("countArray/items/assetType"),
            counts.texts("countArray/items/count"),
            strict=True,
        )
    ) == {"Image": "3", "SpinSet": "1", "Video": "1", "Zip": "1"}
    wanted = [handle(ips, "PS_2"), handle(ips, "turn"), handle(ips, "PS_1")]
    paths = ips.call("getOriginalFilePaths", C + strings("assetHandleArray", *wanted))
    png, none, jpg = paths.texts("originalFileArray/items")
    assert (png[-4:], none, jpg[-4:]) == (".png", "", ".jpg")
    unknown = strings("assetHandleArray", "a|999")
    assert ips.call("getOriginalFilePaths", C + unknown).fault[1] == 30001
    bundle = f"{C}<assetHandle>{handle(ips, 'bundle')}</assetHandle>"
    entries = ips.call("getZipEntries", bundle)
    assert entries.texts("zipArray/items/name") == ["inside/readme.txt", "empty/"]
    assert entries.texts("zipArray/items/uncompressedSize") == ["100", "0"]
    picture = f"{C}<assetHandle>{handle(ips, 'PS_1')}</assetHandle>"
    assert ips.call("getZipEntries", picture).fault[1] == 30001


def test_folder_trees(ips: Ips) -> None:
    def tree(depth: int, top: str = "", types: str = "") -> Reply:
        return ips.call("getFolderTree", f"{C}{top}<depth>{depth}</depth>{types}")

    whole = tree(-1)
    assert whole.text("folders/path") == "Acme/"
    assert whole.texts("folders/subfolderArray/items/path") == ["Acme/Old/", "Acme/Products/"]
    deeper = "folders/subfolderArray/items/subfolderArray/items"
    assert whole.texts(f"{deeper}/path") == ["Acme/Old/Sets/", "Acme/Products/ss27/"]
    assert whole.texts(f"{deeper}/hasSubfolders") == ["false", "false"]
    assert tree(0).find("folders/subfolderArray") == []
    assert tree(1).find(deeper) == []
    old = tree(-1, "<folderPath>Acme/Old/</folderPath>")
    assert old.text("folders/folderHandle") == "f|Acme/Old/"
    spins = tree(-1, types=strings("assetTypeArray", "SpinSet"))
    assert spins.texts("folders/subfolderArray/items/path") == ["Acme/Old/"]
    assert tree(-2).fault[1] == 30001
    assert tree(0, "<folderPath>Acme/No/</folderPath>").fault[1] == 30001
    flat = ips.call("getFolders", C + strings("assetTypeArray", "Video", "SpinSet"))
    assert flat.texts("folderArray/items/path") == ["Acme/Old/", "Acme/Old/Sets/"]


def test_presets_are_made_and_changed(changing: Ips) -> None:
    def save(name: str, modifier: str, of: str = "") -> Reply:
        which = f"<imageFormatHandle>{of}</imageFormatHandle>" if of else ""
        inner = f"{which}<name>{name}</name><urlModifier>{modifier}</urlModifier>"
        return changing.call("saveImageFormat", C + inner)

    def formats(ips: Ips) -> dict[str, str]:
        reply = ips.call("getImageFormats", C)
        items = "imageFormatArray/items"
        names, texts = reply.texts(f"{items}/name"), reply.texts(f"{items}/urlModifier")
        return dict(zip(names, texts, strict=True))

    made = save("Web", "wid=300&amp;qlt=80").text("imageFormatHandle")
    assert formats(changing) == {"Zoom": "wid=900", "Web": "wid=300&qlt=80"}
    assert save("zoom", "wid=1").fault[1] == 30001
    assert save("x", "wid=1", of="i|110|1").fault[1] == 30001
    assert save("Web2", "wid=301", of=made).text("imageFormatHandle") == made
    zoom = changing.call("getImageFormats", C).texts("imageFormatArray/items/imageFormatHandle")[0]
    assert save("Zoom", "wid=950", of=zoom).text("imageFormatHandle") == zoom
    again = save("Web", "wid=5").text("imageFormatHandle")
    assert again != made
    assert formats(changing) == {"Zoom": "wid=950", "Web2": "wid=301", "Web": "wid=5"}
    # What catalog.yaml says anew counts again.
    file = changing.options.catalog / "catalog.yaml"
    file.write_text(CATALOG.replace("wid=900", "wid=1000"))
    assert formats(changing) == {"Zoom": "wid=1000", "Web2": "wid=301", "Web": "wid=5"}


def test_assets_are_moved_and_deleted_for_good(changing: Ips, serve: Serve) -> None:
    boot = handle(changing, "PS_1")
    asset = f"{C}<assetHandle>{boot}</assetHandle>"
    assert (
        changing.call("moveAsset", f"{asset}<folderHandle>f|Acme/No/</folderHandle>").fault[1]
        == 30001
    )
    assert (
        changing.call("moveAsset", f"{asset}<folderHandle>f|Acme/Old/</folderHandle>").status == 200
    )
    old = "<folder>Acme/Old/</folder>"
    assert search(changing, before=old, sub="false") == ["PS_1", "clip"]
    flower = handle(changing, "PS_2")
    assert changing.call("deleteAsset", f"{C}<assetHandle>{flower}</assetHandle>").status == 200
    assert changing.call("deleteAsset", f"{C}<assetHandle>{flower}</assetHandle>").fault[1] == 30001
    assert "PS_2" not in search(changing)
    # Whatever makes the folder be read again, and a new server, change nothing of that.
    (changing.options.catalog / "new.pdf").write_bytes(b"%PDF")
    assert search(changing, before=old, sub="false") == ["PS_1", "clip"]
    assert search(changing) == ["PS_1", "PS_3_draft", "clip", "new", "turn"]
    changing.server.close()
    ips = serve()
    assert search(ips) == ["PS_1", "PS_3_draft", "clip", "new", "turn"]
    assert handle(ips, "PS_1") == boot
    # A new file of that name is another asset.
    os.utime(ips.options.catalog / "Products" / "ss27" / "PS_2.png", ns=(0, 10**18))
    assert "PS_2" in search(ips)
    assert handle(ips, "PS_2") != flower


def test_a_preset_of_the_company_goes_into_its_jobs(ips: Ips) -> None:
    logo = ips.call("getAssetsByName", BETA + strings("nameArray", "logo"))
    job = ips.export_job(
        "beta", logo.texts("assetArray/items/assetHandle"), fmt="convert", macro="$Small$"
    ).replace("c|110", "c|120")
    ips.submit(job)
    look = f"{BETA}<originalName>beta</originalName>"
    log = ips.until(
        lambda: ips.call("getJobLogDetails", look),
        lambda reply: bool(reply.find("jobLogArray/items/endDate")),
    )
    assert log.text("jobLogArray/items/fileErrorCount") == "0"
    assert "/Exports/Beta/" in log.texts("jobLogArray/items/detailArray/items/assetName")[-1]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("companies: [{name: Acme, number: 9}]", "has the name 'Acme' already"),
        ("companies: [{name: B}]", "'number' is missing"),
        ("users: [{email: a, password: b, memberships: [{company: X}]}]", "no company 'X'"),
        ("metadataFields: [{name: A, type: SingleFixedTag}]", "needs 'values'"),
        ("assets: [{name: a, type: Image, metadata: {X: 1}}]", "no metadata field 'X'"),
        (
            "metadataFields: [{name: N, type: Int}]\n"
            "assets: [{name: a, type: Image, metadata: {N: b}}]",
            "'N': 'b' is no Int",
        ),
        ("assets: [{name: a, type: Image, projects: [P]}]", "no project 'P'"),
        ("assets: [{name: a, type: Video, width: 3}]", "have no width"),
        ("synthetic: [{prefix: PS_1}]", "end in no digit"),
    ],
)
def test_complaints(serve: Serve, catalog: Path, text: str, part: str) -> None:
    (catalog / "catalog.yaml").write_text(text)
    with pytest.raises(Exception, match=r"catalog\.yaml:") as raised:
        serve()
    assert part in str(raised.value)


def test_synthetic_assets(serve: Serve, catalog: Path) -> None:
    file = catalog / "catalog.yaml"
    file.write_text("synthetic: [{prefix: SYN_, count: 2500, perFolder: 1000, folder: Many}]")
    ips = serve()

    def folder(number: int) -> Reply:
        where = f"<folder>Acme/Many/{number:05}/</folder>"
        return ips.call("searchAssets", f"{C}{where}<includeSubfolders>false</includeSubfolders>")

    assert [folder(number).text("totalRows") for number in (1, 2, 3)] == ["1000", "1000", "500"]
    assert folder(3).texts("assetArray/items/name")[-1] == "SYN_0002500"
    first = handle(ips, "SYN_0000001")
    assert ips.call("deleteAsset", f"{C}<assetHandle>{first}</assetHandle>").status == 200
    assert folder(1).text("totalRows") == "999"
    ips.server.close()
    ips = serve()
    assert folder(1).text("totalRows") == "999"
    file.write_text("synthetic: [{prefix: SYN_, count: 1500, perFolder: 1000, folder: Many}]")
    assert [folder(number).text("totalRows") for number in (1, 2, 3)] == ["999", "500", "0"]
    file.write_text("synthetic: []")
    assert len(search(ips)) == 5


def test_pages_of_any_sort_cover_everything_once(serve: Serve, catalog: Path) -> None:
    (catalog / "catalog.yaml").write_text("synthetic: [{prefix: SYN_, count: 95, perFolder: 10}]")
    ips = serve()
    for sort in ("Name", "Created", "Modified", "AssetType", "FileSize"):
        for direction in ("Ascending", "Descending"):
            pages = [
                search(
                    ips,
                    f"<recordsPerPage>7</recordsPerPage><resultsPage>{page}</resultsPage>"
                    f"<sortBy>{sort}</sortBy><sortDirection>{direction}</sortDirection>",
                )
                # Asked for out of turn, too: then nothing is remembered of the page before.
                for page in (1, 2, 3, 5, 4, *range(6, 17))
            ]
            names = [name for page in pages for name in page]
            assert len(names) == len(set(names)) == 100
