"""The catalog: what a folder and its catalog.yaml become, and what is wrong with them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from s7spec.emulator import CatalogError
from s7spec.emulator.catalog.model import Asset
from s7spec.emulator.company.live import LiveCatalog
from s7spec.emulator.company.view import Catalog
from s7spec.emulator.store.assets import AssetQuery, Sort
from s7spec.emulator.store.catalog_store import CatalogStore
from s7spec.emulator.store.clauses import ALWAYS

if TYPE_CHECKING:
    from tests.emulator.conftest import Serve


DOCUMENTATION = Path(__file__).parents[2] / "docs"


@pytest.fixture
def read(catalog: Path, store: CatalogStore) -> Callable[[str], LiveCatalog]:
    """Write catalog.yaml and open the catalog."""

    def write(text: str) -> LiveCatalog:
        (catalog / "catalog.yaml").write_text(text)
        return LiveCatalog(catalog, store)

    return write


def assets(catalog: Catalog) -> dict[str, Asset]:
    """Everything in the main company, by name."""
    query = AssetQuery(
        company=catalog.companies[0].number,
        folder=None,
        recursive=True,
        conditions=ALWAYS,
        sort=Sort.NAME,
        descending=False,
        size=10_000,
        page=1,
    )
    return {asset.name: asset for asset in catalog.store.assets.search(query).assets}


def test_without_a_file(catalog: Path, store: CatalogStore) -> None:
    company = LiveCatalog(catalog, store).current()
    assert (company.companies[0].name, company.companies[0].number) == ("Acme", 110)
    assert company.companies[0].root_path == "Acme/"
    assert [user.email for user in company.users] == ["demo@example.com"]
    assert company.settings.default_pix == (1280, 1280)
    assert list(assets(company)) == [
        "PS_1",
        "PS_2",
        "PS_3_draft",
        "guide",
        "logo",
    ]


def test_all_that_catalog_yaml_says(read: Callable[[str], LiveCatalog]) -> None:
    company = read(
        """\
company: {name: Bolt & Co, number: 7, rootPath: Bolt/}
users: [{email: a@x, password: "1", firstName: Ada, lastName: L, role: IpsUser}]
settings: {defaultPix: [640, 0], maxPix: [0, 0], jpegQuality: 90, bkgColor: "FF8000"}
presets: [{name: $Zoom$, urlModifier: "wid=1"}]
assets:
  - {name: spin, type: SpinSet, folder: Products/new, lastModified: 2026-05-01T12:00:00+02:00}
  - file: Brand/logo.tif
    name: mark
    type: AdjustedView
    subType: Logo
    created: 2020-01-01T00:00:00Z
    createUser: c
    lastModifyUser: m
    readyForPublish: false
    trashState: InTrash
    urlModifier: fmt=png
    urlPostApplyModifier: qlt=1
    description: no
    comments: 010
    userData: ~
"""
    ).current()
    assert company.companies[0].handle == "c|7"
    assert company.users[0].memberships[0].role == "IpsUser"
    assert (company.settings.default_pix, company.settings.max_pix) == ((640, 0), None)
    assert company.settings.background == (255, 128, 0)
    assert [preset.name for preset in company.presets(7)] == ["Zoom"]
    spin = assets(company)["spin"]
    assert (spin.folder, spin.source, spin.file_name) == ("Bolt/Products/new/", None, "")
    assert spin.last_modified == datetime(2026, 5, 1, 10, tzinfo=UTC)
    mark = assets(company)["mark"]
    assert (mark.type, mark.sub_type, mark.file_name) == ("AdjustedView", "Logo", "logo.tif")
    assert (mark.description, mark.comments, mark.user_data) == ("no", "010", "")
    assert (mark.create_user, mark.last_modify_user) == ("c", "m")
    assert (mark.url_modifier, mark.url_post_apply_modifier) == ("fmt=png", "qlt=1")
    assert (mark.trash_state, mark.ready_for_publish) == ("InTrash", False)
    assert mark.created == datetime(2020, 1, 1, tzinfo=UTC)
    assert "Bolt/Products/new/" in [folder.path for folder in company.store.folders(7, ALWAYS)]


@pytest.mark.parametrize("text", ["", "# nothing\n", "users: []\n"])
def test_an_empty_file_means_the_defaults(read: Callable[[str], LiveCatalog], text: str) -> None:
    assert read(text).current().users[0].email == "demo@example.com"


@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        ("compny: {}\n", (1, 1), "did you mean 'company'?"),
        ("company:\n  nmae: x\n", (2, 3), "did you mean 'name'?"),
        ("company: []\n", (1, 10), "a mapping is expected"),
        ("company: {number: -1}\n", (1, 19), "whole number"),
        ("company: {rootPath: a/b/}\n", (1, 21), "root path"),
        ("company: {rootPath: ../}\n", (1, 21), "root path"),
        ("users:\n  - {email: a, password: x}\n  - {email: a, password: y}\n", (3, 13), "twice"),
        ("users: [{email: a}]\n", (1, 9), "'password' is missing"),
        ("users: [{email: a b, password: x}]\n", (1, 17), "mail address"),
        ("users: [{email: a, password: x, role: King}]\n", (1, 39), "unknown role"),
        ("users: {email: a}\n", (1, 8), "must be a list"),
        ("settings: {defaultPix: 3}\n", (1, 24), "two whole numbers"),
        ("settings: {jpegQuality: 101}\n", (1, 25), "from 1 to 100"),
        ("settings: {bkgColor: white}\n", (1, 22), "not a colour"),
        ("presets: [{name: a}, {name: A}]\n", (1, 29), "twice"),
        ("presets: [{name: $$}]\n", (1, 18), "empty"),
        ("assets: [{file: no.jpg}]\n", (1, 17), "no file 'no.jpg'"),
        ("assets: [{file: ../catalog/x.jpg}]\n", (1, 17), "below the catalog folder"),
        ("assets: [{name: x}]\n", (1, 10), "'name' and 'type'"),
        ("assets: [{name: x, type: Spinset}]\n", (1, 26), "unknown type 'Spinset'"),
        ("assets: [{name: x, type: SpinSet, folder: a/../b}]\n", (1, 43), "not a folder path"),
        ("assets: [{name: x, type: SpinSet, lastModified: 2026-01-01}]\n", (1, 49), "time zone"),
        ("assets: [{name: PS_1, type: SpinSet}]\n", (1, 10), "two assets are named"),
        ("assets: [{file: Brand/logo.tif, folder: x}]\n", (1, 41), "folder of its file"),
        ("assets: [{file: Brand/logo.tif}, {file: Brand/logo.tif}]\n", (1, 41), "twice"),
        ("assets: [{file: Brand/logo.tif, name: PS_1}]\n", (1, 10), "two assets are named"),
        ("assets: [{name: [x], type: SpinSet}]\n", (1, 17), "single value"),
        ('assets: [{name: "a\\x01", type: SpinSet}]\n', (1, 17), "control character"),
        ("assets: [{file: Brand/logo.tif, trashState: Gone}]\n", (1, 45), "unknown trashState"),
        ("company: {name: a, name: b}\n", (1, 20), "twice"),
        ("company: {name: a\n", (2, 1), "broken YAML"),
        ("company: !!python/object:os.system {}\n", None, ""),
        ("a: &a [*a]\n", (1, 1), "unknown key"),
        ("[" * 1_000_000, (1, 21), "too deep"),
    ],
)
def test_complaints_have_a_position(
    read: Callable[[str], LiveCatalog],
    catalog: Path,
    text: str,
    place: tuple[int, int] | None,
    part: str,
) -> None:
    if place is None and text.startswith("company"):
        read(text).current()  # tags are not looked at: nothing is ever constructed
        return
    with pytest.raises(CatalogError) as caught:
        read(text).current()
    error = caught.value
    assert error.path == catalog / "catalog.yaml"
    assert part in f"{error.message} {error.hint}"
    if place is not None:
        assert (error.line, error.column) == place
        assert str(error).startswith(f"{error.path}:{place[0]}:{place[1]}: ")


def test_not_utf_8(catalog: Path, store: CatalogStore) -> None:
    (catalog / "catalog.yaml").write_bytes(b"company: {name: \xff}\n")
    with pytest.raises(CatalogError):
        LiveCatalog(catalog, store).current()


def test_no_folder(tmp_path: Path, store: CatalogStore) -> None:
    with pytest.raises(CatalogError) as caught:
        LiveCatalog(tmp_path / "none", store)
    assert caught.value.path == tmp_path / "none"
    assert "name a folder of pictures" in caught.value.hint
    assert (DOCUMENTATION / "embedded-ips.md").is_file()
    assert "docs/embedded-ips.md" in caught.value.hint


def test_two_files_of_one_name(catalog: Path, store: CatalogStore) -> None:
    (catalog / "Brand" / "PS_1.pdf").write_bytes(b"%PDF")
    with pytest.raises(CatalogError, match="two assets are named 'PS_1'") as caught:
        LiveCatalog(catalog, store).current()
    assert "rename one" in caught.value.hint
    (catalog / "Brand" / "PS_1.pdf").rename(catalog / "Brand" / "ps_1.pdf")
    assert "ps_1" in assets(LiveCatalog(catalog, store).current())


def test_a_damaged_picture_is_an_asset_without_a_size(
    catalog: Path, store: CatalogStore, caplog: pytest.LogCaptureFixture
) -> None:
    """One bad or half copied file must not take the whole company down."""
    (catalog / "broken.jpg").write_bytes(b"nope")
    broken = assets(LiveCatalog(catalog, store).current())["broken"]
    assert (broken.type, broken.width, broken.height, broken.file_size) == ("Image", None, None, 4)
    assert "broken.jpg: not a readable picture" in caplog.text


def test_a_damaged_picture_fails_alone(serve: Serve, catalog: Path) -> None:
    ips = serve()
    (catalog / "Products" / "ss27" / "PS_1.jpg").write_bytes(b"nope")
    handles = ips.handles()
    job = ips.export_job("mixed", [handles["PS_1"], handles["PS_2"]], fmt="convert")
    log = ips.export(job, "mixed")
    counts = "jobLogArray/items/{}"
    assert log.text(counts.format("fileErrorCount")) == "1"
    assert log.text(counts.format("fileSuccessCount")) == "2"  # one picture and the ZIP


@pytest.mark.parametrize("name", [b"a\x01.jpg", b"a\xff.jpg"])
def test_names_that_xml_cannot_carry(catalog: Path, name: bytes, store: CatalogStore) -> None:
    (catalog / os.fsdecode(name)).write_bytes(b"x")
    with pytest.raises(CatalogError, match="unusable file name"):
        LiveCatalog(catalog, store).current()


def test_what_is_no_asset(catalog: Path, store: CatalogStore) -> None:
    (catalog / "notes.txt").write_text("x")
    (catalog / ".hidden.jpg").write_text("x")
    (catalog / ".git").mkdir()
    (catalog / ".git" / "x.jpg").write_text("x")
    (catalog / "loop").symlink_to(catalog)
    assert len(assets(LiveCatalog(catalog, store).current())) == 5


def test_an_unknown_suffix_needs_a_type(read: Callable[[str], LiveCatalog], catalog: Path) -> None:
    (catalog / "notes.txt").write_text("x")
    with pytest.raises(CatalogError, match="belongs to no asset type"):
        read("assets: [{file: notes.txt}]\n").current()
    live = read("assets: [{file: notes.txt, type: Cabinet}]\n")
    assert assets(live.current())["notes"].type == "Cabinet"


def test_changes_show_in_the_next_look(catalog: Path, store: CatalogStore) -> None:
    live = LiveCatalog(catalog, store)
    before = live.current()
    assert live.current() is before
    path = catalog / "Products" / "ss27" / "PS_1.jpg"
    os.utime(path, ns=(0, 1_700_000_000_000_000_000))
    touched = assets(live.current())["PS_1"]
    assert touched.last_modified == datetime.fromtimestamp(1_700_000_000, tz=UTC)
    Image.new("RGB", (7, 5)).save(path)
    assert (assets(live.current())["PS_1"].width, assets(live.current())["PS_1"].height) == (7, 5)
    path.unlink()
    assert "PS_1" not in assets(live.current())
    (catalog / "catalog.yaml").write_text("company: {name: Other}\n")
    assert live.current().companies[0].name == "Other"


def test_a_broken_catalog_is_a_fault_until_it_is_mended(serve: Serve, catalog: Path) -> None:
    ips = serve()
    (catalog / "catalog.yaml").write_text("company: [\n")
    name, code, reason = ips.call("getCompanyMembership").fault
    assert (name, code) == ("ipsApiFault", 30000)
    assert "catalog.yaml" in reason
    assert ips.call("getCompanyMembership").status == 500
    assert ips.call("getActiveJobs").status == 200  # who watches jobs is not disturbed
    (catalog / "catalog.yaml").unlink()
    assert ips.call("getCompanyMembership").status == 200


def test_handles_stay_when_the_catalog_changes_and_the_server_restarts(
    serve: Serve, catalog: Path
) -> None:
    ips = serve()
    before = ips.handles()
    Image.new("RGB", (5, 5)).save(catalog / "A_first.png")
    (catalog / "Products" / "ss27" / "PS_2.png").rename(catalog / "PS_2.png")
    after = ips.handles()
    assert {name: after[name] for name in before} == before
    assert after["A_first"] not in before.values()
    ips.server.close()
    assert serve().handles() == after


def test_many_threads_see_one_catalog(catalog: Path, store: CatalogStore) -> None:
    live = LiveCatalog(catalog, store)
    seen: list[int] = []

    def look() -> None:
        seen.extend(len(assets(live.current())) for _ in range(20))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [5] * 80


def test_the_example_of_the_documentation(catalog: Path, store: CatalogStore) -> None:
    text = (DOCUMENTATION / "embedded-ips.md").read_text()
    example = text.partition("```yaml\n")[2].partition("```")[0]
    Image.new("RGB", (3, 3)).save(catalog / "Products" / "ss27" / "x.jpg")
    (catalog / "catalog.yaml").write_text(example)
    company = LiveCatalog(catalog, store).current()
    assert assets(company)["other_name"].url_modifier == "bgc=255,255,255"
    assert assets(company)["PS_1001_spin"].folder == "Acme/Products/ss27/"
    assert company.presets(110)[0].name == "Thumbnail"


def test_a_link_out_of_the_catalog_is_an_error(
    catalog: Path, tmp_path: Path, store: CatalogStore
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("root:x")
    company = LiveCatalog(catalog, store)
    company.current()
    (catalog / "Brand" / "doc.pdf").symlink_to(secret)
    with pytest.raises(CatalogError, match=r"Brand/doc\.pdf: a symbolic link that leads out"):
        company.current()


def test_a_link_within_the_catalog_is_an_asset(catalog: Path, store: CatalogStore) -> None:
    (catalog / "Brand" / "other.pdf").symlink_to("guide.pdf")
    found = assets(LiveCatalog(catalog, store).current())["other"]
    assert (found.type, found.file_name) == ("Pdf", "other.pdf")
