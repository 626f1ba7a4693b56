"""What `render` prints: all of a job, held to the published schema, without keeping any job."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from s7spec.model.job import ExpandedJob, JobSettings
from s7spec.model.manifest import EmailSetting, Fmt, OnUnsupported, Schedule
from s7spec.model.policy import JobPolicy, Mode, OnPartial, OnTouch, Supersede
from s7spec.model.schedule import Timing
from s7spec.model.selection import Condition, ConditionField, ConditionOp, Selection
from s7spec.model.source import Place, Pointer, SourceDocument, SourceFile, SourceRange
from s7spec.report.payloads import FORMAT_VERSION, jobs_json, jobs_yaml

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "schemas" / "render.schema.json").read_text("utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)
LOCATED: list[Pointer] = []


def locate(pointer: Pointer, *, key: bool = False) -> SourceRange:
    LOCATED.append(pointer)
    return SourceRange(path="shop.yaml", line=14, column=5)


DOCUMENT = SourceDocument(
    file=SourceFile(path="shop.yaml", text=""), index=0, value={}, locator=locate
)
HERE = Place(document=DOCUMENT, pointer=("exports", 0))
PLAIN = ExpandedJob(
    export="main",
    settings=JobSettings(
        company="Acme",
        environment="local",
        manifest="shop",
        place=HERE,
        places={},
        fmt=Fmt.ORIG,
    ),
    selection=Selection(place=HERE, names=("boot", "Mütze", "no")),
    is_modifier=None,
    macro=None,
)
FULL = ExpandedJob(
    export="full",
    settings=JobSettings(
        company="Acme",
        environment="local",
        manifest="shop",
        place=HERE,
        places={},
        fmt=Fmt.CONVERT,
        emailSetting=EmailSetting.NONE,
        on_unsupported=OnUnsupported.EXCLUDE,
        code_version="3",
        inputs=(("preset_rev", "7"), ("profile", "b")),
        policy=JobPolicy(
            mode=Mode.DELTA,
            on_partial=OnPartial.FULL,
            on_touch=OnTouch.SKIP,
            supersede=Supersede.STOP_AND_SUBMIT,
            max_age=timedelta(weeks=4),
            max_attempts=3,
            rerun="2026-12",
            rerun_on_email=True,
        ),
        max_assets=250,
        schedule=Schedule(place=HERE, at="2026-12-01T06:00:00Z"),
    ),
    selection=Selection(
        place=HERE,
        folder="Acme/Shoes/",
        recursive=True,
        types=("Image",),
        exclude=("*_draft",),
        where=(
            Condition(field=ConditionField.NAME, op=ConditionOp.STARTS_WITH, value="PS_"),
            Condition(field=ConditionField.FILE_SIZE, op=ConditionOp.LESS_THAN, value=1000),
        ),
    ),
    is_modifier="wid=1801&hei=2600",
    macro="$zoom$",
)
AGAIN = replace(
    PLAIN,
    settings=replace(
        PLAIN.settings,
        schedule=Schedule(place=HERE, cron="0 0 6 * * ?"),
        policy=JobPolicy(on_partial=OnPartial.FULL, timing=Timing(cron="0 0 6 * * ?")),
    ),
)
JOBS: dict[str, list[ExpandedJob]] = {
    "none": [],
    "one": [PLAIN],
    "all": [FULL, PLAIN, AGAIN],
    "many": [replace(PLAIN, export=f"m{number}") for number in range(1000)],
}
ALL = {
    "job": "shop/full",
    "company": "Acme",
    "environment": "local",
    "origin": "shop.yaml:14:5",
    "assets": {
        "folder": "Acme/Shoes/",
        "recursive": True,
        "types": ["Image"],
        "exclude": ["*_draft"],
        "where": [
            {"field": "Name", "op": "StartsWith", "value": "PS_"},
            {"field": "FileSize", "op": "LessThan", "value": 1000},
        ],
    },
    "exportJob": {
        "fmt": "convert",
        "is_modifier": "wid=1801&hei=2600",
        "macro": "$zoom$",
        "emailSetting": "None",
    },
    "on_unsupported": "exclude",
    "code_version": "3",
    "inputs": {"preset_rev": "7", "profile": "b"},
    "mode": "delta",
    "max_assets": 250,
    "schedule": {"at": "2026-12-01T06:00:00Z"},
    "rerun": "2026-12",
    "rerun_on": ["emailSetting"],
    "max_age": "28d",
    "max_attempts": 3,
    "on_partial": "full",
    "on_touch": "skip",
    "supersede": "stop-and-submit",
}


def from_json(jobs: Iterable[ExpandedJob]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads("".join(jobs_json(jobs)))["jobs"]
    return found


def from_yaml(jobs: Iterable[ExpandedJob]) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all("".join(jobs_yaml(jobs))))


@pytest.mark.parametrize("name", JOBS)
def test_document_keeps_to_its_schema(name: str) -> None:
    document = json.loads("".join(jobs_json(JOBS[name])))
    errors = list(VALIDATOR.iter_errors(document))
    assert not errors, errors[0]
    assert document["format_version"] == FORMAT_VERSION
    assert [job["job"] for job in document["jobs"]] == [job.key.short for job in JOBS[name]]


def test_all_of_a_job() -> None:
    assert from_json([FULL]) == [ALL]
    assert [list(job) for job in from_json([FULL])] == [list(ALL)]


def test_what_nobody_said_is_left_out() -> None:
    [found] = from_json([PLAIN])
    assert found["assets"] == {"names": ["boot", "Mütze", "no"]}
    assert found["exportJob"] == {"fmt": "orig", "emailSetting": "Error"}
    assert list(found) == ["job", "company", "environment", "origin", "assets", "exportJob"]
    [found] = from_json([AGAIN])
    assert list(found)[6:] == ["schedule"]
    assert found["schedule"] == {"cron": "0 0 6 * * ?"}


@pytest.mark.parametrize("name", JOBS)
def test_yaml_says_the_same(name: str) -> None:
    assert from_yaml(JOBS[name]) == from_json(JOBS[name])


def test_json_prints_anywhere_one_job_in_a_line() -> None:
    text = "".join(jobs_json(JOBS["many"]))
    assert text.isascii()
    assert text.count("\n") == len(JOBS["many"]) + 2


@pytest.mark.parametrize("render", [jobs_json, jobs_yaml])
def test_pieces_end_with_a_line_and_hold_few_jobs(render: Any) -> None:
    """Nothing is kept: pieces come while jobs are still to come."""
    taken: list[int] = []

    def counted() -> Iterator[ExpandedJob]:
        for number, job in enumerate(JOBS["many"], start=1):
            taken.append(number)
            yield job

    seen = []
    for piece in render(counted()):
        assert piece.endswith("\n")
        seen.append(len(taken))
    assert len(seen) > 4
    assert max(after - before for before, after in pairwise(seen)) < 250


def test_a_place_is_looked_up_once_for_all_jobs_of_an_export() -> None:
    LOCATED.clear()
    place = Place(document=DOCUMENT, pointer=("exports", 7))
    settings = replace(PLAIN.settings, place=place)
    assert len(from_json(replace(job, settings=settings) for job in JOBS["many"])) == 1000
    assert LOCATED == [("exports", 7)]


def objects(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from objects(part)
    if isinstance(value, list):
        for part in value:
            yield from objects(part)


def test_the_schema_explains_every_key_and_admits_nothing_else() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    described = [part for part in objects(SCHEMA) if part.get("type") == "object"]
    assert [part["examples"] for part in described if "properties" not in part] == [
        [{"preset_rev": "3"}]
    ]
    described = [part for part in described if "properties" in part]
    assert len(described) == 6
    for part in described:
        assert part["unevaluatedProperties"] is False
        for key, value in part["properties"].items():
            assert value["description"].endswith("."), key
            validator = Draft202012Validator({**value, "$defs": SCHEMA["$defs"]})
            assert value["examples"], key
            for example in value["examples"]:
                assert validator.is_valid(example), (key, example)


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"mode": "full"},
        {"on_partial": "repair"},
        {"supersede": "queue"},
        {"max_age": "4w"},
        {"max_attempts": 0},
        {"rerun_on": []},
        {"inputs": {}},
        {"max_assets": 501},
        {"schedule": {"at": "x", "cron": "y"}},
        {"schedule": {}},
        {"assets": {}},
        {"assets": {"names": ["a"], "folder": "Acme/"}},
        {"assets": {"folder": "Acme/"}},
        {"exportJob": {"fmt": "orig"}},
    ],
    ids=str,
)
def test_the_schema_refuses_what_is_not_emitted(change: dict[str, Any]) -> None:
    document = {"format_version": FORMAT_VERSION, "jobs": [ALL]}
    assert VALIDATOR.is_valid(document)
    assert not VALIDATOR.is_valid({**document, "jobs": [{**ALL, **change}]})


def test_the_enumerations_are_the_models() -> None:
    found = {tuple(part["enum"]) for part in objects(SCHEMA) if "enum" in part}
    kinds = (Fmt, EmailSetting, ConditionField, ConditionOp)
    supersede = tuple(kind.value for kind in Supersede if kind is not Supersede.QUEUE)
    assert found == {supersede, *(tuple(member.value for member in kind) for kind in kinds)}
