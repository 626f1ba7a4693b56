"""The guardrails of s7spec.yaml: read as they are written, wrong ones told where they stand."""

from __future__ import annotations

import pytest

from s7spec.adapters.bundled import schema_texts
from s7spec.load import load_text
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.guardrails import (
    Approval,
    Gate,
    Guardrails,
    Limits,
    Policy,
    PolicyLevel,
    PolicyScope,
)
from s7spec.model.project import Project
from s7spec.model.source import SourceFile
from s7spec.validate import SchemaSet, read_project

HEAD = """\
apiVersion: s7spec/v1
kind: Project
environments:
  production:
    ips: na
    company: Acme
"""
DIGEST = "sha256:" + "0a" * 32
SCHEMAS = SchemaSet(schema_texts())


def read(rails: str) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    indented = "".join(f"    {line}\n" for line in rails.splitlines())
    (document,) = load_text(SourceFile(path="s7spec.yaml", text=HEAD + indented)).documents
    return read_project(document, SCHEMAS)


def test_all_of_them() -> None:
    project, findings = read(f"""\
limits: {{jobs: 20, assets: 2000.0, bytes: 5000000000, pct_of_known: 40, cancels: 0}}
protected: [zalando, "*/masters"]
production: true
originals: deny
names: allow
deny_modifiers: [src, text]
policies:
  - {{name: wide, when: "job.assets > 5", message: too many}}
  - {{name: calm, scope: plan, when: "plan.sends > 5", message: too much, level: warn}}
approve:
  - {{guard: policy:wide, digest: {DIGEST}, by: anna, reason: the season}}
""")
    assert findings == ()
    assert project is not None
    rails = project.environments["production"].guardrails
    assert rails == Guardrails(
        limits=Limits(jobs=20, assets=2000, bytes=5_000_000_000, pct_of_known=40, cancels=0),
        protected=("zalando", "*/masters"),
        production=True,
        originals=Gate.DENY,
        names=Gate.ALLOW,
        deny_modifiers=("src", "text"),
        policies=(
            Policy(name="wide", when="job.assets > 5", message="too many"),
            Policy(
                name="calm",
                when="plan.sends > 5",
                message="too much",
                level=PolicyLevel.WARN,
                scope=PolicyScope.PLAN,
            ),
        ),
        approve=(Approval(guard="policy:wide", digest=DIGEST, by="anna", reason="the season"),),
    )
    assert repr(rails.limits.assets) == "2000"


@pytest.mark.parametrize(
    ("rails", "rule", "place", "summary", "hint"),
    [
        (
            'policies: [{name: a, when: "job.asets > 5", message: m}]',
            "S7E025",
            "s7spec.yaml:7:32",
            "the expression is not valid, at its character 4: undeclared reference to 'job.asets'",
            "did you mean `job.assets`?",
        ),
        (
            'policies: [{name: a, when: "plan.sends > 5", message: m}]',
            "S7E025",
            "s7spec.yaml:7:32",
            "undeclared reference to 'plan.sends'",
            "`plan.sends` is known with scope: plan",
        ),
        (
            'policies: [{name: a, when: "zzz == 1", message: m}]',
            "S7E025",
            "s7spec.yaml:7:32",
            "undeclared reference to 'zzz'",
            "there are company, environment, job.manifest",
        ),
        (
            "policies:\n  - name: a\n    when: |\n      job.sends &&\n      job.assets >\n"
            "    message: m",
            "S7E025",
            "s7spec.yaml:9:15",
            "at its line 3, character 1: Syntax error",
            "policies are written in CEL",
        ),
        (
            'policies: [{name: a, when: "job.assets", message: m}]',
            "S7E025",
            "s7spec.yaml:7:32",
            "it gives a value of type int, not true or false",
            "policies are written in CEL",
        ),
        (
            'policies: [{name: a, when: "true", message: m}, {name: a, when: "true", message: m}]',
            "S7E014",
            "s7spec.yaml:7:60",
            "two policies are called `a`",
            "a name of its own",
        ),
        (
            "policies: [{name: a, when: \"job.fmt.matches('[')\", message: m}]",
            "S7E025",
            "s7spec.yaml:7:32",
            "at its character 18: invalid regular expression: missing ]",
            "policies are written in CEL",
        ),
        (
            "policies: [{name: not-wide, when: 'true', message: m}]\n"
            f"approve: [{{guard: policy:not-wdie, digest: {DIGEST}, by: a, reason: b}}]",
            "S7E014",
            "s7spec.yaml:8:23",
            "there is no `policy:not-wdie` in this environment",
            "did you mean `policy:not-wide`?",
        ),
        (
            f"approve: [{{guard: policy:gone, digest: {DIGEST}, by: a, reason: b}}]",
            "S7E014",
            "s7spec.yaml:7:23",
            "there is no `policy:gone` in this environment",
            "remove the entry",
        ),
        (
            "deny_modifiers: [scr]",
            "S7E014",
            "s7spec.yaml:7:22",
            "`scr` is no command of Image Serving",
            "did you mean `src`?",
        ),
        (
            "deny_modifiers: [src, xyzzyplugh]",
            "S7E014",
            "s7spec.yaml:7:27",
            "`xyzzyplugh` is no command of Image Serving",
            "a policy can deny: '\"xyzzyplugh\" in job.commands'",
        ),
        (
            "deny_modifiers: [$obejct]",
            "S7E014",
            "s7spec.yaml:7:22",
            "`$obejct` is nearly the variable that stands for the asset",
            "did you mean `$object`?",
        ),
        (
            "deny_modifiers: [urls]",
            "S7E014",
            "s7spec.yaml:7:22",
            "`urls` is no command of Image Serving",
            "did you mean `url`?",
        ),
        (
            "deny_modifiers: [object]",
            "S7E014",
            "s7spec.yaml:7:22",
            "`object` is no command of Image Serving",
            "did you mean `$object`?",
        ),
        ("originals: never", "S7E014", "s7spec.yaml:7:16", "never", "`allow`"),
        ("production: yes", "S7E013", "s7spec.yaml:7:17", "production", "true"),
        ("limits: {job: 3}", "S7E011", "s7spec.yaml:7:14", "unknown key `job`", "`jobs`"),
        ("limits: {pct_of_known: 40.5}", "S7E013", "s7spec.yaml:7:28", "pct_of_known", "whole"),
        (
            f"approve: [{{guard: limits, digest: {DIGEST}, by: a, reason: b}}]",
            "S7E014",
            "s7spec.yaml:7:23",
            "limits",
            "limits.jobs",
        ),
        (
            "approve: [{guard: protected, digest: all, by: a, reason: b}]",
            "S7E014",
            "s7spec.yaml:7:42",
            "all",
            "64 hexadecimal digits",
        ),
        (
            f"approve: [{{guard: protected, digest: {DIGEST}, by: a}}]",
            "S7E012",
            "s7spec.yaml:7:16",
            "`reason` is missing",
            "reason",
        ),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(
    rails: str, rule: str, place: str, summary: str, hint: str
) -> None:
    project, findings = read(rails)
    assert project is None
    (finding,) = findings
    assert finding.rule.id == rule
    assert str(finding.where) == place
    assert summary in finding.summary
    assert hint in (finding.hint or "")


@pytest.mark.parametrize("word", ["$object", "$OBJECT", "$view", "$object2", "url", "icc", "cropN"])
def test_what_is_no_command_can_be_denied_as_well(word: str) -> None:
    project, findings = read(f"deny_modifiers: ['{word}']")
    assert findings == ()
    assert project is not None


@pytest.mark.parametrize(
    "rails",
    [
        "policies: 7",
        "policies: [7]",
        "policies: [{name: [a], when: 3, scope: 4}]",
        "policies: [{when: true, scope: job}]",
        "deny_modifiers: [3]",
        "approve: {}",
        "limits: []",
    ],
)
def test_what_does_not_fit_the_schema_is_no_crash(rails: str) -> None:
    project, findings = read(rails)
    assert project is None
    assert findings
