"""Laws of tracing: every job has a trace, its values are the job's, and at every place stands what
the trace says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s7spec.expand.tracing import trace
from s7spec.load import load_file, load_text
from s7spec.load.dump import to_yaml
from s7spec.model.inputs import Inputs
from s7spec.model.job import ExpandedJob
from s7spec.model.manifest import Manifest
from s7spec.model.policy import JobPolicy, age_text
from s7spec.model.project import Project
from s7spec.model.source import JsonValue, SourceFile, SourceRange
from s7spec.model.trace import FieldTrace, JobTrace, VariableOrigin, VariableTrace
from s7spec.pipeline.compiling import Compilation
from s7spec.pipeline.projects import open_project
from s7spec.pipeline.tracing import WantedJob, trace_job
from s7spec.validate import argument_problem, read_manifest, read_project
from tests.expand.compiling import REPOSITORY, expanded, schemas
from tests.expand.test_cases import CASES
from tests.expand.test_cases import VALID as VALID_FILES
from tests.expand.test_projects import VALID as VALID_PROJECTS

PROJECT = """\
apiVersion: s7spec/v1
kind: Project
environments:
  local: {ips: embedded, company: Acme}
"""
PROJECTS = [*VALID_PROJECTS, REPOSITORY / "specs"]


@cache
def project() -> Project:
    (document,) = load_text(SourceFile(path="s7spec.yaml", text=PROJECT)).documents
    read, findings = read_project(document, schemas())
    assert read is not None, findings
    return read


def traced(manifest: Manifest, inputs: Inputs, key: str, of: Project) -> JobTrace | None:
    return trace(
        manifest,
        of.environments[of.default_environment],
        project=of,
        inputs=inputs,
        argument=argument_problem,
        export_key=key,
    )


@pytest.mark.parametrize("path", VALID_FILES, ids=lambda path: path.stem)
def test_every_job_of_a_case_is_traced(path: Path) -> None:
    texts = {"s7spec.yaml": PROJECT, path.name: path.read_text("utf-8")}
    for document in load_file(path, root=path.parent).documents:
        manifest, _ = read_manifest(document, schemas())
        assert manifest is not None
        for job in expanded(manifest):
            assert isinstance(job, ExpandedJob)
            found = traced(manifest, Inputs(), job.export, project())
            assert found is not None
            assert_true(found, job, texts)


@pytest.mark.parametrize("root", PROJECTS, ids=lambda root: root.name)
def test_every_job_of_a_project_is_traced(root: Path) -> None:
    found, _ = open_project(root, schemas())
    assert found is not None
    environment = found.project.environments[found.project.default_environment]
    compilation = Compilation(found, environment, schemas=schemas())
    jobs = list(compilation)
    assert jobs
    texts = {file.path: file.text for file in compilation.files}
    texts["s7spec.yaml"] = found.project.document.file.text
    for job in jobs:
        wanted = WantedJob(manifest=job.key.manifest, export=job.export)
        outcome = trace_job(found, environment, wanted, schemas=schemas())
        assert outcome.diagnostics == ()
        assert outcome.trace is not None
        assert_true(outcome.trace, job, texts)


def assert_true(found: JobTrace, job: ExpandedJob, texts: dict[str, str]) -> None:
    assert found.key == job.key
    assert values_of(found) == expected_values(job)
    for field in all_fields(found):
        assert_written(field.where, field.written, texts)
        assert (field.where is None) == (field.origin == "built in")
    for variable in found.all_variables():
        assert_variable(variable, texts)
    for step in found.steps:
        assert text_at(step.where, texts)


def values_of(found: JobTrace) -> dict[str, JsonValue]:
    """Every value of the trace, its mappings put together of their parts."""
    values = {field.name: field.value for field in found.fields if field.name != "assets"}
    modifier = found.field("is_modifier")
    if modifier is not None and modifier.parts:
        assert modifier.value == "&".join(f"{part.name}={part.value}" for part in modifier.parts)
    schedule = found.field("schedule")
    if schedule is not None:
        values |= {part.name: part.value for part in schedule.parts}
        del values["schedule"]
    inputs = found.field("inputs")
    if inputs is not None:
        values |= {f"input {part.name}": part.value for part in inputs.parts}
        del values["inputs"]
    assets = found.field("assets")
    assert assets is not None
    for part in assets.parts:
        name, bracket, _ = part.name.partition("[")
        if bracket:
            known = values.get(name, ())
            assert isinstance(known, tuple)
            values[name] = (*known, part.value)
        elif name not in ("file", "column", "delimiter"):
            values[name] = part.value
    return values


def expected_values(job: ExpandedJob) -> dict[str, JsonValue]:
    shared, selection = job.settings, job.selection
    schedule = shared.schedule
    values: dict[str, JsonValue] = {
        "id": job.export,
        "fmt": shared.fmt.value,
        "is_modifier": job.is_modifier,
        "macro": job.macro,
        "emailSetting": shared.emailSetting.value,
        "on_unsupported": shared.on_unsupported.value,
        "code_version": shared.code_version,
        "mode": shared.policy.mode.value,
        "max_assets": shared.max_assets,
        "at": None if schedule is None else schedule.at,
        "cron": None if schedule is None else schedule.cron,
        **policy_values(shared.policy),
        **{f"input {name}": value for name, value in shared.inputs},
        "folder": selection.folder,
        "recursive": selection.recursive or None,
        "names": selection.names,
        "types": selection.types,
        "exclude": selection.exclude,
        "where": tuple(
            {"field": each.field.value, "op": each.op.value, "value": each.value}
            for each in selection.where
        ),
    }
    return {name: value for name, value in values.items() if value not in (None, ())}


def policy_values(policy: JobPolicy) -> dict[str, JsonValue]:
    return {
        "rerun": policy.rerun,
        "rerun_on": ("emailSetting",) if policy.rerun_on_email else (),
        "max_age": None if policy.max_age is None else age_text(policy.max_age),
        "max_attempts": policy.max_attempts,
        "on_partial": policy.on_partial.value,
        "on_touch": policy.on_touch.value,
        "supersede": policy.supersede.value,
    }


def all_fields(found: JobTrace) -> Iterator[FieldTrace]:
    for field in found.fields:
        yield field
        yield from field.parts


def assert_variable(variable: VariableTrace, texts: dict[str, str]) -> None:
    if variable.where is None:
        assert variable.origin in (VariableOrigin.MERGED, VariableOrigin.MISSING)
        return
    if variable.origin is VariableOrigin.MACRO:
        name = variable.path.rpartition(".")[2]
        assert text_at(variable.where, texts) == name
        assert variable.written is not None
        assert f"macro {name}(" in variable.written
        return
    stated = variable.value if variable.written is None else variable.written
    if variable.written is not None or "{{" not in text_at(variable.where, texts):
        assert_written(variable.where, stated, texts)
    else:
        assert isinstance(stated, Mapping | tuple)  # with templates somewhere in it


def assert_written(where: SourceRange | None, written: JsonValue, texts: dict[str, str]) -> None:
    if where is None:
        assert written is None
        return
    text = text_at(where, texts)
    assert text
    if where.path.endswith((".csv", ".tsv")) and not isinstance(written, str):
        cells = [] if written is None else _texts_in(written)
        assert all(cell in text for cell in cells)
    elif written is not None and not text.startswith(("*", "&")):
        assert parsed(text, where) == plain(written)


def _texts_in(rows: JsonValue) -> Iterator[str]:
    """The cells of a row, or of several."""
    if isinstance(rows, str):
        yield rows
    elif isinstance(rows, Mapping):
        for cell in rows.values():
            yield from _texts_in(cell)
    elif isinstance(rows, tuple):
        for row in rows:
            yield from _texts_in(row)


def text_at(where: SourceRange, texts: dict[str, str]) -> str:
    """The text of a place; it must lie in its file."""
    lines = texts[where.path].splitlines(keepends=True)
    assert 0 < where.line <= where.end_line <= len(lines) + 1
    assert 0 < where.column <= len(lines[where.line - 1]) + 1
    if where.line == where.end_line:
        return lines[where.line - 1][where.column - 1 : where.end_column - 1]
    first, *between = lines[where.line - 1 : where.end_line]
    last = (
        between.pop()[: where.end_column - 1] if len(between) == where.end_line - where.line else ""
    )
    return "".join([first[where.column - 1 :], *between, last])


def parsed(text: str, where: SourceRange) -> object:
    """What a stretch of a YAML, JSON or CSV file says."""
    if where.path.endswith((".csv", ".tsv")):
        return text[1:-1].replace('""', '"') if text.startswith('"') else text
    if where.path.endswith(".json"):
        return json.loads(text)
    # A block keeps the column it had, or its first line would seem to stand elsewhere.
    text = f"- {' ' * (where.column - 3)}{text}\n" if where.column > 2 else f"- {text}\n"
    loaded = load_text(SourceFile(path="leaf.yaml", text=text), only_mappings=False)
    assert loaded.documents, (text, loaded.diagnostics)
    value = loaded.documents[0].value
    assert isinstance(value, list)
    return value[0]


def plain(value: JsonValue) -> object:
    if isinstance(value, tuple):
        return [plain(below) for below in value]
    if isinstance(value, Mapping):
        return {key: plain(below) for key, below in value.items()}
    return value


def test_there_is_something_to_trace() -> None:
    assert len(VALID_FILES) >= 28
    assert len(PROJECTS) >= 6
    assert CASES.is_dir()


NAMES = st.text("abcdefgh", min_size=1, max_size=3)
LEAVES = st.one_of(st.integers(1, 99), NAMES)
TREES = st.recursive(
    LEAVES, lambda below: st.dictionaries(NAMES, below, min_size=1, max_size=3), max_leaves=6
)
LAYERS = st.lists(st.dictionaries(NAMES, TREES, max_size=3), min_size=4, max_size=4)


def leaves_of(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from leaves_of(below, f"{path}.{key}")
    else:
        yield path, value


@given(LAYERS)
@settings(max_examples=60, deadline=None)
def test_vars_of_any_layers_are_found_where_they_were_written(
    layers: list[dict[str, object]],
) -> None:
    head = {"apiVersion": "s7spec/v1"}
    of_project, of_environment, own, overlay = layers
    environment = {"ips": "embedded", "company": "Acme", "vars": of_environment}
    project_text = to_yaml(
        {
            **head,
            "kind": "Project",
            "vars": of_project,
            "environments": {"local": environment},
        }
    )
    (document,) = load_text(SourceFile(path="s7spec.yaml", text=project_text)).documents
    read, findings = read_project(document, schemas())
    assert read is not None, findings
    merged = merged_vars(layers)
    paths = dict(leaves_of(merged, "vars"))
    export = {
        "id": "one",
        "assets": {"names": ["x", *(f"{{{{ {path} }}}}-{n}" for n, path in enumerate(paths))]},
        "fmt": "orig",
    }
    text = to_yaml(
        {
            **head,
            "kind": "ExportManifest",
            "metadata": {"name": "law"},
            "vars": own,
            "environments": {"local": {"vars": overlay}},
            "exports": [export],
        }
    )
    (document,) = load_text(SourceFile(path="law.yaml", text=text)).documents
    manifest, findings = read_manifest(document, schemas())
    assert manifest is not None, findings
    stated = read.environments["local"]
    inputs = Inputs(vars=(read.vars or {}, stated.vars or {}))
    (job,) = expanded(manifest, stated, inputs)
    assert isinstance(job, ExpandedJob)
    found = traced(manifest, inputs, "one", read)
    assert found is not None
    assert_true(found, job, {"s7spec.yaml": project_text, "law.yaml": text})
    variables = {each.path: each.value for each in found.all_variables()}
    assert variables == paths


def merged_vars(layers: list[dict[str, object]]) -> dict[str, object]:
    merged: dict[str, object] = {}
    for layer in layers:
        for key, value in layer.items():
            below = merged.get(key)
            both = isinstance(below, dict) and isinstance(value, dict)
            merged[key] = merged_vars([below, value]) if both else value  # type: ignore[list-item]
    return merged


NUMBERS = st.integers(1, 4)
ENTRIES = st.lists(st.dictionaries(st.sampled_from("abc"), NUMBERS, min_size=1), max_size=3)


@given(
    st.dictionaries(
        st.sampled_from("ab"), st.lists(NUMBERS, min_size=1, max_size=3, unique=True), min_size=1
    ),
    ENTRIES,
    ENTRIES,
)
@settings(max_examples=60, deadline=None)
def test_any_matrix_is_traced(
    axes: dict[str, list[int]],
    include: list[dict[str, int]],
    exclude: list[dict[str, int]],
) -> None:
    keys = [f"{key}{{{{ matrix.{key} | default('') }}}}" for key in "abc"]
    exclude = [each for each in exclude if each.keys() <= axes.keys()]
    further = {"include": include, "exclude": exclude}
    export = {
        "id": "-".join(keys),
        "matrix": {**axes, **{key: value for key, value in further.items() if value}},
        "assets": {"names": ["x"]},
        "fmt": "orig",
    }
    head = {"apiVersion": "s7spec/v1", "kind": "ExportManifest", "metadata": {"name": "law"}}
    text = to_yaml({**head, "exports": [export]})
    (document,) = load_text(SourceFile(path="law.yaml", text=text)).documents
    manifest, findings = read_manifest(document, schemas())
    assert manifest is not None, findings
    for job in expanded(manifest):
        if not isinstance(job, ExpandedJob):
            continue  # `include` may add a combination twice
        found = traced(manifest, Inputs(), job.export, project())
        assert found is not None
        assert_true(found, job, {"s7spec.yaml": PROJECT, "law.yaml": text})
        values = {each.path.removeprefix("matrix."): each.value for each in found.all_variables()}
        said = "-".join(f"{key}{values.get(key) or ''}" for key in "abc")
        assert said == job.export


def test_a_job_that_no_export_makes_has_no_trace() -> None:
    (document,) = load_file(VALID_FILES[0], root=VALID_FILES[0].parent).documents
    manifest, _ = read_manifest(document, schemas())
    assert manifest is not None
    assert traced(manifest, Inputs(), "no-such-job", project()) is None
