"""A plan in a pull request: it fits, it shows what others wrote, and obeys none of it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from s7spec.model.asset import AssetVersion, ExcludedAsset
from s7spec.model.plan import (
    Action,
    AssetChange,
    AssetChangeKind,
    Plan,
    PlanItem,
    Reason,
    ReasonCode,
)
from s7spec.model.preset import Preset
from s7spec.report.markdown_plan import MOST_BYTES, plan_markdown
from tests.report.hostile import HOSTILE, hostile_plan
from tests.report.jobs import COMMAND, DIGEST, asset, export_job
from tests.report.plans import (
    everyday_plan,
    grants,
    header,
    item,
    large_plan,
    modifier_changed,
    new,
    plan_of,
    plan_of_every_action,
    refusals,
    refused_plan,
    told,
)

_OUR_HTML = re.compile(r"</?(details( open)?|summary|code|br)>")
_CODE = re.compile(r"`[^`]*`|<code>[^<]*</code>")
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")


def _markdown(plan: Plan, command: str | None = COMMAND) -> str:
    return plan_markdown(plan, digest=DIGEST, command=command)


def _tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def _inline(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def _assert_harmless(text: str) -> None:
    """Only our own structure, whatever the names in it."""
    tokens = _tokens(text)
    kinds = {token.type for token in [*tokens, *_inline(tokens)]}
    assert not kinds & {"link_open", "image", "strong_close_other", "s_open", "em_open", "hr"}
    for token in [*tokens, *_inline(tokens)]:
        if token.type in ("html_block", "html_inline"):
            assert "<" not in _OUR_HTML.sub("", token.content), token.content
    assert sum(token.type == "heading_open" for token in tokens) == 1
    outside = _CODE.sub("", re.sub(r"(?s)(```+)sh\n.*?\1", "", text))
    assert not re.search(r"://|www\.|[$@]", outside)
    assert not re.search(r"[@#]\w", html.unescape(outside))
    assert all(line.isprintable() for line in text.split("\n"))
    assert not any(line != line.rstrip() for line in text.split("\n"))


def _assert_whole_rows(text: str) -> None:
    """Every row of a table has as many cells as its head, for the parser and for the eye."""
    width = 0
    for line in text.split("\n"):
        if not line.startswith("|"):
            width = 0
            continue
        pipes = len(_UNESCAPED_PIPE.findall(line))
        assert pipes == (width or pipes), line
        width = pipes


@pytest.mark.parametrize(
    ("name", "plan"),
    [
        ("everyday", everyday_plan()),
        ("actions", plan_of_every_action()),
        ("refused", refused_plan()),
        ("hostile", hostile_plan()),
        ("nothing", plan_of()),
    ],
)
def test_golden(name: str, plan: Plan, golden: Callable[[str, str], None]) -> None:
    golden(f"plan-{name}.md", _markdown(plan))


def test_large_plan_is_quick_and_fits() -> None:
    plan = large_plan()
    text = _markdown(plan)
    assert len(text.encode()) <= MOST_BYTES
    assert "8,000 to submit, 2,000 unchanged" in text
    assert "4,000 jobs in 1,000 manifests: `m0000`, `m0001`, `m0002`, … and 997 more" in text
    assert "**Shortened**" in text
    assert "new ones, share a row over all manifests; less of " in text
    assert "<summary><code>m0000</code>: 8 to submit, 2 unchanged</summary>" in text
    _assert_whole_rows(text)


@pytest.mark.parametrize("command", [COMMAND, "x" * 100_000, "s7spec apply\n```\n# a heading"])
def test_hostile_plan_is_harmless(command: str) -> None:
    text = _markdown(hostile_plan(), command)
    _assert_harmless(text)
    _assert_whole_rows(text)
    assert "<script" not in text
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_every_name_is_still_there() -> None:
    """Escaped is not left out: read back, each name stands in the text."""
    text = html.unescape(_markdown(hostile_plan())).replace("\u200b", "")
    for name in ("<script>alert(1)</script>", "a|b||c", "␛[31mred", "\\u202egnp.exe", "# heading"):
        assert name in text


_text = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(), max_size=40))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_text, min_size=8, max_size=8))
def test_no_name_breaks_out(texts: list[str]) -> None:
    name, manifest, path, kind, modifier, detail, warning, where = texts
    version = AssetVersion(path=path, type=kind)
    reasons = (
        modifier_changed(modifier, f"{modifier}&wid={path}"),
        told(ReasonCode.FAILED, detail),
        Reason(
            code=ReasonCode.ASSETS_CHANGED,
            detail=detail,
            assets=(AssetChange(kind=AssetChangeKind.NEW, path=path, after=version),),
        ),
    )
    job = export_job(modifier, assets=(version,), preset=Preset(name=name, urlModifier=modifier))
    excluded = (ExcludedAsset(path=path, type=kind, reason=where),)
    named = item("plain/x", Action.SUBMIT, *reasons, job=job, excluded=excluded)
    entry = replace(named, key=replace(named.key, manifest=manifest, export=name))
    plan = plan_of(entry, assumptions=(warning, detail))
    text = _markdown(replace(plan, header=header(company=name, ips=where, tool_version=kind)))
    _assert_harmless(text)
    _assert_whole_rows(text)
    assert "<script" not in text


def _plan_of_manifests(number: int, *, jobs: int, assets: int, ways: int = 100) -> Plan:
    versions = tuple(asset(f"PS_{count}_a_rather_long_name") for count in range(assets))
    changes = tuple(
        AssetChange(kind=AssetChangeKind.NEW, path=version.path, after=version)
        for version in versions
    )
    reason = Reason(code=ReasonCode.ASSETS_CHANGED, detail="", assets=changes)
    return plan_of(
        *(
            item(
                f"manifest-{manifest:04}/export-{job}",
                Action.SUBMIT,
                reason,
                modifier_changed(f"wid={job % ways}", f"wid={manifest}"),
                job=export_job(f"wid={manifest}", assets=versions),
            )
            for manifest in range(number)
            for job in range(jobs)
        )
    )


@pytest.mark.parametrize(
    ("plan", "kept", "dropped"),
    [
        (_plan_of_manifests(1, jobs=2, assets=50), "PS_49_a", None),
        (_plan_of_manifests(4, jobs=5, assets=90), "PS_4_a", "asset names beyond five"),
        (_plan_of_manifests(40, jobs=20, assets=90, ways=2), "`wid` `1` → `39`", "share a row"),
        (
            _plan_of_manifests(4000, jobs=2, assets=1),
            "more jobs that change",
            "share a row over all manifests",
        ),
    ],
    ids=["all", "few-names", "groups", "merged"],
)
def test_detail_is_dropped_step_by_step(plan: Plan, kept: str, dropped: str | None) -> None:
    text = _markdown(plan)
    assert len(text.encode()) <= MOST_BYTES
    assert kept in text
    assert ("**Shortened**" in text) is (dropped is not None)
    if dropped is not None:
        assert dropped in text
    _assert_whole_rows(text)


def test_room_that_is_left_goes_to_as_many_manifests_as_it_is_enough_for() -> None:
    few = _plan_of_manifests(2, jobs=3, assets=2)
    large = _plan_of_manifests(1, jobs=2, assets=2000)
    large = replace(large, items=tuple(_under(each, "zz-large") for each in large.items))
    plan = replace(few, items=few.items + large.items)
    text = _markdown(plan)
    assert len(text.encode()) <= MOST_BYTES
    assert "names beyond 100 per job and kind of change" in text
    assert "; less of 2 manifests of 3, for which there was room." in text
    assert text.count("… and 1,900 more new") == 2
    with_assets = _plan_of_manifests(2, jobs=3, assets=2)
    tables = _markdown(with_assets).partition("<details")[2].partition("- To send")[0].strip()
    assert tables in text, "the small ones are told as if they were alone"


def _under(entry: PlanItem, manifest: str) -> PlanItem:
    return replace(entry, key=replace(entry.key, manifest=manifest))


def test_a_narrowed_plan_says_so_below_its_headline() -> None:
    text = _markdown(replace(plan_of(), narrowed=("--since main: 0 of 2 manifests <b>",)))
    assert text.startswith(
        "### s7spec: Nothing to do in what was looked at: no jobs\n\n"
        "> [!NOTE]\n> This plan does not speak about the whole project:\n"
    )
    assert "> - &#45;-since main: 0 of 2 manifests &#60;b&#62;\n" in text
    _assert_harmless(text)


def test_jobs_of_which_the_same_is_told_share_a_row_and_their_payload() -> None:
    plan = _plan_of_manifests(1, jobs=12, assets=4, ways=1)
    text = _markdown(plan)
    assert "**Shortened**" not in text
    assert text.count("`is_modifier` `wid` `0` → `0`") <= 1
    assert "| 12 jobs: `manifest-0000/export-0`" in text
    assert text.count("fmt `convert`, is_modifier `wid=0`, e-mail Error") == 1
    assert text.count("PS_3_a_rather_long_name`") == 1


def test_new_jobs_are_told_by_what_they_ask_for_where_rows_do_not_fit() -> None:
    plan = plan_of(
        *(
            item(f"shop/e{number:04}", Action.SUBMIT, new(), job=export_job(f"wid={number}&bgc=0"))
            for number in range(2000)
        )
    )
    text = _markdown(plan)
    assert "is_modifier <code>wid=&#60;0 to 1999, 2,000 values&#62;&#38;bgc=0</code>" in text
    assert "<summary>100 of these 2,000 jobs, one by one</summary>" in text
    assert (
        "| + submit | `shop/e0099` | 48 assets, 192 MP | new<br>is_modifier `wid=99&bgc=0` |"
        in text
    )
    assert "`shop/e0100`" not in text
    _assert_whole_rows(text)


def _swollen(text: str) -> Plan:
    """Everything in it as long as it can be, and as costly to escape."""
    reasons = (modifier_changed(text, text + "&"), told(ReasonCode.FAILED, text))
    entry = item("plain/x", Action.SUBMIT, *reasons, job=export_job(text))
    many = tuple(
        replace(entry, key=replace(entry.key, manifest=f"{text}{number}")) for number in range(300)
    )
    plan = refused_plan()
    verdicts = tuple(
        replace(verdict, guard=text, detail=text, jobs=(text,) * len(verdict.jobs))
        for verdict in (*plan.verdicts, *grants())
        for _ in range(99)
    )
    warnings = tuple(
        replace(finding, summary=text) for finding in everyday_plan().warnings for _ in range(99)
    )
    return replace(
        plan,
        header=header(company=text, environment=text, ips=text, tool_version=text),
        items=many,
        verdicts=verdicts,
        warnings=warnings,
        assumptions=(text,) * 99,
    )


@pytest.mark.parametrize("text", ["|" * 5_000, "\U000e0041" * 5_000, "é" * 5_000, "@" * 5_000])
def test_the_worst_texts_still_fit(text: str) -> None:
    shown = plan_markdown(_swollen(text), digest=text, command=text)
    assert len(shown.encode()) <= MOST_BYTES
    assert "**Shortened**" in shown


def test_refused_plan_shows_no_command() -> None:
    text = _markdown(refused_plan())
    assert "> [!CAUTION]" in text
    assert "> - `limits.jobs`: 3 jobs would be sent, at most 2 may be\n" in text
    assert COMMAND not in text


def test_a_refused_plan_shows_how_it_is_approved() -> None:
    digest = "sha256:" + "0a" * 32
    text = plan_markdown(refused_plan(), digest=digest, command=None)
    (block,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    guards = [verdict.guard for verdict in refusals()]
    assert yaml.safe_load(block)["approve"] == [
        {"guard": guard, "digest": digest, "by": "NAME", "reason": "WHY"} for guard in guards
    ]


def test_guardrails_are_told_from_the_worst_to_the_kept() -> None:
    text = _markdown(refused_plan())
    told = ("will refuse this plan", "approved by anna: the season starts", "Warned", "kept:")
    places = [text.index(each) for each in told]
    assert places == sorted(places)
    assert "- Guardrails kept: assets 144 of at most 500; bytes 202 MB of at most 2.0 GB" in text
    assert "- Production: apply asks for the environment" in text
    assert "(`amazon/e0`, `amazon/e1`, `amazon/e2`, `amazon/e3`, `amazon/e4`, …)" in text


def test_nothing_to_do_shows_no_command() -> None:
    assert COMMAND not in _markdown(plan_of())


def test_what_only_waits_and_may_be_sent_all_the_same_is_counted() -> None:
    lost = item("m/e", Action.WAIT, told(ReasonCode.AMBIGUOUS, "no answer"), job=export_job())
    found = "- May send: 1 job again, if IPS still does not show it after the quarantine\n"
    assert found in _markdown(plan_of(lost))
    assert "May send" not in _markdown(everyday_plan())


def test_command_stands_in_full() -> None:
    assert f"```sh\n{COMMAND}\n```\n" in _markdown(plan_of(item("a/b", Action.SUBMIT, new())))
