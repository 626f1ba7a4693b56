"""Selections become assets; every mistake is found, with its place."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from s7spec.model.asset import Asset, ExcludedAsset
from s7spec.model.data import DataFile
from s7spec.model.diagnostics import Diagnostic, Severity
from s7spec.model.job import ExpandedJob, JobSettings
from s7spec.model.manifest import Fmt, OnUnsupported
from s7spec.model.preset import Preset
from s7spec.model.rules import Rule
from s7spec.model.selection import (
    Condition,
    ConditionField,
    ConditionOp,
    FileReference,
    NamesFromFile,
    Selection,
)
from s7spec.model.source import Place, Pointer, SourceDocument, SourceFile, SourceRange
from s7spec.modifiers.effective import MAX_DEPTH, MAX_EXPANSIONS
from s7spec.ports import IpsUnreachable
from s7spec.resolve import MAX_ASSETS, resolve
from tests.fakes.catalog import MemoryCatalog, asset
from tests.fakes.jobs import job_key

TEXT = "line one\nline two\nline three\nline four\n"
PLACES: dict[Pointer, int] = {
    ("assets", "listed"): 1,
    ("assets", "listed", "names", 0): 2,
    ("assets", "listed", "names", 1): 3,
    ("exports", 0): 4,
    ("exports", 0, "macro"): 4,
}


def locate(pointer: Pointer, *, key: bool = False) -> SourceRange:
    return SourceRange(path="shop.yaml", line=PLACES[pointer], column=1)


DOCUMENT = SourceDocument(
    file=SourceFile(path="shop.yaml", text=TEXT), index=0, value={}, locator=locate
)
OTHER = SourceDocument(
    file=SourceFile(path="template.yaml", text="first\nsecond\n"),
    index=0,
    value={},
    locator=lambda pointer, *, key=False: SourceRange(path="template.yaml", line=2, column=3),
)
LISTED = Place(document=DOCUMENT, pointer=("assets", "listed"))
EXPORT = Place(document=DOCUMENT, pointer=("exports", 0))
ELSEWHERE = Place(document=OTHER, pointer=("defaults", "macro"))
SMALL = (
    Condition(field=ConditionField.NAME, op=ConditionOp.STARTS_WITH, value="bo"),
    Condition(field=ConditionField.FILE_SIZE, op=ConditionOp.LESS_THAN, value=900),
)
SHOES = [asset("Acme/Shoes/boot"), asset("Acme/Shoes/sandal"), asset("Acme/Shoes/Old/clog")]
SPIN = asset("Acme/Shoes/spin", kind="SpinSet")
TEMPLATE = asset("Acme/Shoes/banner", kind="Template")


def named(*names: str, exclude: tuple[str, ...] = (), types: tuple[str, ...] = ()) -> Selection:
    return Selection(place=LISTED, names=names, exclude=exclude, types=types)


def folder(path: str = "Acme/Shoes/", *, recursive: bool = False) -> Selection:
    return Selection(place=LISTED, folder=path, recursive=recursive)


def job(
    selection: Selection,
    short: str = "shop/main",
    *,
    fmt: Fmt = Fmt.CONVERT,
    macro: str | None = None,
    on_unsupported: OnUnsupported = OnUnsupported.FAIL,
    max_assets: int | None = None,
    is_modifier: str = "wid=100",
    places: Mapping[str, Place] | None = None,
) -> ExpandedJob:
    key = job_key(short)
    return ExpandedJob(
        export=key.export,
        settings=JobSettings(
            company=key.company,
            environment=key.environment,
            manifest=key.manifest,
            place=EXPORT,
            places={"macro": EXPORT.below("macro")} if places is None else places,
            fmt=fmt,
            on_unsupported=on_unsupported,
            max_assets=max_assets,
        ),
        selection=selection,
        is_modifier=is_modifier if fmt is Fmt.CONVERT else None,
        macro=macro,
    )


def paths(*jobs: ExpandedJob, stock: list[Asset]) -> list[str]:
    resolution = resolve(jobs, MemoryCatalog(stock))
    assert resolution.diagnostics == ()
    return [found.path for resolved in resolution.jobs for found in resolved.assets]


def only_finding(*jobs: ExpandedJob, catalog: MemoryCatalog) -> Diagnostic:
    resolution = resolve(jobs, catalog)
    assert resolution.jobs == ()
    [finding] = resolution.diagnostics
    return finding


class TestSelections:
    def test_by_name_sorted_by_path_once_each(self) -> None:
        found = paths(job(named("sandal", "clog", "boot", "sandal")), stock=SHOES)
        assert found == ["Acme/Shoes/Old/clog", "Acme/Shoes/boot", "Acme/Shoes/sandal"]

    def test_by_folder(self) -> None:
        assert paths(job(folder()), stock=SHOES) == ["Acme/Shoes/boot", "Acme/Shoes/sandal"]
        assert len(paths(job(folder(recursive=True)), stock=SHOES)) == 3

    def test_by_conditions(self) -> None:
        stock = [*SHOES, asset("Acme/Shoes/bootlet", file_size=899)]
        assert paths(job(replace(folder(), where=SMALL[:1])), stock=stock) == [
            "Acme/Shoes/boot",
            "Acme/Shoes/bootlet",
        ]
        assert paths(job(replace(folder(), where=SMALL)), stock=stock) == ["Acme/Shoes/bootlet"]

    def test_by_type(self) -> None:
        stock = [*SHOES, asset("Acme/Shoes/price", kind="Pdf")]
        selection = replace(folder(), types=("Pdf",))
        assert paths(job(selection), stock=stock) == ["Acme/Shoes/price"]
        assert paths(job(named("boot", "price", types=("Pdf",))), stock=stock) == [
            "Acme/Shoes/price"
        ]

    def test_exclude_is_a_case_sensitive_pattern_on_the_name(self) -> None:
        stock = [asset("Acme/a_draft"), asset("Acme/A_DRAFT"), asset("Acme/draft_a")]
        selection = replace(folder("Acme/"), exclude=("*_draft",))
        assert paths(job(selection), stock=stock) == ["Acme/A_DRAFT", "Acme/draft_a"]

    def test_an_excluded_name_is_not_missed(self) -> None:
        catalog = MemoryCatalog(SHOES)
        resolution = resolve([job(named("boot", "x_draft", exclude=("*_draft",)))], catalog)
        assert resolution.diagnostics == ()
        assert catalog.calls == ["by_name boot", "presets"]

    def test_an_asset_listed_twice_by_the_catalog_counts_once(self) -> None:
        """Pages shift when assets are added while they are read."""
        assert paths(job(folder()), stock=[SHOES[0], SHOES[0]]) == ["Acme/Shoes/boot"]

    def test_two_assets_of_one_name_are_both_taken(self) -> None:
        twins = [asset("Acme/A/x", handle="a|1"), asset("Acme/B/x", kind="Pdf", handle="a|2")]
        assert paths(job(named("x")), stock=twins) == ["Acme/A/x", "Acme/B/x"]

    def test_nothing_is_asked_twice(self) -> None:
        catalog = MemoryCatalog(SHOES, [Preset(name="zoom", urlModifier="wid=9")])
        elsewhere = replace(folder(), place=EXPORT)
        jobs = [
            job(named("boot", "clog"), "shop/a"),
            job(named("clog", "sandal"), "shop/b", macro="zoom"),
            job(folder(), "shop/c"),
            job(elsewhere, "shop/d", macro="$zoom$"),
            job(folder(recursive=True), "shop/e"),
        ]
        assert len(resolve(jobs, catalog).jobs) == 5
        assert sorted(catalog.calls) == [
            "by_name boot clog sandal",
            "in_folder Acme/Shoes/",
            "in_folder Acme/Shoes/",
            "presets",
        ]

    def test_jobs_share_what_they_select(self) -> None:
        jobs = [job(folder(), "shop/a"), job(folder(), "shop/b")]
        one, other = resolve(jobs, MemoryCatalog(SHOES)).jobs
        assert one.assets is other.assets
        assert one.export_job.assets is other.export_job.assets

    def test_jobs_come_sorted_by_key(self) -> None:
        jobs = [job(folder(), f"shop/{name}") for name in "cab"]
        resolution = resolve(jobs, MemoryCatalog(SHOES))
        assert [found.key.export for found in resolution.jobs] == ["a", "b", "c"]

    def test_no_jobs_ask_nothing(self) -> None:
        catalog = MemoryCatalog(SHOES)
        resolution = resolve([], catalog)
        assert (resolution.jobs, resolution.presets, catalog.calls) == ((), (), [])

    def test_a_failing_catalog_is_no_finding(self) -> None:
        catalog = MemoryCatalog(SHOES)
        catalog.outage = IpsUnreachable("no route")
        with pytest.raises(IpsUnreachable):
            resolve([job(folder())], catalog)


class TestPayload:
    def test_what_the_fingerprint_speaks_about(self) -> None:
        zoom = Preset(name="zoom", urlModifier="wid=2000")
        catalog = MemoryCatalog(SHOES, [zoom, Preset(name="thumb", urlModifier="wid=90")])
        resolution = resolve([job(folder(), macro="zoom")], catalog)
        [resolved] = resolution.jobs
        payload = resolved.export_job
        assert (payload.macro, payload.preset) == ("$zoom$", zoom)
        assert payload.assets == (SHOES[0].version, SHOES[1].version)
        assert resolved.assetHandleArray == ("a|boot", "a|sandal")
        assert resolved.origin == SourceRange(path="shop.yaml", line=4, column=1)
        assert [preset.name for preset in resolution.presets] == ["thumb", "zoom"]
        assert resolved.spec_digest == job(folder(), macro="zoom").spec_digest()

    def test_a_preset_that_ips_names_with_its_dollars(self) -> None:
        catalog = MemoryCatalog(SHOES, [Preset(name="$zoom$", urlModifier="wid=2000")])
        [resolved] = resolve([job(folder(), macro="zoom")], catalog).jobs
        assert resolved.export_job.macro == "$zoom$"

    def test_presets_that_the_modifier_or_a_preset_names(self) -> None:
        stock = [
            Preset(name="View", urlModifier="$base$&wid=300"),
            Preset(name="base", urlModifier="qlt=80&$VIEW$&$glow$"),
            Preset(name="zoom", urlModifier="$base$&wid=2000"),
            Preset(name="other", urlModifier="$nowhere$"),
        ]
        catalog = MemoryCatalog(SHOES, stock)
        jobs = [
            job(folder(), "shop/a", is_modifier="$view$&$shadow$&wid=480", macro="zoom"),
            job(folder(), "shop/b", is_modifier="wid=480&$zoom$", macro="zoom"),
            job(folder(), "shop/c", is_modifier="wid=480&src=is{Acme/x?$zoom$}&$n=$other$"),
        ]
        a, b, c = (resolved.export_job for resolved in resolve(jobs, catalog).jobs)
        assert (a.preset, a.presets) == (stock[2], (stock[0], stock[1]))
        assert (b.preset, b.presets) == (stock[2], (stock[0], stock[1]))
        assert (c.preset, c.presets) == (None, (stock[0], stock[1], stock[2]))
        assert a.is_modifier == "$view$&$shadow$&wid=480"

    def test_a_preset_that_only_the_macro_names_stands_alone(self) -> None:
        """As before other presets were kept: its fingerprint must not move."""
        catalog = MemoryCatalog(SHOES, [Preset(name="zoom", urlModifier="wid=2000")])
        [resolved] = resolve([job(folder(), macro="zoom")], catalog).jobs
        assert resolved.export_job.presets == ()

    @pytest.mark.parametrize("macro", ["$shadow$", "$GLOW$"])
    def test_built_in_presets_have_no_text(self, macro: str) -> None:
        [resolved] = resolve([job(folder(), macro=macro)], MemoryCatalog(SHOES)).jobs
        assert (resolved.export_job.macro, resolved.export_job.preset) == (macro, None)
        own = Preset(name="Shadow", urlModifier="op_usm=1")
        [resolved] = resolve([job(folder(), macro="$shadow$")], MemoryCatalog(SHOES, [own])).jobs
        assert (resolved.export_job.macro, resolved.export_job.preset) == ("$Shadow$", own)

    def test_presets_that_never_end_are_followed_once(self) -> None:
        chain = [Preset(name=f"p{n}", urlModifier=f"$p{n + 1}$&$p0$") for n in range(60)]
        catalog = MemoryCatalog(SHOES, chain)
        [resolved] = resolve([job(folder(), is_modifier="$p0$")], catalog).jobs
        assert len(resolved.export_job.presets) == MAX_DEPTH
        many = [Preset(name=f"p{n}", urlModifier="wid=1") for n in range(MAX_EXPANSIONS + 9)]
        all_of_them = "&".join(f"${preset.name}$" for preset in many)
        catalog = MemoryCatalog(SHOES, many)
        [resolved] = resolve([job(folder(), is_modifier=all_of_them)], catalog).jobs
        assert len(resolved.export_job.presets) == MAX_EXPANSIONS


class TestFindings:
    def test_unknown_asset_stands_at_its_own_name(self) -> None:
        finding = only_finding(job(named("boot", "boat")), catalog=MemoryCatalog(SHOES))
        assert finding.rule is Rule.UNKNOWN_ASSET
        assert finding.summary == "asset `boat` does not exist in Acme"
        assert finding.where == SourceRange(path="shop.yaml", line=3, column=1)
        assert finding.snippet == "line three"

    @pytest.mark.parametrize("wrong", ["Boot", "BOOT", "boot.jpg", "Boot.JPG", " boot "])
    def test_did_you_mean(self, wrong: str) -> None:
        finding = only_finding(job(named(wrong)), catalog=MemoryCatalog(SHOES))
        assert finding.hint == "did you mean `boot`?"

    @pytest.mark.parametrize(
        ("wrong", "there", "escaped"),
        [("caf\u00e9", "cafe\u0301", r'"cafe\u0301"'), ("cafe\u0301", "caf\u00e9", r'"caf\u00e9"')],
    )
    def test_a_name_that_only_looks_the_same(self, wrong: str, there: str, escaped: str) -> None:
        catalog = MemoryCatalog([asset(f"Acme/{there}")])
        finding = only_finding(job(named(wrong)), catalog=catalog)
        assert f"write {escaped}" in (finding.hint or "")

    def test_two_names_that_look_the_same_are_two_assets(self) -> None:
        stock = [asset("Acme/caf\u00e9"), asset("Acme/cafe\u0301")]
        assert len(paths(job(named("caf\u00e9", "cafe\u0301")), stock=stock)) == 2

    def test_one_mistake_of_many_jobs_is_one_finding(self) -> None:
        jobs = [job(named("boat"), f"shop/{name}") for name in "abc"]
        assert only_finding(*jobs, catalog=MemoryCatalog(SHOES)).rule is Rule.UNKNOWN_ASSET

    @pytest.mark.parametrize(
        ("selection", "words"),
        [
            (folder("Acme/Shows/"), "no assets directly in `Acme/Shows/`"),
            (
                replace(folder(recursive=True), types=("Pdf", "Video")),
                "no assets of type Pdf or Video in or below `Acme/Shoes/`",
            ),
            (
                replace(folder(), exclude=("*o*", "s*")),
                "no assets directly in `Acme/Shoes/` besides *o*, s*",
            ),
            (named("boot", exclude=("b*",)), "`exclude` or `types` leaves none of the names"),
            (
                replace(folder(), where=SMALL, exclude=("x",)),
                'directly in `Acme/Shoes/` with Name StartsWith "bo" and FileSize LessThan 900 '
                "besides x",
            ),
        ],
    )
    def test_empty_selection(self, selection: Selection, words: str) -> None:
        finding = only_finding(job(selection), catalog=MemoryCatalog(SHOES))
        assert finding.rule is Rule.EMPTY_SELECTION
        assert words in finding.summary
        assert finding.where == SourceRange(path="shop.yaml", line=1, column=1)

    @pytest.mark.parametrize(
        ("selection", "words"),
        [
            (folder("Acme/Shows/"), "nor is there any asset of any type below it"),
            (
                replace(folder(recursive=True), types=("Video",)),
                "looked in this folder and all below it for Video and found none, but 4 assets of "
                "other types: 3 Image, 1 Pdf",
            ),
            (
                replace(folder(), types=("Video", "Pdf")),
                "in this folder only for Video or Pdf and found none, but 2 assets of other types: "
                "2 Image; 1 asset in folders below it: say `recursive: true`",
            ),
            (folder("Acme/"), "found none; 4 assets in folders below it: say `recursive: true`"),
            (replace(folder("Acme"), types=("Zip",)), "none; in folders below it 3 Image, 1 Pdf"),
            (replace(folder(), exclude=("*o*", "s*")), "2 assets: `exclude` drops 2 (*o*, s*)"),
            (named("boot", exclude=("b*",)), "1 name given, all excluded"),
            (named("boot", "clog", types=("Pdf",)), "2 names given, of other types: 2 Image"),
            (
                replace(folder(), where=SMALL),
                'looked in this folder only for assets with Name StartsWith "bo" and FileSize '
                "LessThan 900 and found none, but 2 assets for which not all conditions of `where` "
                "hold: 2 Image",
            ),
            (
                replace(folder(recursive=True), where=SMALL, types=("Pdf",)),
                'for Pdf with Name StartsWith "bo" and FileSize LessThan 900 and found none, but '
                "1 asset for which",
            ),
            (
                replace(folder(), where=SMALL[:1], types=("Video",)),
                'for Video with Name StartsWith "bo" and found none, but 2 assets of other types',
            ),
        ],
    )
    def test_an_empty_selection_says_what_was_looked_for(
        self, selection: Selection, words: str
    ) -> None:
        stock = [*SHOES, asset("Acme/Shoes/Old/price", kind="Pdf")]
        assert words in (only_finding(job(selection), catalog=MemoryCatalog(stock)).hint or "")

    def test_a_large_folder_is_not_counted_to_its_end(self) -> None:
        stock = [asset(f"Acme/n{number:05}") for number in range(1_500)]
        selection = replace(folder("Acme/"), types=("Pdf",))
        finding = only_finding(job(selection), catalog=MemoryCatalog(stock))
        assert "at least 1000 assets in or below it: 1000 Image" in (finding.hint or "")

    def test_an_empty_folder_is_looked_around_once(self) -> None:
        catalog = MemoryCatalog(SHOES)
        nowhere = folder("Acme/Shows/")
        jobs = [job(nowhere, "shop/a"), job(replace(nowhere, types=("Pdf",)), "shop/b")]
        assert resolve(jobs, catalog).jobs == ()
        assert catalog.calls.count("in_folder Acme/Shows/") == 3

    def test_unknown_preset_with_near_names(self) -> None:
        names = ["zoom", "zoom2", "thumbnail"]
        catalog = MemoryCatalog(SHOES, [Preset(name=name, urlModifier="") for name in names])
        finding = only_finding(job(folder(), macro="$zom$"), catalog=catalog)
        assert finding.rule is Rule.UNKNOWN_PRESET
        assert finding.hint == "did you mean $zoom$, $zoom2$?"
        assert finding.where == SourceRange(path="shop.yaml", line=4, column=1)

    def test_unknown_presets_in_the_modifier_and_in_presets(self) -> None:
        places = {"is_modifier": EXPORT.below("macro"), "macro": ELSEWHERE}
        stock = [
            Preset(name="zoom", urlModifier="$base$&wid=1"),
            Preset(name="base", urlModifier="$gone$&$gone$"),
        ]
        wrong = job(folder(), is_modifier="$Zom$&wid=1&$zom$", macro="zoom", places=places)
        resolution = resolve([wrong], MemoryCatalog(SHOES, stock))
        assert resolution.jobs == ()
        assert [(finding.where, finding.summary) for finding in resolution.diagnostics] == [
            (
                SourceRange(path="shop.yaml", line=4, column=1),
                "image preset `$Zom$` does not exist in Acme",
            ),
            (
                SourceRange(path="template.yaml", line=2, column=3),
                "image preset `$gone$` in `$base$` in `$zoom$` does not exist in Acme",
            ),
        ]
        assert {finding.rule for finding in resolution.diagnostics} == {Rule.UNKNOWN_PRESET}
        assert resolution.diagnostics[0].hint == "did you mean $zoom$?"

    @pytest.mark.parametrize(
        "is_modifier",
        ["wid=1&.$view$", "wid=$view$", "$view", "$vi ew$", "src=is{/Other/x?$view$}&wid=1"],
    )
    def test_what_is_no_preset_of_the_company_is_not_looked_for(self, is_modifier: str) -> None:
        resolution = resolve([job(folder(), is_modifier=is_modifier)], MemoryCatalog(SHOES))
        assert resolution.diagnostics == ()

    def test_the_documented_limit(self) -> None:
        stock = [asset(f"Acme/n{number:04}") for number in range(MAX_ASSETS + 1)]
        assert len(paths(job(folder("Acme/")), stock=stock[:-1])) == 500
        finding = only_finding(job(folder("Acme/")), catalog=MemoryCatalog(stock))
        assert finding.rule is Rule.TOO_MANY_ASSETS
        assert finding.summary == "501 assets selected, but one export takes 500"
        assert "splitting is not built yet" in (finding.hint or "")

    def test_the_limit_of_the_export_itself(self) -> None:
        """Where it was written is told: it may come from the defaults of another document."""
        assert len(paths(job(folder(), max_assets=2), stock=SHOES)) == 2
        few = job(folder(), max_assets=1, places={"max_assets": ELSEWHERE})
        finding = only_finding(few, catalog=MemoryCatalog(SHOES))
        assert finding.rule is Rule.TOO_MANY_ASSETS
        assert finding.summary == "2 assets selected, but `max_assets` allows 1"
        assert finding.where == SourceRange(path="shop.yaml", line=1, column=1)
        (written,) = finding.related
        assert written.where == SourceRange(path="template.yaml", line=2, column=3)
        assert written.message == "`max_assets: 1` stands here"

    def test_a_macro_stands_where_it_was_written(self) -> None:
        wrong = job(folder(), macro="zoom", places={"macro": ELSEWHERE})
        finding = only_finding(wrong, catalog=MemoryCatalog(SHOES))
        assert finding.where == SourceRange(path="template.yaml", line=2, column=3)
        assert finding.snippet == "second"

    def test_a_selection_of_another_document(self) -> None:
        template = Place(document=OTHER, pointer=("assets", "all"))
        finding = only_finding(
            job(replace(folder("Acme/Shows/"), place=template)), catalog=MemoryCatalog(SHOES)
        )
        assert finding.where == SourceRange(path="template.yaml", line=2, column=3)
        assert finding.snippet == "second"

    def test_a_name_out_of_a_file_stands_where_the_file_is_named(self) -> None:
        file = FileReference(path="data/skus.csv", place=ELSEWHERE)
        listed = replace(named("boot", "boat"), file=file, column="sku")
        finding = only_finding(job(listed), catalog=MemoryCatalog(SHOES))
        assert finding.summary == "asset `boat` does not exist in Acme"
        assert finding.where == SourceRange(path="template.yaml", line=2, column=3)
        none = replace(listed, names=("boot",), exclude=("b*",))
        finding = only_finding(job(none), catalog=MemoryCatalog(SHOES))
        assert "change `exclude` or `data/skus.csv`" in (finding.hint or "")

    def test_a_name_out_of_a_file_names_its_row(self) -> None:
        text = SourceFile(path="data/skus.csv", text="sku\nboot\nboat\n")
        rows = [{"sku": "boot"}, {"sku": "boat"}]
        cell: Pointer = (1, "sku")
        places = {cell: SourceRange(path="data/skus.csv", line=3, column=1)}

        def locate_row(pointer: Pointer, *, key: bool = False) -> SourceRange:
            return places[pointer]

        data = DataFile(file=text, value=rows, locator=locate_row)
        listed = replace(
            named("boot", "boat"),
            file=FileReference(path="data/skus.csv", place=ELSEWHERE),
            came_from=NamesFromFile(file=data, rows=(0, 1), column="sku"),
        )
        finding = only_finding(job(listed), catalog=MemoryCatalog(SHOES))
        [row] = finding.related[:1]
        assert (row.where, row.snippet) == (places[cell], "boat")

    def test_a_pattern_is_no_name(self) -> None:
        finding = only_finding(job(named("boot", "PS_*")), catalog=MemoryCatalog(SHOES))
        assert finding.hint == "names are no patterns: select a `folder`, with `where` or `exclude`"

    def test_all_mistakes_at_once(self) -> None:
        jobs = [
            job(named("boat", "ship"), "shop/a"),
            job(folder(), "shop/b", macro="none"),
            job(folder(), "shop/good"),
        ]
        resolution = resolve(jobs, MemoryCatalog(SHOES))
        assert [found.key.export for found in resolution.jobs] == ["good"]
        assert [finding.rule for finding in resolution.diagnostics] == [
            Rule.UNKNOWN_ASSET,
            Rule.UNKNOWN_ASSET,
            Rule.UNKNOWN_PRESET,
        ]


class TestUnsupportedTypes:
    @pytest.mark.parametrize(
        "kind", ["ImageSet", "RenderSet", "SpinSet", "AssetSet", "VideoSet", "Catalog", "eCatalog"]
    )
    def test_refused_by_default(self, kind: str) -> None:
        stock = [*SHOES, asset("Acme/Shoes/odd", kind=kind)]
        finding = only_finding(job(folder()), catalog=MemoryCatalog(stock))
        assert finding.rule is Rule.UNSUPPORTED_TYPE
        assert finding.summary.startswith(
            "1 of the assets selected cannot be exported: Acme/Shoes/odd: IPS cannot export"
        )

    def test_named_ones_stand_at_their_names(self) -> None:
        finding = only_finding(job(named("boot", "spin")), catalog=MemoryCatalog([*SHOES, SPIN]))
        assert finding.summary == "asset `spin`: IPS cannot export assets of type SpinSet"
        assert finding.where == SourceRange(path="shop.yaml", line=3, column=1)

    def test_a_long_list_is_cut(self) -> None:
        stock = [asset(f"Acme/s{number}", kind="SpinSet") for number in range(9)]
        finding = only_finding(job(folder("Acme/")), catalog=MemoryCatalog(stock))
        assert finding.summary.startswith("9 of the assets selected cannot be exported: Acme/s0: ")
        assert finding.summary.endswith("; and 4 more")

    def test_templates_are_converted_but_not_delivered_as_they_are(self) -> None:
        stock = [TEMPLATE]
        assert paths(job(folder()), stock=stock) == ["Acme/Shoes/banner"]
        finding = only_finding(job(folder(), fmt=Fmt.ORIG), catalog=MemoryCatalog(stock))
        assert "a template as original" in finding.summary

    @pytest.mark.parametrize("kind", ["Image", "Pdf", "PostScript", "AdjustedView", "Video", "Zip"])
    def test_other_types_go_through(self, kind: str) -> None:
        stock = [asset("Acme/x", kind=kind)]
        assert paths(job(folder("Acme/")), stock=stock) == ["Acme/x"]

    def test_left_out_on_request_with_a_warning(self) -> None:
        exclude = OnUnsupported.EXCLUDE
        wishes = [job(folder(), f"shop/{name}", on_unsupported=exclude) for name in "ab"]
        resolution = resolve(wishes, MemoryCatalog([*SHOES, SPIN]))
        left_out = ExcludedAsset(
            path="Acme/Shoes/spin",
            type="SpinSet",
            reason="IPS cannot export assets of type SpinSet",
        )
        assert [found.excluded for found in resolution.jobs] == [(left_out,), (left_out,)]
        assert [found.path for found in resolution.jobs[0].assets] == [
            "Acme/Shoes/boot",
            "Acme/Shoes/sandal",
        ]
        [warning] = resolution.diagnostics
        assert (warning.rule, warning.severity) == (Rule.EXCLUDED_ASSET, Severity.WARNING)
        assert warning.summary.startswith("Acme/Shoes/spin is left out: ")

    def test_nothing_left_is_an_error(self) -> None:
        wish = job(folder(), on_unsupported=OnUnsupported.EXCLUDE)
        resolution = resolve([wish], MemoryCatalog([SPIN]))
        assert resolution.jobs == ()
        assert [finding.rule for finding in resolution.diagnostics] == [
            Rule.EMPTY_SELECTION,
            Rule.EXCLUDED_ASSET,
        ]
        assert "none of the 1 assets" in resolution.diagnostics[0].summary
        assert "IPS cannot export 1 SpinSet" in (resolution.diagnostics[0].hint or "")
