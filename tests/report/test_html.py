"""Plans as HTML: everything is in the page, nothing that others wrote acts in it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from s7spec.model.asset import AssetVersion
from s7spec.model.effective import EffectiveCommand
from s7spec.model.plan import Action, Plan, PlanItem, ReasonCode, Verdict, VerdictLevel
from s7spec.model.preset import Preset
from s7spec.plan import write_plan
from s7spec.report.html import Comparison, ContactSheet, Picture, plan_html
from s7spec.report.html.markup import LONGEST, data, escaped
from s7spec.report.plan_outline import headline
from s7spec.report.visible import visible
from tests.report.hostile import HOSTILE, hostile_plan
from tests.report.jobs import DIGEST, MUGS, asset, export_job, key
from tests.report.pages import ASSETS, PREVIEW, data_of, large_plan, page_of, predicted_plan
from tests.report.plans import (
    assets_changed,
    everyday_plan,
    item,
    modifier_changed,
    new,
    plan_of,
    told,
    unchanged,
)
from tests.report.test_html_size import wide_plan

REFUSED = Verdict(
    guard="limits.jobs",
    level=VerdictLevel.DENY,
    detail="9 jobs, at most 1",
    allowed=1,
    found=9,
    jobs=("shop/a",),
    job_count=9,
)
VOID = {"meta", "link", "br", "input", "img"}
ELEMENTS = {
    *("html", "head", "meta", "link", "title", "style", "body", "a", "header", "h1", "h2", "p"),
    *("bdi", "code", "b", "i", "dl", "div", "dt", "dd", "main", "ul", "li", "section", "details"),
    *("summary", "span", "br", "noscript", "pre", "button", "script"),
}


class _Outline(HTMLParser):
    """The elements of a page, their nesting, and the text that a person reads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, text: str) -> None:
        if self._open and self._open[-1] not in ("script", "style"):
            self.text.append(text)


@pytest.mark.parametrize("plan", [everyday_plan(), hostile_plan(), plan_of(), large_plan(40)])
def test_page_is_well_formed_and_has_our_elements_only(plan: Plan) -> None:
    outline = _Outline(page_of(plan))
    assert set(outline.elements) <= ELEMENTS
    assert outline.elements.count("script") == 8
    names = {name for name, _ in outline.attributes}
    assert not {name for name in names if name.startswith("on") or name in ("src", "style")}
    assert {value for name, value in outline.attributes if name == "href"} == {"#main", "data:,"}


def test_what_others_wrote_reads_as_text() -> None:
    text = "".join(_Outline(page_of(hostile_plan())).text)
    for each in HOSTILE:
        if each.strip() == each and each:
            assert visible(each) in text


def test_data_is_what_was_put_in_and_ends_no_element() -> None:
    page = page_of(hostile_plan())
    for name in ("rows", "groups", "shared", "details", "modifiers", "assets", "pictures"):
        data_of(page, name)
    shown = {row[1] for row in data_of(page, "rows")}
    assert {"<script>alert(1)</script>", "a|b||c", "\\u202egnp.exe\\u2066"} <= shown
    assert {path for path, *_ in data_of(page, "assets")["assets"]} >= {
        "Folder/<!-- --> --> <![CDATA[ ]]>",
        f"Folder/{'x' * 1000}",
    }


def test_no_sign_of_markup_stands_in_data() -> None:
    written = data(["</script><!-- & \u2028\u2029"])
    assert not re.search("[<>&\u2028\u2029]", written)
    assert (
        escaped("<a href='x' title=\"y\">`&")
        == "&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&#96;&amp;"
    )


def test_long_texts_have_an_end() -> None:
    assert escaped("x" * (LONGEST + 7)).endswith("… (and 7 more)")


def test_nothing_is_fetched_and_nothing_else_runs() -> None:
    page = page_of(everyday_plan())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert policy[1].count("sha256-") == 2
    assert "img-src data:;" in policy[1]


def test_header_counts_and_people_stand_in_the_page_without_a_script() -> None:
    held = item("shop/held", Action.BLOCKED, told(ReasonCode.TRIED_ENOUGH, "five times in a row"))
    plan = plan_of(held, item("shop/a", Action.SKIP, unchanged(), job=export_job()))
    plan = replace(plan, verdicts=(REFUSED,))
    text = "".join(_Outline(page_of(plan)).text)
    for said in (
        headline(plan),
        DIGEST,
        "acme/local",
        "1 job waits for people",
        "blocked shop/held tried-enough: five times in a row",
        "apply will refuse this plan (exit 6)",
        "limits.jobs: 9 jobs, at most 1 (shop/a, … and 8 more)",
        f"- {{guard: limits.jobs, digest: {DIGEST}, by: NAME, reason: WHY}}",
        "1 unchanged",
    ):
        assert said in text


def test_command_is_shown_where_there_is_something_to_apply() -> None:
    assert "To do exactly this" in page_of(everyday_plan(), command="s7spec apply plan.json")
    assert "To do exactly this" not in page_of(everyday_plan(), command=None)
    assert "To do exactly this" not in page_of(plan_of(), command="s7spec apply plan.json")
    refused = replace(everyday_plan(), verdicts=(REFUSED,))
    assert "To do exactly this" not in page_of(refused, command="s7spec apply plan.json")


def test_jobs_that_change_alike_are_one_group() -> None:
    changed = modifier_changed("wid=1000&qlt=80", "wid=1200&qlt=80")
    jobs = [item(f"shop/{n}", Action.SUBMIT, changed, job=export_job()) for n in range(412)]
    text = "".join(_Outline(page_of(plan_of(*jobs))).text)
    assert "submit 412 jobs: payload-changed" in text
    assert text.count("is_modifier wid 1000 → 1200") == 1


def test_new_jobs_are_one_group_that_says_what_they_ask_for() -> None:
    jobs = [
        item(f"shop/{n}", Action.SUBMIT, new(), job=export_job(f"wid={n}&fit=crop"))
        for n in range(50)
    ]
    text = "".join(_Outline(page_of(plan_of(*jobs))).text)
    assert "is_modifier wid=<0 to 49, 50 values>&fit=crop" in text


def test_an_asset_that_changed_in_many_jobs_is_counted_once() -> None:
    jobs = [item(f"shop/{n}", Action.SUBMIT, assets_changed(), job=export_job()) for n in range(9)]
    text = "".join(_Outline(page_of(plan_of(*jobs))).text)
    assert "assets: 2 new, 1 changed, 1 gone in each: +PS_1001_mug, +PS_1002_mug, ~" in text


def test_a_narrowed_plan_says_so_without_a_script() -> None:
    plan = replace(everyday_plan(), narrowed=("--select 'a<b>': 3 jobs left out",))
    text = "".join(_Outline(page_of(plan)).text)
    assert "This plan does not speak about the whole project" in text
    assert "--select 'a<b>': 3 jobs left out" in text


ZOOM = Preset(name="zoom", urlModifier="wid=2000&qlt=90")
IN_FORCE = (
    EffectiveCommand(command="fmt=png", origin="is_modifier"),
    EffectiveCommand(
        command="wid=2000", origin="macro $zoom$", overrides=("wid=800 of is_modifier",)
    ),
    EffectiveCommand(command="qlt=90", origin="macro $zoom$", order_is_inferred=True),
)


def converting(name: str, *commands: EffectiveCommand) -> PlanItem:
    job = export_job("wid=800&fmt=png", preset=ZOOM)
    return replace(item(name, Action.SUBMIT, new(), job=job), effective=commands)


def modifiers_of(page: str) -> list[list[list[object]]]:
    """The commands of each modifier that is told."""
    found = data_of(page, "modifiers")
    return [[found["pieces"][each] for each in row] for row in found["rows"]]


def test_a_modifier_is_told_as_the_plan_tells_it() -> None:
    """Commands, origins and what they override are the document's; words are added."""
    plan = plan_of(converting("m/a", *IN_FORCE))
    [told] = modifiers_of(page_of(plan))
    assert told == [
        ["fmt=png", "a file in the format png", "is_modifier", [], 0],
        ["wid=2000", "2000 pixels wide", "macro $zoom$", ["wid=800 of is_modifier"], 0],
        ["qlt=90", "quality 90 of 100", "macro $zoom$", [], 1],
    ]
    document = json.loads(write_plan(plan))["items"][0]["effective"]
    names = ("command", "origin", "overrides", "order_is_inferred")
    assert [[command, *rest] for command, _, *rest in told] == [
        [each[name] for name in names] for each in document
    ]


def test_a_modifier_is_not_read_anew() -> None:
    """What the texts of the job would give now does not matter."""
    stored = EffectiveCommand(command="wid=1234", origin="company default")
    [told] = modifiers_of(page_of(plan_of(converting("m/a", stored))))
    assert told == [["wid=1234", "1234 pixels wide", "company default", [], 0]]
    assert modifiers_of(page_of(plan_of(converting("m/a")))) == []


def test_words_say_what_has_less_effect_than_it_seems() -> None:
    commands = ("fmt=png-alpha", "bgc=255,255,255", "size=300,0", "scale=2")
    job = export_job("&".join(commands))
    told = tuple(EffectiveCommand(command=each, origin="is_modifier") for each in commands)
    submit = replace(item("m/a", Action.SUBMIT, new(), job=job), effective=told)
    [rows] = modifiers_of(page_of(plan_of(submit)))
    words = {command: str(said) for command, said, *_ in rows}
    assert "without effect" in words["bgc=255,255,255"]
    assert "without effect beside size=300,0" in words["scale=2"]


def test_words_about_what_layers_say_alike_are_each_layers_own() -> None:
    commands = ("layer=0", "size=100,100", "scale=2", "layer=1", "scale=2")
    job = export_job("&".join(commands))
    told = tuple(EffectiveCommand(command=each, origin="is_modifier") for each in commands)
    submit = replace(item("m/a", Action.SUBMIT, new(), job=job), effective=told)
    [rows] = modifiers_of(page_of(plan_of(submit)))
    words = [str(said) for command, said, *_ in rows if command == "scale=2"]
    assert ["without effect beside size=100,100" in each for each in words] == [True, False]
    fewer = replace(submit, effective=(*told[:2], *told[3:]))
    [rows] = modifiers_of(page_of(plan_of(fewer)))
    assert "without effect" not in str(rows[-1][1]), "nobody knows which of the two it is"


def test_modifiers_that_jobs_share_stand_in_the_page_once() -> None:
    """As the same objects, and as equal ones, which a plan out of a file has."""
    shared = [converting(f"m/{number}", *IN_FORCE) for number in range(3)]
    copies = [replace(each, effective=(*map(replace, IN_FORCE),)) for each in shared]
    page = page_of(plan_of(*shared, *copies, converting("n/a", *IN_FORCE[:1])))
    assert [len(each) for each in modifiers_of(page)] == [3, 1]
    numbers = [each["modifier"] for each in data_of(page, "details").values()]
    assert numbers == [1, 1, 1, 1, 1, 1, 2]


def test_details_tell_assets_changes_and_what_is_foretold() -> None:
    job = item("m/a", Action.SUBMIT, assets_changed(), job=export_job())
    details = data_of(page_of(plan_of(job)), "details")["0"]
    assert [change[:3] for change in details["changes"]] == [
        ["+", "new", MUGS[0].path],
        ["+", "new", MUGS[1].path],
        ["~", "changed", MUGS[2].path],
        ["-", "gone", "Acme/Products/PS_0999_mug"],
    ]
    assert ["is_modifier", "wid=762&hei=1100"] in details["payload"]
    details = data_of(page_of(predicted_plan()), "details")["0"]
    assert details["becomes"].endswith(", about 2.0 MB (1.0 MB to 5.0 MB); 3 enlarged")
    assert details["preview"] == PREVIEW
    assert "img-src data: https:;" in page_of(predicted_plan())


def test_nothing_is_told_of_a_job_that_nobody_reads() -> None:
    plans = (everyday_plan(), hostile_plan(), predicted_plan(), wide_plan(400, "x"))
    for plan in plans:
        for details in data_of(page_of(plan), "details").values():
            assert {name for name in details if f"told.{name}" not in ASSETS.script} == set()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://images.example/x", "//x", ""])
def test_only_addresses_over_tls_are_previews(address: str) -> None:
    plan = predicted_plan()
    job = plan.items[0]
    assert job.predicted is not None
    job = replace(job, predicted=replace(job.predicted, preview=address))
    assert "preview" not in data_of(page_of(replace(plan, items=(job,))), "details")["0"]


def test_assets_and_sets_stand_in_the_page_once() -> None:
    jobs = [
        item(f"shop/{n:03}", Action.SUBMIT, new(), job=export_job(assets=(*MUGS,)))
        for n in range(200)
    ]
    found = data_of(page_of(plan_of(*jobs)), "assets")
    assert len(found["assets"]) == len(MUGS)
    assert len(found["sets"]) == 1


def test_pages_stay_small_whatever_the_assets() -> None:
    """A set that finds no room is counted, and changing jobs come before unchanged ones."""
    jobs = [
        item(
            f"shop/{number:03}",
            Action.SKIP if number < 100 else Action.SUBMIT,
            unchanged() if number < 100 else new(),
            job=export_job(f"wid={number}", assets=tuple(_different(number, 500))),
        )
        for number in range(200)
    ]
    page = page_of(plan_of(*jobs))
    assert len(page.encode()) < 9_000_000
    sets = [row[8] for row in data_of(page, "rows")]
    assert min(sets[:30]) >= 0
    assert max(sets[100:]) == -1
    assert all(row[5] == 500 for row in data_of(page, "rows"))


def _different(number: int, count: int) -> list[AssetVersion]:
    return [asset(f"PS_{number}_{nth}_{'x' * 60}") for nth in range(count)]


def test_ten_thousand_jobs_fit_and_grow_linearly() -> None:
    small, large = (len(page_of(large_plan(jobs)).encode()) for jobs in (2_000, 10_000))
    fixed = len(page_of(plan_of()).encode())
    assert large < 15_000_000
    assert (large - fixed) < 5.5 * (small - fixed)


def test_it_is_written_in_small_parts() -> None:
    parts = plan_html(large_plan(5_000), ASSETS, digest=DIGEST, command=None)
    assert max(len(part) for part in parts) < 100_000


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert page_of(hostile_plan()) == page_of(hostile_plan())


def test_pictures_stand_in_the_page_once() -> None:
    source = Picture(uri="data:image/webp;base64,AAAA", width=3000, height=2000)
    made = Picture(uri="data:image/webp;base64,BBBB", width=80, height=60, size_bytes=5_000)
    comparison = Comparison(
        path="Acme/</script>",
        traits=("largest",),
        before=source,
        before_is="the source",
        after=made,
        notes=("<b>",),
    )
    jobs = [item(f"m/{n}", Action.SUBMIT, new(), job=export_job()) for n in range(3)]
    sheet = ContactSheet(
        by_job={key("m", str(n)): (comparison,) for n in (0, 2)}, jobs=3, marker="emulated"
    )
    page = page_of(plan_of(*jobs), sheet)
    assert page.count("base64,AAAA") == 1
    assert "2 of 3 jobs have pictures (emulated)" in page
    found = data_of(page, "pictures")
    assert list(found["jobs"]) == ["0", "2"]
    assert found["left_out"] == 0
    assert found["jobs"]["2"][0][2] == [0, "3000x2000", 3000, 2000]
    assert found["jobs"]["2"][0][4] == [1, "80x60, 5.0 kB", 80, 60]
