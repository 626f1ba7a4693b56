"""Plans as HTML in a real browser: they work, for everybody, and ask nobody for anything."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from s7spec.model.plan import Action
from s7spec.report.visible import visible
from tests.browser.conftest import Open, Opened
from tests.browser.samples import alike_plan, compared_plan, pictured_plan
from tests.report.hostile import HOSTILE, hostile_plan
from tests.report.jobs import MUGS, export_job
from tests.report.pages import (
    PREVIEW,
    crowded_plan,
    data_of,
    large_plan,
    page_of,
    predicted_plan,
)
from tests.report.plans import everyday_plan, item, modifier_changed, new, plan_of, refused_plan
from tests.report.test_html_size import wide_plan

PAGES = {
    "everyday": page_of(everyday_plan()),
    "hostile": page_of(hostile_plan()),
    "empty": page_of(plan_of()),
    "pictures": page_of(*pictured_plan()),
    "predicted": page_of(predicted_plan()),
    "refused": page_of(refused_plan()),
}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def rows(page: Page) -> list[str]:
    """The jobs that the table shows."""
    return page.locator(".jobs .open").all_inner_texts()


def status(page: Page) -> str:
    return page.locator("[role=status]").inner_text()


def unfold(page: Page, most: int = 8) -> None:
    for place in range(min(page.locator(".open").count(), most)):
        page.locator(".open").nth(place).click()


@pytest.mark.parametrize("name", PAGES)
def test_opens_without_an_error_and_fetches_nothing(open_page: Open, name: str) -> None:
    opened = open_page(PAGES[name])
    unfold(opened.page)
    opened.page.locator("#theme").click()
    opened.page.wait_for_timeout(100)
    assert opened.told == []
    asked = [each for each in opened.requests if not each.startswith("data:")]
    assert [each.partition("#")[0].rpartition("/")[2] for each in asked] == ["plan.html"]


def test_text_finds_jobs_changes_and_assets(open_page: Open) -> None:
    page = open_page(PAGES["everyday"]).page
    everything = rows(page)
    assert len(everything) == 19
    for text, found in {
        "ZALANDO/small": ["zalando/small"],
        "emailsetting": ["walmart/zz-mail"],
        "zoom nothing-like-it": [],
        "preset-changed": ["zalando/main"],
    }.items():
        page.locator("#search").fill(text)
        assert rows(page) == found
        assert status(page) == f"{len(found)} of 19 jobs"
    page.locator("#search").fill("ps_1017_mug")
    assert len(rows(page)) > 10
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.locator("[role=status]")).to_have_text("19 jobs")
    assert rows(page) == everything


def test_actions_reasons_manifests_and_groups_filter(open_page: Open) -> None:
    page = open_page(PAGES["everyday"]).page
    skip = page.locator(".counts button", has_text="skip")
    skip.click()
    assert skip.get_attribute("aria-pressed") == "true"
    assert status(page) == "12 of 19 jobs"
    page.locator(".counts button", has_text="repair").click()
    assert status(page) == "13 of 19 jobs"
    page.get_by_label("Reason").select_option("partial")
    assert rows(page) == ["walmart/a"]
    page.get_by_role("button", name="Reset", exact=True).click()
    page.get_by_label("Manifest").select_option("zalando")
    assert sorted(rows(page)) == ["zalando/main", "zalando/small"]
    page.get_by_role("button", name="Reset", exact=True).click()
    page.locator("[data-filter=group]").first.click()
    assert len(rows(page)) == 1


def test_manifests_whose_shortened_names_are_equal_filter_apart(open_page: Open) -> None:
    middle = "x" * 5_000
    names = [f"{'a' * 500}{number:03}{middle}" for number in range(400)]
    jobs = [item(f"{name}/e", Action.SUBMIT, new(), job=export_job()) for name in names]
    text = page_of(plan_of(*jobs))
    told = data_of(text, "shared")["manifests"]
    alike = [place for place, each in enumerate(told) if each == told[-1]]
    assert len(alike) > 2
    page = open_page(text).page
    for place in alike[:3]:
        page.get_by_label("Manifest").select_option(index=place + 1)
        assert status(page) == "1 of 400 jobs"
        assert page.locator(".jobs .open").get_attribute("data-job") == str(place)
    label = page.get_by_label("Manifest").input_value()
    again = open_page(text, at="#" + page.url.partition("#")[2]).page
    assert again.get_by_label("Manifest").input_value() == label
    assert status(again) == "1 of 400 jobs"


def test_an_address_remembers_the_filter(open_page: Open) -> None:
    page = open_page(PAGES["everyday"]).page
    page.locator("#search").fill("zalando")
    page.get_by_role("button", name="Files").click()
    found = rows(page)
    again = open_page(PAGES["everyday"], at="#" + page.url.partition("#")[2]).page
    assert again.locator("#search").input_value() == "zalando"
    assert rows(again) == found


def test_columns_sort_up_down_and_not_at_all(open_page: Open) -> None:
    page = open_page(PAGES["everyday"]).page
    usual = rows(page)
    head = page.locator("th[data-column=job]")
    assert head.get_attribute("aria-sort") == "none"
    for direction in ("ascending", "descending"):
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == direction
        assert rows(page) == sorted(usual, reverse=direction == "descending")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "none"
    assert rows(page) == usual
    page.locator("th[data-column=files] button").click()
    files = page.locator(".jobs td[data-label=files]").all_inner_texts()
    assert [int(each or -1) for each in files] == sorted(int(each or -1) for each in files)


def test_everything_works_from_the_keyboard(open_page: Open) -> None:
    page = open_page(PAGES["pictures"]).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    job = page.get_by_role("button", name="shop/a", exact=True)
    job.focus()
    page.keyboard.press("Enter")
    assert job.get_attribute("aria-expanded") == "true"
    assert page.locator(f"#{job.get_attribute('aria-controls')}").is_visible()
    page.keyboard.press("Tab")
    slider = page.locator("input[type=range]").first
    assert slider.evaluate("each => each === document.activeElement")
    width = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert width == "solid"
    assert slider.get_attribute("aria-valuetext") == "left 50 % before, right 50 % after"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "left 100 % before, right 0 % after"
    job.focus()
    page.keyboard.press("Enter")
    assert job.get_attribute("aria-expanded") == "false"
    assert page.locator(".detail").count() == 0


def test_pictures_are_there_and_the_slider_uncovers_them(open_page: Open) -> None:
    page = open_page(PAGES["pictures"]).page
    assert page.get_by_text("2 of 2 jobs have pictures").is_visible()
    assert page.locator("#contact button").count() == 3
    page.get_by_role("button", name="shop/a", exact=True).click()
    stage = page.locator(".comparisons .stage").first
    images = stage.locator("img")
    assert images.evaluate_all("all => all.map((each) => each.naturalWidth)") == [40, 60]
    after, before = images.evaluate_all("all => all.map((each) => each.src)")
    assert before != after
    slider = page.locator("input[type=range]").first
    slider.fill("0")
    whole_after = stage.screenshot()
    slider.fill("100")
    assert stage.screenshot() != whole_after
    assert "largest" in page.locator("figcaption").first.inner_text()


def sides(page: Page, selector: str) -> tuple[float, float]:
    """Width and height as shown, without borders."""
    shown = page.locator(selector).first
    width, height = shown.evaluate("each => [each.clientWidth, each.clientHeight]")
    return float(width), float(height)


@pytest.mark.parametrize(
    ("before", "after", "frame", "words"),
    [
        ((600, 400), (400, 600), (600, 600), "shape 1.5:1 → 1:1.5, shown at one scale"),
        ((300, 200), (600, 400), (600, 400), "shown at one scale"),
        ((3000, 2000), (90, 60), (3, 2), "each shown as large as fits"),
        ((600, 400), (600, 400), (3, 2), ""),
        ((4000, 100), (400, 10), (4, 1), "each shown as large as fits"),
        ((100, 4000), (200, 4000), (1, 2), "shape 1:40 → 1:20, shown at one scale"),
    ],
)
def test_pictures_keep_their_shapes_within_one_frame(
    open_page: Open,
    before: tuple[int, int],
    after: tuple[int, int],
    frame: tuple[int, int],
    words: str,
) -> None:
    page = open_page(page_of(*compared_plan(before, after))).page
    page.locator(".open").click()
    stage = ".comparisons .stage"
    width, height = sides(page, stage)
    assert width / height == pytest.approx(frame[0] / frame[1], rel=0.02)
    assert height <= 420
    shown = [sides(page, f"{stage} .{name} img") for name in ("before", "after")]
    for (wide, high), (pixels_wide, pixels_high) in zip(shown, (before, after), strict=True):
        assert wide == pytest.approx(high * pixels_wide / pixels_high, abs=1 + pixels_wide / 100)
    if "one scale" in words:
        assert shown[0][0] / shown[1][0] == pytest.approx(before[0] / after[0], rel=0.1)
    else:
        assert max(shown[0]) == pytest.approx(max(shown[1]), abs=1)
    figure = page.locator("figure").first.inner_text()
    assert figure.startswith(f"before {before[0]}x{before[1]}\nafter {after[0]}x{after[1]}")
    assert ("shape" in figure, "scale" in figure) == ("shape" in words, "scale" in words)
    assert words in figure


def test_a_picture_that_cannot_be_rendered_says_why(open_page: Open) -> None:
    page = open_page(PAGES["pictures"]).page
    page.get_by_role("button", name="shop/b", exact=True).click()
    assert "cannot be rendered here: <no>" in page.locator("figcaption").last.inner_text()
    assert page.locator("figure").last.locator("input").count() == 0


def test_contact_sheet_leads_to_the_job(open_page: Open) -> None:
    page = open_page(PAGES["pictures"]).page
    page.locator("#search").fill("shop/c")
    page.locator("#contact button").nth(1).click()
    assert page.evaluate("document.activeElement.innerText") == "shop/b"
    assert page.locator(".detail").count() == 1


def test_contact_sheet_shows_what_jobs_do_alike_once(open_page: Open) -> None:
    page = open_page(page_of(*alike_plan())).page
    names = [each.path.rpartition("/")[2] for each in MUGS[:2]]
    expect(page.locator("#contact button")).to_have_text(
        [
            f"{names[0]}shop/00 and 39 pictures alike",
            f"{names[0]}shop/other",
            f"{names[1]}shop/00 and 39 pictures alike",
        ]
    )
    page.get_by_role("button", name="Show all 81 pictures").click()
    assert page.locator("#contact button").count() == 81
    page.locator("#job-7 .open").click()
    assert page.locator("#detail-7 figure").count() == 2


def test_contact_sheet_shows_pictures_of_listed_jobs(open_page: Open) -> None:
    """Also of a page that tells pictures of others."""
    text = page_of(*crowded_plan())
    sample = '[["P",[],null,"",[1,"",1,1],"",[]]]'
    other = text.replace('{"jobs":{"0":', f'{{"jobs":{{"59999":{sample},"0":')
    assert other != text
    for each in (text, other):
        opened = open_page(each)
        expect(opened.page.locator("#contact button")).to_have_count(1)
        assert opened.page.get_by_text("Those of 1 job that the page has no room").is_visible()
        opened.page.locator("#contact button").click()
        assert opened.page.locator(".detail figure").count() == 1
        assert opened.told == []


def test_previews_are_asked_for_by_people_only(open_page: Open) -> None:
    opened = open_page(PAGES["predicted"])
    page = opened.page
    page.locator(".open").click()
    link = page.get_by_role("link", name="Preview of one of them")
    assert link.get_attribute("href") == PREVIEW
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert PREVIEW not in opened.requests
    with page.expect_request(PREVIEW):
        page.get_by_role("button", name="Show it here").click()


def test_details_explain_modifier_assets_and_changes(open_page: Open) -> None:
    page = open_page(PAGES["everyday"]).page
    page.get_by_role("button", name="zalando/small", exact=True).click()
    text = page.locator(".detail").inner_text()
    for said in (
        "is_modifier wid 762 → 800",
        "What changed about its assets",
        "+ new",
        "- gone",
        "48 assets",
        "told of jobs that something is done about",
    ):
        assert said in text
    assert page.locator(".exact tbody tr").count() == 20
    page.get_by_role("button", name="Show all 48 assets").click()
    assert page.locator(".exact tbody tr").count() == 48


def test_details_tell_the_modifier_in_force(open_page: Open) -> None:
    page = open_page(PAGES["everyday"]).page
    page.get_by_role("button", name="zalando/main", exact=True).click()
    table = page.get_by_role("table", name="The modifier in force, its presets filled in")
    assert table.locator("tbody tr").all_inner_texts() == [
        "wid=1800\t1800 pixels wide\t$base$ in macro $zoom$\t",
        "qlt=90\tquality 90 of 100\tmacro $zoom$\t"
        "qlt=80 of is_modifier\nwhich prevails is inferred",
    ]


def test_long_names_are_folded_until_their_job_is_opened(open_page: Open) -> None:
    name = "x" * 1_000
    change = modifier_changed(f"text={name}", f"text={name}{name}")
    job = item(f"m/{name}", Action.SUBMIT, change, job=export_job())
    page = open_page(page_of(plan_of(job))).page
    row, opener = page.locator("#job-0"), page.locator("#job-0 .open")
    height = "each => each.getBoundingClientRect().height"
    assert row.evaluate(height) < 200
    assert page.locator(".groups li").first.evaluate(height) < 300
    assert opener.inner_text() == f"m/{name}"
    opener.click()
    assert row.evaluate(height) > 400
    opener.click()
    page.emulate_media(media="print")
    assert row.evaluate(height) > 400


def test_what_finds_no_room_is_said_where_it_is_missing(open_page: Open) -> None:
    text = page_of(wide_plan(2_000, "x"))
    *_, shortened = map(int, data_of(text, "details"))
    opened = open_page(text)
    page, elsewhere = opened.page, "s7spec show plan.json --detail full"
    assert page.get_by_text("Long names and changes are shortened").is_visible()
    assert page.get_by_text("Long changes are shortened").is_visible()
    page.get_by_role("button", name="Show all").click()
    told = []
    for place in (0, shortened, 1_999):
        page.locator(f"#job-{place} .open").click()
        told.append(page.locator(f"#detail-{place}").inner_text())
    assert elsewhere not in told[0]
    assert "Long texts and lists are shortened" in told[1]
    assert "The page has no room for the details of this job" in told[2]
    assert elsewhere in told[2]
    assert opened.told == []


def test_tables_of_a_job_are_stacked_on_a_small_screen(open_page: Open) -> None:
    page = open_page(PAGES["everyday"], width=400).page
    page.get_by_role("button", name="zalando/main", exact=True).click()
    scrolling = "all => all.filter((each) => each.scrollWidth > each.clientWidth).length"
    assert page.locator(".wide").count() == 2
    assert page.locator(".wide").evaluate_all(scrolling) == 0
    assert page.locator(".wide[tabindex]").count() == 0
    table = page.get_by_role("table", name="The modifier in force, its presets filled in")
    assert table.get_by_role("columnheader").count() == 4
    assert table.get_by_role("row").nth(2).get_by_role("cell").count() == 4
    cells = table.locator("tbody tr").nth(1).locator("td")
    tops = cells.evaluate_all("all => all.map((each) => each.getBoundingClientRect().top)")
    assert tops[0] < tops[1]
    said = "each => getComputedStyle(each, '::before').content"
    assert cells.nth(3).evaluate(said) == '"Overrides "'


def test_a_table_that_scrolls_is_reached_with_the_keyboard(open_page: Open) -> None:
    wide = replace(MUGS[0], type="SpinSet" * 30)
    plan = plan_of(item("m/a", Action.SUBMIT, new(), job=export_job(assets=(wide,))))
    page = open_page(page_of(plan), width=800).page
    page.locator(".open").first.click()
    table = page.get_by_role("region", name="1 asset, scrolls")
    expect(table).to_have_attribute("tabindex", "0")
    assert page.evaluate(SIDEWAYS) == 0
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert table.evaluate("each => each.scrollLeft") > 0
    assert "linear-gradient" in table.evaluate("each => getComputedStyle(each).backgroundImage")
    page.set_viewport_size({"width": 400, "height": 800})
    expect(page.locator(".wide[tabindex]")).to_have_count(0)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_small_screen(open_page: Open, name: str) -> None:
    page = open_page(PAGES[name], width=400).page
    assert page.evaluate(SIDEWAYS) == 0
    unfold(page)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.evaluate(SIDEWAYS) == 0


def test_dark_and_light_follow_the_system_and_the_button(open_page: Open) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light = open_page(PAGES["everyday"], color_scheme="light").page
    dark = open_page(PAGES["everyday"], color_scheme="dark").page
    bright, dim = light.evaluate(ground), dark.evaluate(ground)
    assert bright != dim
    assert light.locator("#theme").get_attribute("aria-pressed") == "false"
    light.locator("#theme").click()
    assert light.evaluate(ground) == dim
    assert light.locator("#theme").get_attribute("aria-pressed") == "true"
    dark.locator("#theme").click()
    assert dark.evaluate(ground) == bright


def test_paper_has_the_jobs_and_no_controls(open_page: Open) -> None:
    page = open_page(page_of(large_plan(300)), color_scheme="dark").page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert len(rows(page)) == 300
    for control in ("#filters form", "#theme", "#copy"):
        assert not page.locator(control).is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(open_page: Open, name: str, width: int, scheme: str) -> None:
    page = open_page(PAGES[name], width=width, color_scheme=scheme).page
    unfold(page, most=3)
    page.wait_for_timeout(150)
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    serious = {
        each["id"]: [node["html"][:120] for node in each["nodes"][:3]]
        for each in found
        if each["impact"] in ("serious", "critical")
    }
    assert serious == {}


def test_hostile_names_show_as_text(open_page: Open) -> None:
    opened: Opened = open_page(PAGES["hostile"])
    page = opened.page
    unfold(page, most=30)
    text = page.locator("body").inner_text()
    for each in HOSTILE:
        if each and each.strip() == each and "  " not in each:
            assert visible(each) in text
    assert page.locator("script").count() == 8
    assert page.locator("main h1").count() == 0
    assert opened.told == []


def test_without_a_script_the_page_says_what_matters(open_page: Open) -> None:
    page = open_page(PAGES["everyday"], java_script_enabled=False).page
    text = page.locator("body").inner_text()
    for said in ("3 to submit", "12\xa0" if "12\xa0" in text else "12 skip", "What changes"):
        assert said in text
    assert "is_modifier wid 762 → 800" in text
    assert "which this browser does not run" in text
    assert not page.locator("#jobs").is_visible()


def test_ten_thousand_jobs_are_drawn_as_they_are_asked_for(open_page: Open) -> None:
    opened = open_page(page_of(large_plan(10_000)))
    page = opened.page
    assert status(page) == "10,000 jobs"
    assert len(rows(page)) == 100
    page.locator("#search").fill("job-09999")
    assert status(page) == "1 of 10,000 jobs"
    page.locator("#search").fill("shop-0042")
    assert status(page) == "10 of 10,000 jobs"
    page.locator("#search").fill("")
    page.locator("th[data-column=why] button").click()
    page.get_by_role("button", name="Show 500 more").click()
    assert len(rows(page)) == 600
    assert opened.told == []
