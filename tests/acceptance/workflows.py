"""The YAML of docs/ci.md, and as much of GitHub's runner as its commands need."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION = ROOT / ".github" / "actions" / "s7spec" / "action.yml"
EXAMPLES = dict(
    re.findall(r"```yaml\n# (\S+)\n(.*?)```", (ROOT / "docs" / "ci.md").read_text(), re.DOTALL)
)
WORKFLOWS = {name: text for name, text in EXAMPLES.items() if name.startswith(".github/")}
GITLAB = EXAMPLES[".gitlab-ci.yml"]
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def jobs_of(text: str) -> dict[str, Any]:
    found = yaml.safe_load(text)["jobs"]
    assert isinstance(found, dict)
    return found


def scripts() -> dict[str, str]:
    """Each `run` and each line of a `script`, by where it stands."""
    found = {}
    for name, text in WORKFLOWS.items():
        for job, content in jobs_of(text).items():
            for number, step in enumerate(content["steps"]):
                if "run" in step:
                    found[f"{name}:{job}:{number}"] = step["run"]
    for number, step in enumerate(yaml.safe_load(ACTION.read_text())["runs"]["steps"]):
        found[f"action:{number}"] = step["run"]
    for name, content in yaml.safe_load(GITLAB).items():
        if isinstance(content, dict) and "script" in content:
            found[f"gitlab:{name}"] = "\n".join(content["script"])
    return found


@dataclass
class Ran:
    code: int
    said: str
    outputs: dict[str, str]
    summary: str


@dataclass
class Runner:
    """Runs the scripts of one job after another in ``project``, each step with files of its own
    for outputs and summary, as GitHub's runner does. ``values`` are what expressions come to."""

    project: Path
    place: Path
    environ: dict[str, str]
    values: dict[str, str] = field(default_factory=dict)
    ran: int = 0

    def __post_init__(self) -> None:
        programs = self.place / "s7spec" / "bin"
        programs.mkdir(parents=True)
        (programs / "s7spec").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m s7spec "$@"\n')
        (programs / "s7spec").chmod(0o755)
        self.environ = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": os.environ["HOME"],
            "PYTHONPATH": str(ROOT),
            "RUNNER_TEMP": str(self.place),
            "GITHUB_ACTIONS": "true",
            **self.environ,
        }

    def filled(self, text: object) -> str:
        return _EXPRESSION.sub(lambda found: self.values.get(found[1], ""), str(text))

    def step(self, script: str, environ: dict[str, Any] | None = None) -> Ran:
        self.ran += 1
        outputs, summary = (self.place / f"{name}-{self.ran}" for name in ("outputs", "summary"))
        file = self.place / f"script-{self.ran}.sh"
        file.write_text(script)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
            cwd=self.project,
            env={
                **self.environ,
                "GITHUB_OUTPUT": str(outputs),
                "GITHUB_STEP_SUMMARY": str(summary),
                **{name: self.filled(value) for name, value in (environ or {}).items()},
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(
            code=done.returncode,
            said=done.stdout + done.stderr,
            outputs=read_outputs(outputs),
            summary=summary.read_text() if summary.exists() else "",
        )

    def job(self, job: dict[str, Any], skip: str = "pip install") -> list[Ran]:
        """Every step with a script, until one fails; its outputs are there for those after it."""
        ran = []
        for step in job["steps"]:
            if "run" not in step or step["run"].startswith(skip):
                continue
            ran.append(self.step(step["run"], step.get("env")))
            for name, value in ran[-1].outputs.items():
                self.values[f"steps.{step.get('id')}.outputs.{name}"] = value
            if ran[-1].code:
                break
        return ran


def read_outputs(path: Path) -> dict[str, str]:
    """`NAME=VALUE`, or `NAME<<DELIMITER` with the value below it; the last word counts."""
    found: dict[str, str] = {}
    lines = iter(path.read_text().splitlines() if path.exists() else ())
    for line in lines:
        name, delimiter = re.split(r"<<|=", line, maxsplit=1)
        if "<<" not in line:
            found[name] = delimiter
            continue
        value: list[str] = []
        for each in lines:
            if each == delimiter:
                break
            value.append(each)
        found[name] = "\n".join(value)
    return found
