"""Traces of real jobs, and of jobs whose values try to be something else."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from s7spec.expand.tracing import trace
from s7spec.load import load_text
from s7spec.load.data import load_data_text
from s7spec.model.inputs import Inputs
from s7spec.model.source import SourceFile
from s7spec.model.trace import JobTrace
from s7spec.pipeline.projects import open_project
from s7spec.pipeline.tracing import WantedJob, trace_job
from s7spec.validate import argument_problem, read_manifest, read_project
from tests.expand.compiling import schemas
from tests.report.hostile import HOSTILE

PROJECT = Path(__file__).parents[1] / "cases" / "manifests" / "projects" / "origins-of-everything"
CANARY = "canary-7b31"
_WRITABLE = sorted(
    (text for text in HOSTILE if all(" " <= sign < "\ud800" for sign in text)),
    key=str.isprintable,
)
"""What a YAML file can say (loading refuses the rest), the worst first."""


@cache
def everyday_trace(export: str) -> JobTrace:
    """A job of the project that has an origin of every kind."""
    found, _ = open_project(PROJECT, schemas())
    assert found is not None
    wanted = WantedJob(manifest="shop", export=export)
    traced = trace_job(found, found.project.environments["local"], wanted, schemas=schemas()).trace
    assert traced is not None
    return traced


@cache
def hostile_trace() -> JobTrace:
    """Texts, and the name of a file, that would steer a terminal or hide from a reader."""
    odd = {f"v{number}": text for number, text in enumerate(_WRITABLE)}
    names = [f"x{{{{ vars.v{number} }}}}y" for number, text in enumerate(_WRITABLE) if text]
    rerun = "{{ vars | length }}{# \u202e #}"
    export = {"id": "odd", "assets": {"names": names}, "fmt": "orig", "rerun": rerun}
    return _traced({"vars": odd, "exports": [export]})


@cache
def secret_trace() -> JobTrace:
    """A data file may have a column of any name; a credential's is not shown."""
    text = f"sku,api_token\n4711,{CANARY}\n"
    export = {
        "id": "{{ each.sku }}",
        "for_each": "{{ data.rows }}",
        "assets": {"names": ["{{ each.sku }}", "x-{{ each.api_token }}"]},
        "fmt": "convert",
        "is_modifier": {"wid": 5, "text": "{{ each.api_token }}"},
    }
    return _traced({"data": {"rows": "rows.csv"}, "exports": [export]}, text)


def _traced(body: dict[str, object], rows: str = "") -> JobTrace:
    head = {"apiVersion": "s7spec/v1"}
    environments = {"local": {"ips": "embedded", "company": "Acme"}}
    stated = json.dumps({**head, "kind": "Project", "environments": environments}, indent=1)
    (document,) = load_text(SourceFile(path="s7spec.yaml", text=stated)).documents
    project, _ = read_project(document, schemas())
    assert project is not None
    kind = {"kind": "ExportManifest", "metadata": {"name": "odd"}}
    text = json.dumps({**head, **kind, **body}, indent=1)
    loaded = load_text(SourceFile(path="od\u202ed.yaml", text=text))
    assert loaded.documents, loaded.diagnostics
    (document,) = loaded.documents
    manifest, findings = read_manifest(document, schemas())
    assert manifest is not None, findings
    data = load_data_text(SourceFile(path="rows.csv", text=rows)).data if rows else None
    inputs = Inputs(data={("rows.csv", None): data} if data is not None else {})
    for key in ("4711", "odd"):
        found = trace(
            manifest,
            project.environments["local"],
            project=project,
            inputs=inputs,
            argument=argument_problem,
            export_key=key,
        )
        if found is not None:
            return found
    raise AssertionError("no job")
