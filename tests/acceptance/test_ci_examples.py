"""The examples of docs/ci.md and the action: valid, safe, and their commands do what is said."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.conftest import serving
from tests.acceptance.test_telling import wait_for
from tests.acceptance.workflows import (
    ACTION,
    GITLAB,
    ROOT,
    WORKFLOWS,
    Ran,
    Runner,
    jobs_of,
    scripts,
)
from tests.fakes.code_hosts import TOKEN, FakeGitHub, FakeGitLab, served

PLAN, APPLY, DIGEST, DRIFT, WITH_ACTION, SQLITE = (
    f".github/workflows/s7spec-{name}.yml"
    for name in ("plan", "apply", "apply-digest", "drift", "action", "apply-sqlite")
)
_COMMAND = re.compile(r'^\s*(?:exec )?(?:s7spec|"\$PROGRAM") ((?:review|ledger) \w+|\w+)(.*)')
ZIZMOR = Path(sys.executable).parent / "zizmor"
LENIENT = "rules: {unpinned-uses: {config: {policies: {'*': ref-pin}}}}\n"


def check_schema(schema: str, *files: Path) -> subprocess.CompletedProcess[str]:
    options = ["--data-transform", "gitlab-ci"] if "gitlab" in schema else []
    return subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"),
            *options,
            *map(str, files),
        ],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with all the examples in it, and the action."""
    root = tmp_path_factory.mktemp("checkout")
    for name, text in {**WORKFLOWS, ".gitlab-ci.yml": GITLAB}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    action = root / ACTION.relative_to(ROOT)
    action.parent.mkdir(parents=True)
    action.write_text(ACTION.read_text())
    return root


class TestLint:
    def test_the_manual_shows_every_example(self) -> None:
        assert set(WORKFLOWS) == {PLAN, APPLY, DIGEST, DRIFT, WITH_ACTION, SQLITE}

    def test_schemas(self, written: Path) -> None:
        workflows = check_schema("github-workflows", *(written / name for name in WORKFLOWS))
        assert workflows.returncode == 0, workflows.stdout
        action = check_schema("github-actions", ACTION)
        assert action.returncode == 0, action.stdout
        gitlab = check_schema("gitlab-ci", written / ".gitlab-ci.yml")
        assert gitlab.returncode == 0, gitlab.stdout

    def test_schemas_find_what_is_wrong(self, tmp_path: Path) -> None:
        for schema, text, good, bad in (
            ("github-workflows", WORKFLOWS[PLAN], "runs-on:", "run-on:"),
            ("github-actions", ACTION.read_text(), "using: composite", "using: bash"),
            ("gitlab-ci", GITLAB, "interruptible: true", "interruptible: often"),
        ):
            (tmp_path / "file.yml").write_text(text.replace(good, bad))
            assert good in text
            assert check_schema(schema, tmp_path / "file.yml").returncode == 1

    def test_zizmor(self, written: Path, tmp_path: Path) -> None:
        """Injection, credentials left behind, rights too wide, caches and environments."""
        (tmp_path / "zizmor.yml").write_text(LENIENT)
        done = subprocess.run(
            [ZIZMOR, "--offline", "--no-progress", "--config", tmp_path / "zizmor.yml", written],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        assert done.stderr.count("completed") == len(WORKFLOWS) + 1

    def test_zizmor_finds_what_is_wrong(self, tmp_path: Path) -> None:
        text = WORKFLOWS[DIGEST].replace('"$DIGEST"', '"${{ inputs.digest }}"')
        (tmp_path / "workflow.yml").write_text(text)
        done = subprocess.run(
            [ZIZMOR, "--offline", "--no-progress", tmp_path / "workflow.yml"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert "template-injection" in done.stdout

    @pytest.mark.parametrize("script", scripts().values(), ids=scripts())
    def test_scripts(self, script: str) -> None:
        assert "${{" not in script
        done = subprocess.run(
            ["bash", "-n"], input=script, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")

    @pytest.mark.parametrize("name", WORKFLOWS)
    def test_habits(self, name: str) -> None:
        workflow = yaml.safe_load(WORKFLOWS[name])
        assert workflow["permissions"] == {}
        assert workflow["concurrency"]["cancel-in-progress"] is ("apply" not in name)
        for job in workflow["jobs"].values():
            assert job["timeout-minutes"] <= 360
            assert set(job["permissions"]) <= {"contents", "pull-requests"}
            assert job["permissions"]["contents"] == "read"
            for step in job["steps"]:
                assert re.fullmatch(r"[\w./-]+@v\d+(\.\d+\.\d+)?", step.get("uses", "a@v1"))
                if step.get("uses", "").startswith("actions/checkout"):
                    assert step["with"]["persist-credentials"] is False
                if "s7spec apply" in step.get("run", ""):
                    assert job["environment"] == "production"
                    assert re.search(r"^exec s7spec apply", step["run"], re.MULTILINE)

    def test_every_option_they_use_is_there(self) -> None:
        used: dict[str, set[str]] = {}
        for script in scripts().values():
            code = re.sub(r"^\s*#.*", "", script.replace("\\\n", " "), flags=re.MULTILINE)
            for line in code.splitlines():
                found = _COMMAND.search(line)
                if found:
                    used.setdefault(found[1], set()).update(re.findall(r" (--[a-z-]+)", found[2]))
        assert {"plan", "apply", "validate", "review github", "review gitlab"} <= set(used)
        for command, options in used.items():
            done = subprocess.run(
                [sys.executable, "-m", "s7spec", *command.split(), "--help"],
                capture_output=True,
                text=True,
                check=True,
            )
            assert not [option for option in options if option not in done.stdout], command

    def test_the_action_takes_what_the_example_gives(self) -> None:
        action = yaml.safe_load(ACTION.read_text())
        (job,) = jobs_of(WORKFLOWS[WITH_ACTION]).values()
        (step,) = [each for each in job["steps"] if "s7spec" in each.get("uses", "")]
        assert set(step["with"]) <= set(action["inputs"])
        assert step["uses"].partition("@")[0].endswith(str(ACTION.parent.relative_to(ROOT)))
        manual = (ROOT / "docs" / "ci.md").read_text()
        assert not [name for name in action["inputs"] if f"| `{name}` |" not in manual]


@pytest.fixture
def production(project: Path) -> Iterator[Path]:
    """The project of the examples, with `production` on an embedded IPS that stays."""
    (project / "s7spec.yaml").write_text(
        "apiVersion: s7spec/v1\nkind: Project\nenvironments:\n"
        "  production: {ips: embedded, company: Acme, catalog: catalog, quarantine_seconds: 1,"
        " production: true}\n"
    )
    with serving(project, "--seconds-per-asset", "0.2"):
        yield project


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    host = FakeGitHub("github-actions[bot]")
    with served(host):
        yield host


@pytest.fixture
def runner(production: Path, github: FakeGitHub, tmp_path: Path) -> Runner:
    event = {"pull_request": {"number": 7}}
    (tmp_path / "event.json").write_text(json.dumps(event))
    environ = {
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_API_URL": github.url,
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "NO_PROXY": "*",
    }
    values = {"github.token": TOKEN}
    return Runner(project=production, place=tmp_path / "runner", environ=environ, values=values)


def of_merge(runner: Runner) -> Runner:
    """The same after the merge: no pull request any more."""
    runner.environ.pop("GITHUB_EVENT_PATH")
    return runner


def good(ran: list[Ran]) -> list[Ran]:
    assert [each.code for each in ran] == [0] * len(ran), ran[-1].said
    return ran


class TestGitHub:
    def test_plan_then_apply(self, runner: Runner, github: FakeGitHub) -> None:
        jobs = jobs_of(WORKFLOWS[PLAN])
        good(runner.job(jobs["validate"]))
        good(runner.job(jobs["plan"]))
        (comment,) = github.texts()
        assert comment.startswith("<!-- s7spec plan Acme/production -->\n### s7spec: Plan: 3 to ")

        jobs = jobs_of(WORKFLOWS[APPLY])
        of_merge(runner)
        review = good(runner.job(jobs["plan"]))[-1]
        assert "3 to submit" in review.summary
        for name, expression in jobs["plan"]["outputs"].items():
            runner.values[f"needs.plan.outputs.{name}"] = runner.filled(expression)
        assert runner.values["needs.plan.outputs.has_changes"] == "true"
        assert runner.values["needs.plan.outputs.plan_digest"] in comment
        (apply,) = good(runner.job(jobs["apply"]))
        assert "Done: 3 ok" in apply.said
        assert (runner.project / "run.json").exists()
        assert (runner.project / "events.jsonl").exists()

        good(runner.job(jobs["plan"]))
        assert runner.values["steps.review.outputs.has_changes"] == "false"

    def test_a_plan_that_fails_marks_the_older_one(
        self, runner: Runner, github: FakeGitHub
    ) -> None:
        job = jobs_of(WORKFLOWS[PLAN])["plan"]
        good(runner.job(job))
        (runner.project / "shop.yaml").write_text("exports: 7\n")
        assert [each.code for each in runner.job(job)] == [3, 0]
        assert "**Outdated**" in github.texts()[0]

    def test_another_plan_than_the_reviewed_one_is_refused(self, runner: Runner) -> None:
        jobs = jobs_of(WORKFLOWS[APPLY])
        good(runner.job(jobs["plan"]))
        runner.values["needs.plan.outputs.plan_digest"] = "sha256:" + "0" * 64
        (apply,) = runner.job(jobs["apply"])
        assert apply.code == 4

    def test_the_command_of_the_comment_and_apply_by_digest(
        self, runner: Runner, github: FakeGitHub
    ) -> None:
        good(runner.job(jobs_of(WORKFLOWS[PLAN])["plan"]))
        digest = re.search(r"--expect-digest (sha256:\w{64})\n", github.texts()[0])
        assert digest is not None
        runner.values["inputs.digest"] = digest[1]
        (apply,) = good(runner.job(jobs_of(WORKFLOWS[DIGEST])["apply"]))
        assert "Done: 3 ok" in apply.said
        (again,) = runner.job(jobs_of(WORKFLOWS[DIGEST])["apply"])
        assert again.code == 4

    def test_a_cancelled_run_gives_the_lease_back(self, runner: Runner) -> None:
        """The signal goes to the process of the step alone, not to what it has started."""
        job = jobs_of(WORKFLOWS[DIGEST])["apply"]
        step = job["steps"][-1]
        good(runner.job(jobs_of(WORKFLOWS[PLAN])["plan"]))
        digest = runner.step("s7spec review github plan.json --no-comment").outputs["plan_digest"]
        runner.values["inputs.digest"] = digest
        events = runner.project / "events.jsonl"
        with runner.start(f"{step['run']} --events events.jsonl", step["env"]) as process:
            wait_for(events, '"accepted"')
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=30)
        assert process.returncode == 130, said
        assert "Nobody holds" in runner.step("s7spec ledger lease --env production").said

    def test_drift(self, runner: Runner) -> None:
        job = jobs_of(WORKFLOWS[DRIFT])["drift"]
        of_merge(runner)
        (drifted,) = runner.job(job)
        assert drifted.code == 2
        assert "\n::error title=s7spec::production is not" in drifted.said
        assert "3 to submit" in drifted.summary
        assert runner.step("s7spec plan --env production --out now.json").code == 0
        assert runner.step("s7spec apply now.json --yes --env production").code == 0
        (calm,) = good(runner.job(job))
        assert "nothing has drifted" in calm.said
        (runner.project / "shop.yaml").write_text("exports: 7\n")
        (broken,) = runner.job(job)
        assert (broken.code, broken.summary) == (3, "")

    def test_sqlite_that_the_cache_has_lost(self, runner: Runner) -> None:
        job = jobs_of(WORKFLOWS[SQLITE])["apply"]
        of_merge(runner)
        good(runner.job(job))
        for file in (runner.project / ".s7spec").glob("ledger.db*"):
            file.unlink()
        rebuilt, _, applied = good(runner.job(job))
        assert "the ledger is empty: waits 1 s" in rebuilt.said
        assert "Done: 3 unchanged" in applied.said


class TestTheAction:
    @pytest.fixture
    def steps(self, runner: Runner) -> dict[str, dict[str, Any]]:
        action = yaml.safe_load(ACTION.read_text())
        program = runner.place / "s7spec" / "bin" / "s7spec"
        runner.values["steps.install.outputs.program"] = str(program)
        for name, content in action["inputs"].items():
            runner.values[f"inputs.{name}"] = runner.filled(content.get("default", ""))
        runner.values["inputs.environment"] = "production"
        return {step["name"]: step for step in action["runs"]["steps"]}

    def _run(self, runner: Runner, step: dict[str, Any]) -> Ran:
        return runner.step(step["run"], step.get("env"))

    def test_plan_and_apply(
        self, runner: Runner, steps: dict[str, dict[str, Any]], github: FakeGitHub
    ) -> None:
        runner.values["inputs.args"] = "--select\nshop/*\n\n--detailed-exitcode\n"
        plan = self._run(runner, steps["s7spec plan"])
        assert (plan.code, plan.outputs["exit_code"]) == (0, "2")
        review = self._run(runner, steps["s7spec review"])
        assert review.outputs["jobs"] == "3"
        assert len(github.texts()) == 1
        runner.values |= {"inputs.args": "", "inputs.digest": review.outputs["plan_digest"]}
        apply = self._run(runner, steps["s7spec apply"])
        assert apply.code == 0, apply.said
        assert "Done: 3 ok" in apply.said

    @pytest.mark.parametrize(
        ("extras", "locks"),
        [
            ("", ["runtime"]),
            ("postgres", ["runtime", "postgres"]),
            ("postgres, otel", ["runtime", "postgres", "otel"]),
        ],
    )
    def test_installs_only_what_is_locked(
        self, runner: Runner, steps: dict[str, dict[str, Any]], extras: str, locks: list[str]
    ) -> None:
        runner.values["inputs.extras"] = extras
        log = runner.place / "pip.log"
        done = self._install(runner, steps, log)
        assert done.code == 0, done.said
        locked, itself = log.read_text().splitlines()
        assert locked == " ".join(
            [
                "install --quiet --require-hashes",
                *(f"-r {ROOT.resolve()}/.ci/locks/{name}.txt" for name in locks),
            ]
        )
        assert itself == f"install --quiet --no-deps --no-build-isolation {ROOT.resolve()}"

    @pytest.mark.parametrize("extras", ["dev", "postgres;ls", "../../x", "-r evil"])
    def test_knows_no_other_extras(
        self, runner: Runner, steps: dict[str, dict[str, Any]], extras: str
    ) -> None:
        runner.values["inputs.extras"] = extras
        done = self._install(runner, steps, runner.place / "pip.log")
        assert done.code == 3
        assert "::error::the input extras takes postgres and otel" in done.said
        assert not (runner.place / "pip.log").exists()

    def _install(self, runner: Runner, steps: dict[str, dict[str, Any]], log: Path) -> Ran:
        """With a pip that only notes what it is asked for."""
        tools = runner.place / "tools"
        tools.mkdir()
        pip = f"#!/bin/sh\necho \"$@\" >> '{log}'\n"
        python = (
            "#!/bin/sh\n"
            'if [ "$1" = -m ]; then\n'
            f'  mkdir -p "$3/bin" && cp {tools}/pip "$3/bin/pip"\n'
            "fi\n"
        )
        for name, text in (("pip", pip), ("python3", python)):
            (tools / name).write_text(text)
            (tools / name).chmod(0o755)
        step = steps["Install s7spec"]
        place = f"export GITHUB_ACTION_PATH='{ACTION.parent}' PATH=\"{tools}:$PATH\"\n"
        return runner.step(place + step["run"], step.get("env"))

    def test_apply_without_a_plan_needs_the_digest(
        self, runner: Runner, steps: dict[str, dict[str, Any]]
    ) -> None:
        runner.values["inputs.plan"] = ""
        assert self._run(runner, steps["s7spec apply"]).code == 3
        runner.values["inputs.digest"] = "sha256:" + "0" * 64
        assert self._run(runner, steps["s7spec apply"]).code == 4

    def test_without_a_comment(
        self, runner: Runner, steps: dict[str, dict[str, Any]], github: FakeGitHub
    ) -> None:
        assert self._run(runner, steps["s7spec plan"]).outputs["exit_code"] == "0"
        runner.values["inputs.comment"] = "false"
        assert self._run(runner, steps["s7spec review"]).code == 0
        assert github.asked == []

    def test_no_input_becomes_a_command(
        self, runner: Runner, steps: dict[str, dict[str, Any]]
    ) -> None:
        evil = '"; touch evil; $(touch evil) `touch evil`'
        for name in ("environment", "project", "plan", "args", "digest", "comment"):
            runner.values[f"inputs.{name}"] = evil
        for name in ("s7spec plan", "s7spec review", "s7spec apply"):
            assert self._run(runner, steps[name]).code != 0
        assert not (runner.project / "evil").exists()


class TestGitLab:
    def test_plan_apply_drift(self, production: Path, tmp_path: Path) -> None:
        jobs = yaml.safe_load(GITLAB)
        with served(FakeGitLab("project_42_bot")) as host:
            environ = {
                "S7SPEC_GITLAB_TOKEN": TOKEN,
                "CI_API_V4_URL": host.url,
                "CI_PROJECT_ID": "42",
                "CI_MERGE_REQUEST_IID": "7",
                "NO_PROXY": "*",
            }
            runner = Runner(project=production, place=tmp_path / "runner", environ=environ)
            runner.environ.pop("GITHUB_ACTIONS")
            assert self._run(runner, jobs["drift"]).code == 2
            for name in ("validate", "plan"):
                good([self._run(runner, jobs[name])])
            assert len(host.texts()) == 1
            variables = (production / "plan.env").read_text().splitlines()
            runner.environ |= dict(line.split("=", 1) for line in variables)
            done = self._run(runner, jobs["apply"])
            assert "Done: 3 ok" in done.said
            assert self._run(runner, jobs["drift"]).code == 0

    def _run(self, runner: Runner, job: dict[str, Any]) -> Ran:
        return runner.step("\n".join(job["script"]))
