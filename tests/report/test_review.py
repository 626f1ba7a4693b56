"""What reviewers are told, and what later steps read."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.model.plan import Plan
from s7spec.report.markdown import prose
from s7spec.report.markdown_plan import MOST_BYTES, plan_markdown
from s7spec.report.review import (
    MOST_SUMMARY_BYTES,
    Source,
    comment_text,
    github_outputs,
    is_about,
    is_worth_a_comment,
    marker_of,
    outputs_of,
    summary_text,
)
from tests.report.hostile import HOSTILE, hostile_plan
from tests.report.jobs import COMMAND, DIGEST
from tests.report.plans import (
    everyday_plan,
    header,
    large_plan,
    plan_of,
    plan_of_every_action,
    refused_plan,
)
from tests.report.test_markdown import _swollen

SOURCE = Source(commit="0123456789abcdef", url="https://ci.example/" + "a" * 480)


@pytest.mark.parametrize(
    "plan",
    [everyday_plan(), plan_of_every_action(), hostile_plan(), large_plan(), _swollen("|" * 5_000)],
    ids=["everyday", "actions", "hostile", "large", "swollen"],
)
def test_a_comment_fits_with_its_marker_and_footer(plan: Plan) -> None:
    text = comment_text(plan, digest=DIGEST, command=COMMAND, source=SOURCE)
    assert len(text.encode()) <= MOST_BYTES
    assert text.startswith(f"{marker_of(plan)}\n### s7spec: ")
    assert text.endswith(f"Head `0123456789ab` · [the run]({SOURCE.url})\n")


@pytest.mark.parametrize("plan", [hostile_plan(), plan_of_every_action()], ids=["hostile", "all"])
def test_no_line_is_a_quick_action_of_gitlab(plan: Plan) -> None:
    text = comment_text(plan, digest=DIGEST, command=COMMAND, source=SOURCE)
    assert not re.search(r"^\s*/\w", text, re.MULTILINE)


def test_a_summary_has_more_room_than_a_comment() -> None:
    plan = large_plan()
    comment = plan_markdown(plan, digest=DIGEST, command=COMMAND)
    text = summary_text(plan, digest=DIGEST, command=COMMAND, room=MOST_SUMMARY_BYTES)
    assert len(comment.encode()) <= MOST_BYTES < len(text.encode()) <= MOST_SUMMARY_BYTES


@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40)), st.text(max_size=40))
def test_a_marker_is_one_html_comment_and_names_one_place(company: str, other: str) -> None:
    plan = plan_of()

    def marker(company: str, environment: str) -> str:
        return marker_of(replace(plan, header=header(company=company, environment=environment)))

    placed = marker_of(plan, place=company)
    assert re.fullmatch(r"<!-- s7spec plan [^<>\s-]*/[^<>\s-]*( in [^<>\s-]+)? -->", placed)
    assert (placed == marker_of(plan, place=other)) is (company == other)
    assert is_about(placed, plan.header.environment, company)
    assert is_about(placed, plan.header.environment, other) is (company == other)
    text = marker(company, other)
    assert text.isascii()
    assert re.fullmatch(r"<!-- s7spec plan [^<>\s-]*/[^<>\s-]* -->", text)
    assert (text == marker(other, company)) is (company == other)


@pytest.mark.parametrize(
    "source",
    [
        Source(),
        Source(commit="not a commit", url="javascript:alert(1)"),
        Source(url="https://ci.example/) [x](https://evil.example"),
        Source(url="https://ci.example/" + "a" * 1000),
    ],
)
def test_no_doubtful_source_is_named(source: Source) -> None:
    text = comment_text(everyday_plan(), digest=DIGEST, command=COMMAND, source=source)
    assert text.rstrip().endswith("```")


def test_values_for_later_steps() -> None:
    values = outputs_of(refused_plan(), digest=DIGEST)
    assert values == {
        "plan_digest": DIGEST,
        "has_changes": "true",
        "jobs": "3",
        "refused": "true",
    }
    text = github_outputs({"a": "x\ny=z\nb<<EOF", "b": ""}, delimiter="END")
    assert text == "a<<END\nx\ny=z\nb<<EOF\nEND\nb<<END\n\nEND\n"


def test_what_is_worth_a_comment() -> None:
    assert not is_worth_a_comment(plan_of())
    assert is_worth_a_comment(everyday_plan())
    assert is_worth_a_comment(refused_plan())


@pytest.mark.parametrize("text", ["!12", "$12", "&12", "~label", '~"a label"', "%1", '%"1.0"'])
def test_prose_refers_to_nothing_on_gitlab(text: str) -> None:
    shown = html.unescape(prose(f"see {text}", limit=100))
    assert shown == f"see {text[0]}\u200b{text[1:]}"


def test_prose_stays_as_it_is_where_nothing_is_referred_to() -> None:
    text = "50 % of $zoom$, done!"
    assert html.unescape(prose(text, limit=100)) == text
