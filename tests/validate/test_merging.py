"""The merge rule of defaults: what comes out, and where it was written."""

from __future__ import annotations

from s7spec.load import load_text
from s7spec.model.manifest import Defaults, Export, ExportTemplate, Manifest, ModifierMapping
from s7spec.model.policy import Mode, OnTouch, Supersede
from s7spec.model.source import Place, SourceDocument, SourceFile
from s7spec.validate import read_manifest, read_template
from s7spec.validate.freezing import frozen_mapping
from tests.expand.compiling import schemas

HEAD = "apiVersion: s7spec/v1\nkind: ExportManifest\nmetadata: {name: shop}\n"
TEMPLATE = HEAD.replace("ExportManifest", "ExportTemplate")


def read(text: str, path: str) -> SourceDocument:
    (document,) = load_text(SourceFile(path=path, text=text)).documents
    return document


def manifest(text: str) -> Manifest:
    found, findings = read_manifest(read(HEAD + text, "m.yaml"), schemas())
    assert findings == ()
    assert found is not None
    return found


def template(text: str, *, defaults: str) -> ExportTemplate:
    above = read(f"defaults: {defaults}\n", "m.yaml")
    assert isinstance(above.value, dict)
    found, findings = read_template(
        read(TEMPLATE + text, "t.yaml"),
        schemas(),
        defaults=Defaults(
            place=Place(document=above, pointer=("defaults",)),
            values=frozen_mapping(above.value["defaults"]),
        ),
    )
    assert findings == ()
    assert found is not None
    return found


def fields(export: object) -> list[tuple[str, object, str]]:
    """Commands, values, and the file and line they come from."""
    assert isinstance(export, Export)
    stated = export.is_modifier
    assert isinstance(stated, ModifierMapping)
    found = [(each, value, stated.place_of(each).locate()) for each, value in stated.values.items()]
    return [(command, value, f"{where.path}:{where.line}") for command, value, where in found]


def test_mappings_merge_command_by_command_and_know_where_they_come_from() -> None:
    one, two = manifest(
        "defaults:\n"
        "  fmt: convert\n"
        "  assets: {names: [a]}\n"
        "  is_modifier: {wid: 10, hei: 20, fmt: jpeg}\n"
        "exports:\n"
        "  - {id: one, is_modifier: {qlt: 90, fmt: png, hei: null}}\n"
        "  - {id: two}\n"
    ).exports
    assert fields(one) == [
        ("wid", 10, "m.yaml:7"),
        ("fmt", "png", "m.yaml:9"),
        ("qlt", 90, "m.yaml:9"),
    ]
    assert fields(two) == [
        (c, v, "m.yaml:7") for c, v in (("wid", 10), ("hei", 20), ("fmt", "jpeg"))
    ]
    assert isinstance(two, Export)
    assert two.place_of("assets").pointer == ("defaults", "assets")
    assert two.place_of("is_modifier").pointer == ("defaults", "is_modifier")
    assert two.place_of("mode") == two.place


def test_a_text_replaces_a_mapping_and_a_mapping_a_text() -> None:
    assets = "assets: {names: [a]}, fmt: convert"
    (one,) = manifest(
        f"defaults: {{{assets}, is_modifier: {{wid: 1}}}}\n"
        "exports: [{id: x, is_modifier: hei=2}]\n"
    ).exports
    (two,) = manifest(
        f"defaults: {{{assets}, is_modifier: wid=1}}\n"
        "exports: [{id: x, is_modifier: {hei: 2}}]\n"
    ).exports
    assert isinstance(one, Export)
    assert one.is_modifier == "hei=2"
    assert [field[:2] for field in fields(two)] == [("hei", 2)]


def test_schedules_and_selections_are_replaced_as_a_whole() -> None:
    (export,) = manifest(
        "defaults:\n"
        "  {fmt: orig, assets: {folder: A/, recursive: true}, schedule: {cron: 0 0 6 ? * *}}\n"
        "exports: [{id: x, assets: {folder: B/}, schedule: {at: 2027-03-01T06:00:00Z}}]\n"
    ).exports
    assert isinstance(export, Export)
    assert not isinstance(export.assets, str)
    assert (export.assets.folder, export.assets.recursive) == ("B/", False)
    assert export.schedule is not None
    assert export.schedule.cron is None


def test_originals_take_no_conversion_from_defaults() -> None:
    (export,) = manifest(
        "defaults: {fmt: convert, assets: {names: [a]}, is_modifier: {wid: 1}, macro: $m$}\n"
        "exports: [{id: x, fmt: orig}]\n"
    ).exports
    assert isinstance(export, Export)
    assert (export.is_modifier, export.macro) == (None, None)
    assert "is_modifier" not in export.places


def test_what_recurs_takes_nothing_from_defaults_that_decides_about_another_run() -> None:
    plain, nightly, launch = manifest(
        "defaults:\n"
        "  {assets: {names: [a]}, fmt: orig, mode: delta, on_partial: repair, max_age: 30d,\n"
        "   on_touch: skip, max_attempts: 2, code_version: x, inputs: {a: 1}}\n"
        "exports:\n"
        "  - {id: plain}\n"
        "  - {id: nightly, schedule: {cron: 0 0 6 ? * *}, inputs: {b: 2}}\n"
        "  - {id: launch, schedule: {at: 2027-03-01T06:00:00Z}}\n"
    ).exports
    for export in (plain, launch):
        assert isinstance(export, Export)
        assert (export.mode, export.max_age) == (Mode.DELTA, "30d")
        assert export.place_of("max_age").pointer == ("defaults", "max_age")
    assert isinstance(nightly, Export)
    assert (nightly.mode, nightly.max_age, nightly.on_touch) == (Mode.FULL, None, OnTouch.SKIP)
    assert not {"mode", "max_age", "on_partial"} & set(nightly.places)
    assert (nightly.code_version, nightly.max_attempts) == ("x", 2)
    assert nightly.inputs == {"b": 2}, "replaced as a whole"
    assert nightly.place_of("inputs").pointer == ("exports", 1, "inputs")


def test_a_cron_of_the_manifests_defaults_leaves_the_templates_own_no_say() -> None:
    text = "defaults: {fmt: orig, max_age: 30d, supersede: fail}\nexports: [{id: x}]\n"
    (export,) = template(text, defaults="{assets: p, schedule: {cron: 0 0 6 ? * *}}").exports
    assert (export.max_age, export.supersede) == (None, Supersede.FAIL)
    (export,) = template(text, defaults="{assets: p}").exports
    assert export.max_age == "30d"
    assert export.place_of("max_age").document.file.path == "t.yaml"


def test_what_a_template_says_beside_a_cron_of_defaults_is_refused() -> None:
    export = "exports: [{id: x, fmt: orig, assets: p, max_age: 30d}]\n"
    above = read("defaults: {schedule: {cron: 0 0 6 ? * *}}\n", "m.yaml")
    assert isinstance(above.value, dict)
    defaults = Defaults(
        place=Place(document=above, pointer=("defaults",)),
        values=frozen_mapping(above.value["defaults"]),
    )
    found, findings = read_template(read(TEMPLATE + export, "t.yaml"), schemas(), defaults=defaults)
    assert found is None
    assert [(each.rule.id, str(each.where)) for each in findings] == [("S7E014", "t.yaml:4:41")]


def test_a_templates_defaults_lie_below_the_manifests() -> None:
    read = template(
        "defaults: {fmt: orig, emailSetting: All, is_modifier: {wid: 1, hei: 1, bgc: 1}}\n"
        "exports:\n"
        "  - {id: x, is_modifier: {wid: 3}}\n",
        defaults="{fmt: convert, assets: p, is_modifier: {qlt: 2, hei: 2, wid: 2}}",
    )
    (export,) = read.exports
    assert fields(export) == [
        ("wid", 3, "t.yaml:6"),
        ("hei", 2, "m.yaml:1"),
        ("bgc", 1, "t.yaml:4"),
        ("qlt", 2, "m.yaml:1"),
    ]
    assert export.assets == "p"
    assert export.place_of("assets").document.file.path == "m.yaml"
    assert export.place_of("emailSetting").document.file.path == "t.yaml"


def test_a_null_in_a_template_bears_with_manifests_that_have_nothing_to_take_away() -> None:
    text = "exports: [{id: x, assets: p, fmt: convert, macro: $m$, is_modifier: null}]\n"
    for defaults in ("{mode: full}", "{is_modifier: {wid: 1}}"):
        (export,) = template(text, defaults=defaults).exports
        assert (export.is_modifier, export.macro) == (None, "$m$")
