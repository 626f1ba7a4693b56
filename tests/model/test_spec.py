"""Digests of specs: equal exactly when two jobs ask for the same."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.model.job import ExpandedJob, JobSettings
from s7spec.model.manifest import EmailSetting, Fmt, OnUnsupported, Schedule
from s7spec.model.policy import JobPolicy, Mode, OnPartial, OnTouch, Supersede
from s7spec.model.schedule import Timing
from s7spec.model.selection import (
    Condition,
    ConditionField,
    ConditionOp,
    FileReference,
    Selection,
)
from s7spec.model.source import Place, SourceDocument, SourceFile, SourceRange

DOCUMENT = SourceDocument(
    file=SourceFile(path="shop.yaml", text=""),
    index=0,
    value={},
    locator=lambda pointer, *, key=False: SourceRange(path="shop.yaml"),
)
HERE = Place(document=DOCUMENT, pointer=("exports", 0))
THERE = Place(document=DOCUMENT, pointer=("assets", "all"))
SETTINGS = JobSettings(
    company="Acme", environment="local", manifest="shop", place=HERE, places={}, fmt=Fmt.CONVERT
)
LISTED = ExpandedJob(
    export="main",
    settings=SETTINGS,
    selection=Selection(place=HERE, names=("boot", "Mütze")),
    is_modifier="wid=1801&hei=2600",
    macro="$zoom$",
)
SEARCHED = ExpandedJob(
    export="main",
    settings=replace(SETTINGS, fmt=Fmt.ORIG, policy=JobPolicy(mode=Mode.DELTA), max_assets=250),
    selection=Selection(
        place=HERE,
        folder="Acme/Shoes/",
        recursive=True,
        types=("Image",),
        exclude=("*_draft",),
        where=(
            Condition(field=ConditionField.FILE_SIZE, op=ConditionOp.LESS_THAN, value=1000),
            Condition(field=ConditionField.NAME, op=ConditionOp.STARTS_WITH, value="bo"),
        ),
    ),
    is_modifier=None,
    macro=None,
)
SAID = replace(
    LISTED,
    settings=replace(SETTINGS, code_version="3", inputs=(("A", "ü"), ("preset_rev", "7"))),
)
# Pinned for spec version 1: ledgers hold them. Changing one makes every job look changed: raise
# SPEC_VERSION instead.
PINNED = [
    (LISTED, "93ec7154b3618b601ddced2e2ccc2b84aab2b0acb4041912ad0612abd74248b3"),
    (SEARCHED, "ba96ab67305367d2bfdeecb8db9c75e82e724ff428b62a637f42863f090533d4"),
    (SAID, "e3c3ef12e722660a18843612fb17046264ae80b67929547b8ce9819928d4dabc"),
]

EVERYTHING_ELSE = JobPolicy(
    on_partial=OnPartial.FULL,
    on_touch=OnTouch.SKIP,
    supersede=Supersede.FAIL,
    max_age=timedelta(days=1),
    max_attempts=1,
    rerun="again",
    rerun_on_email=True,
    timing=Timing(cron="0 0 6 * * ?"),
)

words = st.text("ab:;-+ ü0", max_size=4)
many = st.lists(words, max_size=3, unique=True).map(tuple)
conditions = st.builds(
    Condition,
    field=st.sampled_from([ConditionField.NAME, ConditionField.FILE_SIZE]),
    op=st.sampled_from([ConditionOp.EQUALS, ConditionOp.LESS_THAN]),
    value=words,
)
selections = st.builds(
    Selection,
    place=st.sampled_from([HERE, THERE]),
    names=many,
    folder=st.none() | words,
    recursive=st.booleans(),
    types=many,
    exclude=many,
    where=st.lists(conditions, max_size=2, unique=True).map(tuple),
)
jobs = st.builds(
    ExpandedJob,
    export=st.just("main"),
    settings=st.builds(
        JobSettings,
        company=st.just("Acme"),
        environment=st.just("local"),
        manifest=st.just("shop"),
        place=st.sampled_from([HERE, THERE]),
        places=st.just({}),
        fmt=st.sampled_from(Fmt),
        policy=st.builds(JobPolicy, mode=st.sampled_from(Mode)),
        code_version=st.none() | words,
        inputs=st.dictionaries(words, words, max_size=2).map(
            lambda each: tuple(sorted(each.items()))
        ),
        max_assets=st.none() | st.integers(1, 500),
    ),
    selection=selections,
    is_modifier=st.none() | words,
    macro=st.none() | words,
)


def asked(job: ExpandedJob) -> object:
    """What the job asks for, said in another way than the digest says it."""
    selection = job.selection
    return (
        (job.settings.fmt, job.settings.policy.mode, job.settings.max_assets),
        (job.settings.code_version, job.settings.inputs),
        (job.is_modifier, job.macro, selection.folder, selection.recursive),
        (frozenset(selection.names), frozenset(selection.types), frozenset(selection.exclude)),
        frozenset(selection.where),
    )


@pytest.mark.parametrize(("job", "digest"), PINNED, ids=["listed", "searched", "said"])
def test_pinned(job: ExpandedJob, digest: str) -> None:
    assert job.spec_digest().hex() == digest


@given(jobs, jobs)
def test_equal_exactly_when_the_same_is_asked_for(one: ExpandedJob, other: ExpandedJob) -> None:
    assert (one.spec_digest() == other.spec_digest()) == (asked(one) == asked(other))


@given(jobs, st.data())
def test_one_change_is_enough(job: ExpandedJob, data: st.DataObject) -> None:
    """Random pairs seldom differ in one field only."""
    other = data.draw(jobs)
    field = data.draw(st.sampled_from(["selection", "is_modifier", "macro", "settings"]))
    change: dict[str, Any] = {field: getattr(other, field)}
    changed = replace(job, **change)
    assert (job.spec_digest() == changed.spec_digest()) == (asked(job) == asked(changed))


@pytest.mark.parametrize(
    "change",
    [
        {"emailSetting": EmailSetting.ALL},
        {"on_unsupported": OnUnsupported.EXCLUDE},
        {"schedule": Schedule(place=HERE, cron="0 0 6 * * ?")},
        {"policy": EVERYTHING_ELSE},
        {"place": THERE, "places": {"fmt": THERE}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_when_and_where_do_not_count(change: Mapping[str, Any]) -> None:
    changed = replace(LISTED, settings=replace(SETTINGS, **change))
    assert changed.spec_digest() == LISTED.spec_digest()


def test_nor_do_the_key_order_and_the_file_that_the_names_stood_in() -> None:
    file = FileReference(path="skus.csv", place=THERE)
    selection = replace(
        LISTED.selection, names=("Mütze", "boot", "boot"), place=THERE, file=file, column="sku"
    )
    settings = replace(SETTINGS, company="Other", environment="production", manifest="else")
    other = replace(LISTED, selection=selection, settings=settings, export="other")
    assert other.spec_digest() == LISTED.spec_digest()


def test_what_is_half_a_character_has_a_digest_too() -> None:
    assert len(replace(LISTED, macro="\ud800").spec_digest()) == 32
