"""What an author says beside what IPS tells: plans name what changed of it."""

from __future__ import annotations

from dataclasses import replace

from s7spec.model.plan import ReasonCode
from s7spec.plan.difference import change_reasons
from tests.fakes.jobs import export_job

BARE = export_job()


def test_changed_words_are_named_one_by_one() -> None:
    before = replace(BARE, code_version="3", inputs=(("kept", "1"), ("old", "2"), ("rev", "3")))
    after = replace(BARE, code_version="4", inputs=(("kept", "1"), ("new", "2"), ("rev", "5")))
    (reason,) = change_reasons(before, after)
    assert reason.code is ReasonCode.PAYLOAD_CHANGED
    assert [(each.field, each.before, each.after) for each in reason.fields] == [
        ("code_version", "3", "4"),
        ("inputs.new", None, "2"),
        ("inputs.old", "2", None),
        ("inputs.rev", "3", "5"),
    ]


def test_words_that_are_new_differ_from_none() -> None:
    (reason,) = change_reasons(BARE, replace(BARE, is_modifier="wid=9", code_version="1"))
    assert [(each.field, each.before) for each in reason.fields] == [
        ("is_modifier", "wid=100"),
        ("code_version", None),
    ]
    assert reason.detail == "is_modifier and code_version differ from the last attempt"
