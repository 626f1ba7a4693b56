"""`s7spec review`: one comment in the pull request, whatever the code host does."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from s7spec.cli.boundary import run
from s7spec.plan import plan_digest, read_plan
from tests.acceptance.conftest import MANIFEST, PROJECT, Command, Finished, picture
from tests.acceptance.workflows import read_outputs
from tests.fakes.code_hosts import (
    TOKEN,
    FakeCodeHost,
    FakeGitHub,
    FakeGitLab,
    Trouble,
    dripping,
    served,
)

BOT = "github-actions[bot]"
MARKER = "<!-- s7spec plan Acme/local -->"
CI = re.compile(r"GITHUB_|GITLAB_|CI_|S7SPEC_GITLAB")


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with plan.json (three jobs), idle.json (nothing to do) and refused.json."""
    root = tmp_path_factory.mktemp("reviewed")
    (root / "catalog").mkdir()
    for number in (1, 2):
        picture(root / "catalog" / f"PS_{number}.png")
    (root / "s7spec.yaml").write_text(PROJECT)
    (root / "shop.yaml").write_text(MANIFEST)
    inside = ("--project", str(root))
    for name, *options in (("plan",), ("refused", "--env", "narrow")):
        assert run(["plan", "-q", *inside, *options, "--out", str(root / f"{name}.json")]) == 0
    assert run(["apply", "-q", "--yes", "--first-run", *inside]) == 0
    assert run(["plan", "-q", *inside, "--out", str(root / "idle.json")]) == 0
    return root


@pytest.fixture(autouse=True)
def nothing_of_the_real_ci(monkeypatch: pytest.MonkeyPatch, plans: Path) -> None:
    for name in [each for each in os.environ if CI.match(each)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.chdir(plans)


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeCodeHost]:
    event = {
        "pull_request": {
            "number": 7,
            "head": {
                "sha": "0123456789abcdef" * 2 + "01234567",
                "repo": {"full_name": "acme/shop"},
            },
            "base": {"repo": {"full_name": "acme/shop"}},
        }
    }
    (tmp_path / "event.json").write_text(json.dumps(event))
    with served(FakeGitHub(BOT)) as host:
        for name, value in {
            "GITHUB_ACTIONS": "true",
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_API_URL": host.url,
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_RUN_ID": "99",
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "GITHUB_OUTPUT": str(tmp_path / "outputs"),
        }.items():
            monkeypatch.setenv(name, value)
        yield host


@pytest.fixture
def gitlab(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCodeHost]:
    with served(FakeGitLab("project_42_bot")) as host:
        for name, value in {
            "GITLAB_TOKEN": TOKEN,
            "CI_API_V4_URL": host.url,
            "CI_PROJECT_ID": "42",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_COMMIT_SHA": "ab" * 20,
            "CI_JOB_URL": "https://gitlab.example/acme/shop/-/jobs/5",
        }.items():
            monkeypatch.setenv(name, value)
        yield host


@pytest.fixture(params=["github", "gitlab"])
def host(request: pytest.FixtureRequest) -> FakeCodeHost:
    found: FakeCodeHost = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def review(s7spec: Command, request: pytest.FixtureRequest) -> Command:
    kind = "gitlab" if "gitlab" in request.node.name or "gitlab" in request.fixturenames else ""

    def invoke(*arguments: str) -> Finished:
        done = s7spec("review", kind or "github", *(arguments or ("plan.json",)))
        assert TOKEN not in done.said
        return done

    return invoke


def listing(host: FakeCodeHost) -> str:
    assert isinstance(host, (FakeGitHub, FakeGitLab))
    return host.LIST


def digest_of(name: str) -> str:
    return plan_digest(read_plan(Path(name).read_text()))


class TestOneComment:
    def test_is_added_then_left_alone_then_brought_up_to_date(
        self, host: FakeCodeHost, review: Command
    ) -> None:
        done = review()
        assert (done.code, done.out) == (0, "")
        assert "comment added to" in done.err
        (text,) = host.texts()
        assert text.startswith(f"{MARKER}\n### s7spec: Plan: 3 to submit\n")
        command = f"s7spec apply plan.json --env local --expect-digest {digest_of('plan.json')}"
        assert f"```sh\n{command}\n```" in text
        assert "<details open><summary><code>shop</code>: 3 to submit</summary>" in text
        assert "the comment says so already" in review().err
        assert len(host.writes()) == 1
        assert "brought up to date" in review("idle.json").err
        (text,) = host.texts()
        assert "### s7spec: Nothing to do: 3 unchanged" in text
        assert len(host.writes()) == 2

    def test_of_nothing_to_do_only_when_asked(self, host: FakeCodeHost, review: Command) -> None:
        assert "nothing to tell" in review("idle.json").err
        assert host.comments == []
        assert "comment added" in review("idle.json", "--always").err
        assert len(host.texts()) == 1

    def test_of_a_refused_plan_says_so_and_shows_no_command(
        self, host: FakeCodeHost, review: Command
    ) -> None:
        assert review("refused.json").code == 0
        (text,) = host.texts()
        assert text.startswith("<!-- s7spec plan Acme/narrow -->\n")
        assert "> [!CAUTION]" in text
        assert "s7spec apply" not in text

    def test_for_each_environment(self, host: FakeCodeHost, review: Command) -> None:
        review()
        review("refused.json")
        review()
        assert [each.partition("\n")[0] for each in host.texts()] == [
            MARKER,
            "<!-- s7spec plan Acme/narrow -->",
        ]

    def test_for_each_project_of_a_repository(
        self,
        host: FakeCodeHost,
        review: Command,
        plans: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        root, plan = tmp_path / "repository", str(plans / "plan.json")
        (root / ".git").mkdir(parents=True)
        for folder in (root, root / "eu", root / "us" / "big-shop"):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "s7spec.yaml").write_text(PROJECT)
        monkeypatch.chdir(root)
        ours = host.add(f"{MARKER}\nof an older s7spec")
        for project in ("eu", "us/big-shop", "."):
            assert review(plan, "--project", project).code == 0
        assert "3 to submit" in ours["body"]
        assert [each.partition("\n")[0] for each in host.texts()] == [
            MARKER,
            "<!-- s7spec plan Acme/local in eu -->",
            "<!-- s7spec plan Acme/local in us%2Fbig%2Dshop -->",
        ]
        monkeypatch.chdir(root / "eu")
        assert "the comment says so already" in review(plan).err
        assert "comment marked as outdated" in review("--failed", "local").err
        assert ["Outdated" in each for each in host.texts()] == [False, True, False]

    def test_names_commit_and_run(self, host: FakeCodeHost, review: Command) -> None:
        review()
        footer = host.texts()[0].rstrip().splitlines()[-1]
        assert re.fullmatch(r"Head `[0-9a-f]{12}` · \[the run\]\(https://.*\)", footer)

    def test_is_found_on_a_late_page(self, host: FakeCodeHost, review: Command) -> None:
        for number in range(250):
            host.add(f"comment {number}", by="somebody")
        ours = host.add(f"{MARKER}\nold")
        for number in range(100):
            host.add(f"comment {number}", by="somebody")
        assert "brought up to date" in review().err
        assert "3 to submit" in ours["body"]
        pages = [each.query["page"] for each in host.asked if each.path == listing(host)]
        assert pages == ["1", "2", "3", "4"]

    def test_of_others_is_never_touched(self, host: FakeCodeHost, review: Command) -> None:
        theirs = host.add(f"{MARKER}\nmine, not yours", by="mallory")
        quoting = host.add(f"> {MARKER}\nlook at this")
        inside = host.add(f"look:\n{MARKER}\n")
        review()
        assert theirs["body"] == f"{MARKER}\nmine, not yours"
        assert "look at this" in quoting["body"]
        assert inside["body"].startswith("look:")
        assert len(host.comments) == 4

    def test_was_added_twice_by_two_runs(self, host: FakeCodeHost, review: Command) -> None:
        first, second = host.add(f"{MARKER}\nold"), host.add(f"{MARKER}\nolder")
        review()
        assert "3 to submit" in first["body"]
        assert second["body"] == f"{MARKER}\nThe plan stands in an earlier comment.\n"
        writes = len(host.writes())
        review()
        assert len(host.writes()) == writes

    def test_is_deleted_before_it_can_be_changed(self, host: FakeCodeHost, review: Command) -> None:
        host.add(f"{MARKER}\nold")
        host.before = lambda asked: (
            host.comments.clear() if asked.method in ("PATCH", "PUT") else None
        )
        done = review()
        assert (done.code, "comment added" in done.err) == (0, True)
        assert len(host.texts()) == 1

    def test_keeps_line_ends_that_the_host_changed(
        self, host: FakeCodeHost, review: Command
    ) -> None:
        review()
        host.comments[0]["body"] = host.comments[0]["body"].replace("\n", "\r\n").rstrip()
        assert "says so already" in review().err


class TestNoPlan:
    def test_is_said_above_the_older_one_until_there_is_a_plan_again(
        self, host: FakeCodeHost, review: Command
    ) -> None:
        review()
        review("refused.json")
        plan, other = host.texts()
        done = review("--failed", "local")
        assert (done.code, "marked as outdated" in done.err) == (0, True)
        warned, untouched = host.texts()
        assert untouched == other
        head, _, rest = plan.partition("\n")
        assert warned.startswith(f"{head}\n> [!WARNING]\n> **Outdated**: no plan could be made of")
        assert warned.endswith(f"\n\n{rest}")
        writes = len(host.writes())
        review("--failed", "local")
        assert len(host.writes()) == writes
        review()
        assert host.texts() == [plan, other]

    def test_leaves_others_alone_and_adds_nothing(
        self, host: FakeCodeHost, review: Command
    ) -> None:
        theirs = host.add(f"{MARKER}\nmine", by="mallory")
        done = review("--failed", "local")
        assert (done.code, "no comment in" in done.err) == (0, True)
        assert theirs["body"] == f"{MARKER}\nmine"
        assert host.writes() == []

    @pytest.mark.parametrize("arguments", [("--always",), ("plan.json", "--failed", "local")])
    def test_is_said_instead_of_a_plan(
        self, host: FakeCodeHost, review: Command, arguments: tuple[str, ...]
    ) -> None:
        done = review(*arguments)
        assert (done.code, host.asked) == (3, [])
        assert "either PLAN.JSON or --failed" in done.err


class TestTrouble:
    @pytest.mark.parametrize("status", [500, 502, 503, 429])
    def test_that_passes(self, host: FakeCodeHost, review: Command, status: int) -> None:
        host.troubles = [Trouble("^GET", status, times=2, headers={"Retry-After": "0"})]
        assert review().code == 0
        assert len(host.texts()) == 1

    @pytest.mark.parametrize(
        "trouble",
        [
            Trouble("issues|notes$", 502, times=1, does_it=True),
            Trouble("POST.*(comments|notes)$", 502, does_it=True),
            Trouble("POST.*(comments|notes)$", hangs_up=True, does_it=True),
            Trouble("POST.*(comments|notes)$", 502),
            Trouble("POST.*(comments|notes)$", hangs_up=True),
        ],
        ids=["list", "done-502", "done-lost", "502", "lost"],
    )
    def test_with_the_answer_to_an_addition_adds_no_second(
        self, host: FakeCodeHost, review: Command, trouble: Trouble
    ) -> None:
        host.troubles = [trouble]
        assert review().code == 0
        assert len(host.texts()) == 1

    def test_that_stays(self, host: FakeCodeHost, review: Command) -> None:
        host.troubles = [Trouble("^GET", 503, times=1000)]
        done = review("plan.json", "--timeout", "2")
        assert done.code == 1
        assert "error[S7E092]: 127.0.0.1 answered 503" in done.err
        assert 2 <= len(host.asked) < 40

    def test_of_a_slow_server(self, host: FakeCodeHost, review: Command) -> None:
        host.troubles = [Trouble("^GET", 200, body=[], seconds=2.5, times=1000)]
        done = review("plan.json", "--timeout", "1")
        assert done.code == 1
        assert "S7E092" in done.err

    @pytest.mark.parametrize("part", ["status", "headers", "body", "redirects"])
    def test_of_a_server_that_lets_single_bytes_drip(
        self, host: FakeCodeHost, review: Command, monkeypatch: pytest.MonkeyPatch, part: str
    ) -> None:
        head = b"HTTP/1.1 200 OK\r\n"
        first, drop = {
            "status": (b"", b"HTTP/1.1 200 " + b"x" * 1000),
            "headers": (head, b"X-Long: " + b"x" * 1000),
            "body": (head + b"Content-Length: 1000\r\n\r\n", b"[" * 1000),
            "redirects": (b"HTTP/1.1 302 Found\r\nLocation: /x\r\n", b"X-Long: " + b"x" * 1000),
        }[part]
        with dripping(first, drop) as address:
            for name in ("GITHUB_API_URL", "CI_API_V4_URL"):
                monkeypatch.setenv(name, address)
            began = time.monotonic()
            done = review("plan.json", "--timeout", "1")
            took = time.monotonic() - began
        assert done.code == 1
        assert "error[S7E092]: 127.0.0.1 did not do its work within 1 s" in done.err
        assert 0.9 < took < 4

    def test_of_a_body_that_breaks_off(self, host: FakeCodeHost, review: Command) -> None:
        cut = {"Content-Length": "1000"}
        host.troubles = [Trouble("^GET", 200, cut, body=b"[", times=1, hangs_up_after=True)]
        assert review().code == 0
        assert len(host.texts()) == 1

    def test_of_a_body_that_is_not_packed_as_it_says(
        self, host: FakeCodeHost, review: Command
    ) -> None:
        packed = {"Content-Encoding": "gzip"}
        host.troubles = [Trouble("^GET", 200, packed, body=b"no gzip", times=9)]
        done = review()
        assert done.code == 3
        assert "error[S7E091]: the answer of 127.0.0.1 cannot be read" in done.err

    @pytest.mark.parametrize("status", [403, 429])
    def test_of_a_secondary_limit_is_waited_for(
        self, github: FakeCodeHost, review: Command, status: int
    ) -> None:
        words = {"message": "You have exceeded a secondary rate limit."}
        github.troubles = [Trouble("POST.*comments", status, {"Retry-After": "1"}, words)]
        assert review().code == 0
        assert len(github.texts()) == 1

    def test_of_a_limit_beyond_the_time_is_told_at_once(
        self, github: FakeCodeHost, review: Command
    ) -> None:
        github.troubles = [
            Trouble("^GET", 403, {"x-ratelimit-remaining": "0", "retry-after": "900"})
        ]
        done = review()
        assert done.code == 1
        assert "not to be asked again for 900 s" in done.err
        assert sum(each.method == "GET" for each in github.asked) == 1

    def test_of_a_wrong_token(
        self, host: FakeCodeHost, review: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("GITHUB_TOKEN", "GITLAB_TOKEN"):
            monkeypatch.setenv(name, "wrong-canary")
        done = review()
        assert done.code == 3
        assert "error[S7E091]: 127.0.0.1 answered 401: Bad credentials" in done.err
        assert "the token is wrong or has expired" in done.err
        assert "wrong-canary" not in done.said

    def test_of_a_token_without_rights(self, host: FakeCodeHost, review: Command) -> None:
        words = {"message": f"Resource not accessible by integration {TOKEN}"}
        host.troubles = [Trouble("POST.*(comments|notes)$", 403, body=words)]
        done = review()
        assert done.code == 3
        assert "Resource not accessible" in done.err
        assert "pull-requests: write" in done.err or "scope `api`" in done.err

    def test_of_no_such_pull_request(self, host: FakeCodeHost, review: Command) -> None:
        option = "--pr" if isinstance(host, FakeGitHub) else "--mr"
        done = review("plan.json", option, "8")
        assert done.code == 3
        assert "there is no such pull or merge request" in done.err

    def test_of_a_text_that_is_too_long(self, github: FakeCodeHost, review: Command) -> None:
        words = {"message": "Validation Failed", "errors": [{"message": "Body is too long"}]}
        github.troubles = [Trouble("POST.*comments", 422, body=words)]
        done = review()
        assert done.code == 3
        assert "answered 422: Validation Failed; Body is too long" in done.err

    def test_no_part_of_the_token_is_told(self, github: FakeCodeHost, review: Command) -> None:
        """Where a message is cut: a CI masks whole tokens only."""
        for gap in range(300, 400, 7):
            words = {"message": f"{'x' * gap} Bearer {TOKEN}"}
            github.troubles = [Trouble("POST.*comments", 422, body=words)]
            done = review()
            assert done.code == 3
            assert TOKEN[:6] not in done.said

    @pytest.mark.parametrize("status", [200, 422])
    def test_of_what_is_nested_without_an_end(
        self, host: FakeCodeHost, review: Command, status: int
    ) -> None:
        host.troubles = [Trouble("GET", status, body=b"[" * 200_000)]
        done = review()
        assert done.code in (1, 3)
        assert "Traceback" not in done.said

    def test_of_something_else_behind_the_address(
        self, host: FakeCodeHost, review: Command
    ) -> None:
        host.troubles = [Trouble("GET.*(comments|notes)$", 200, body=b"<html>Log in</html>")]
        done = review()
        assert done.code == 3
        assert "no list of comments" in done.err

    def test_of_nobody_there(
        self, host: FakeCodeHost, review: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
        for name in ("GITHUB_API_URL", "CI_API_V4_URL"):
            monkeypatch.setenv(name, nobody)
        done = review("plan.json", "--timeout", "1")
        assert done.code == 1
        assert "cannot be reached" in done.err


class TestTheToken:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_goes_to_no_other_host(self, host: FakeCodeHost, review: Command, status: int) -> None:
        with served(type(host)(host.me)) as other:
            target = {"Location": f"{other.url}{listing(host)}"}
            host.troubles = [Trouble("GET.*(comments|notes)$", status, target)]
            done = review()
        assert done.code == 3
        assert "the token is not sent there" in done.err
        assert other.asked == []

    def test_goes_to_where_a_repository_was_moved_on_the_same_host(
        self, host: FakeCodeHost, review: Command
    ) -> None:
        moved = {"Location": f"{host.url}{listing(host)}"}
        host.troubles = [
            Trouble("(GET|POST).*(comments|notes)$", 301, moved),
            Trouble("POST.*(comments|notes)$", 307, moved),
        ]
        assert review().code == 0
        assert len(host.texts()) == 1

    def test_goes_round_in_no_circle(self, host: FakeCodeHost, review: Command) -> None:
        here = {"Location": listing(host)}
        host.troubles = [Trouble("GET.*(comments|notes)$", 302, here, times=1000)]
        done = review()
        assert done.code == 3
        assert len(host.asked) < 8

    @pytest.mark.parametrize(
        "address",
        [
            "http://github.example/api/v3",
            "https://user:secret@github.example",
            "ftp://github.example",
            "https://",
            "https://github.example:port",
            "https://git hub.example",
        ],
    )
    def test_goes_to_no_doubtful_address(
        self, host: FakeCodeHost, review: Command, monkeypatch: pytest.MonkeyPatch, address: str
    ) -> None:
        for name in ("GITHUB_API_URL", "CI_API_V4_URL"):
            monkeypatch.setenv(name, address)
        done = review()
        assert done.code == 3
        assert "error[S7E090]" in done.err
        assert "secret" not in done.said

    @pytest.mark.parametrize("told", ["a/..", "..", "acme/", "acme%2Fshop/x", ""])
    def test_goes_to_no_doubtful_project(
        self, host: FakeCodeHost, review: Command, monkeypatch: pytest.MonkeyPatch, told: str
    ) -> None:
        for name in ("GITHUB_REPOSITORY", "CI_PROJECT_ID"):
            monkeypatch.setenv(name, told)
        done = review()
        assert done.code == 3
        assert "error[S7E090]" in done.err
        assert "such as acme/shop" in done.err
        assert host.asked == []

    @pytest.mark.parametrize("token", ["", "  ", "two words", "line\nbreak", "tökén"])
    def test_is_missing_or_none(
        self, host: FakeCodeHost, review: Command, monkeypatch: pytest.MonkeyPatch, token: str
    ) -> None:
        for name in ("GITHUB_TOKEN", "GITLAB_TOKEN"):
            monkeypatch.setenv(name, token)
        done = review()
        assert done.code == 3
        assert "error[S7E090]" in done.err
        assert host.asked == []

    def test_is_in_no_log(self, host: FakeCodeHost, plans: Path) -> None:
        kind = "github" if isinstance(host, FakeGitHub) else "gitlab"
        done = subprocess.run(
            [sys.executable, "-m", "s7spec", "review", kind, "plan.json", "-vv"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "urllib3" in done.stderr
        assert TOKEN not in done.stdout + done.stderr

    def test_is_not_taken_from_netrc(
        self, host: FakeCodeHost, review: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login me password other\n")
        monkeypatch.setenv("NETRC", str(netrc))
        assert review().code == 0
        assert all("Basic" not in each.headers.get("authorization", "") for each in host.asked)


class TestGitHub:
    def test_summary_and_outputs(
        self, github: FakeCodeHost, review: Command, tmp_path: Path
    ) -> None:
        review()
        assert "### s7spec: Plan: 3 to submit" in (tmp_path / "summary.md").read_text()
        assert read_outputs(tmp_path / "outputs") == {
            "plan_digest": digest_of("plan.json"),
            "has_changes": "true",
            "jobs": "3",
            "refused": "false",
        }

    def test_of_a_refused_and_of_an_idle_plan(
        self, github: FakeCodeHost, review: Command, tmp_path: Path
    ) -> None:
        review("refused.json")
        assert read_outputs(tmp_path / "outputs")["refused"] == "true"
        review("idle.json")
        last = read_outputs(tmp_path / "outputs")
        assert (last["has_changes"], last["jobs"], last["refused"]) == ("false", "0", "false")

    def test_summary_leaves_what_is_there_and_stays_below_what_github_takes(
        self, github: FakeCodeHost, review: Command, tmp_path: Path
    ) -> None:
        summary = tmp_path / "summary.md"
        summary.write_text("before\n")
        review()
        assert summary.read_text().startswith("before\n\n### s7spec")
        summary.write_text("x" * (1024 * 1024 - 1000))
        done = review()
        assert "no summary" in done.err
        assert summary.stat().st_size == 1024 * 1024 - 1000

    @pytest.mark.parametrize("outside", ["fork", "dependabot", "gone"])
    def test_pull_request_whose_token_may_only_read(
        self,
        github: FakeCodeHost,
        review: Command,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        outside: str,
    ) -> None:
        event = json.loads((tmp_path / "event.json").read_text())
        if outside == "dependabot":
            monkeypatch.setenv("GITHUB_ACTOR", "dependabot[bot]")
        else:
            event["pull_request"]["head"]["repo"] = (
                {"full_name": "mallory/shop"} if outside == "fork" else None
            )
        (tmp_path / "event.json").write_text(json.dumps(event))
        words = {"message": "Resource not accessible by integration"}
        github.troubles = [Trouble("POST.*comments", 403, body=words)]
        done = review()
        assert done.code == 0
        assert "may only read" in done.err
        assert "3 to submit" in (tmp_path / "summary.md").read_text()
        assert read_outputs(tmp_path / "outputs")["has_changes"] == "true"

    @pytest.mark.parametrize("arguments", [("plan.json",), ("--failed", "local")])
    def test_fork_gets_no_secret_for_a_token(
        self,
        github: FakeCodeHost,
        review: Command,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        arguments: tuple[str, ...],
    ) -> None:
        monkeypatch.setenv("GITHUB_TOKEN", "")
        assert review(*arguments).code == 3, "the repository's own pull request has one"
        event = json.loads((tmp_path / "event.json").read_text())
        event["pull_request"]["head"]["repo"] = {"full_name": "mallory/shop"}
        (tmp_path / "event.json").write_text(json.dumps(event))
        done = review(*arguments)
        assert (done.code, "may only read" in done.err) == (0, True)
        assert github.asked == []

    def test_run_without_a_pull_request(
        self,
        github: FakeCodeHost,
        review: Command,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        (tmp_path / "event.json").write_text('{"ref": "refs/heads/main"}')
        monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
        done = review()
        assert done.code == 0
        assert "belongs to no pull request" in done.err
        assert github.asked == []
        assert read_outputs(tmp_path / "outputs")["jobs"] == "3"

    @pytest.mark.parametrize(
        ("event", "ref"),
        [
            ({"issue": {"number": 7, "pull_request": {"url": ""}}}, ""),
            ({}, "refs/pull/7/merge"),
            ([], "refs/pull/7/head"),
        ],
    )
    def test_number_from_elsewhere(
        self,
        github: FakeCodeHost,
        review: Command,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        event: object,
        ref: str,
    ) -> None:
        (tmp_path / "event.json").write_text(json.dumps(event))
        monkeypatch.setenv("GITHUB_REF", ref)
        assert review().code == 0
        assert len(github.texts()) == 1

    def test_token_of_a_person_finds_what_actions_wrote_and_the_other_way(
        self, github: FakeCodeHost, review: Command
    ) -> None:
        review()
        github.me = "octocat"
        review("idle.json")
        assert len(github.comments) == 1
        assert github.author(github.comments[0]) == BOT

    def test_host_that_does_not_tell_whose_token_it_is(
        self, github: FakeCodeHost, review: Command
    ) -> None:
        github.troubles = [Trouble("graphql", 403, body={"message": "no"}, times=9)]
        assert review().code == 0
        assert "says so already" in review().err

    def test_enterprise_server(
        self, github: FakeCodeHost, review: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GITHUB_API_URL", f"{github.url}/api/v3/")
        review()
        asked = [each.path for each in github.asked]
        assert asked == ["/api/graphql", f"/api/v3{FakeGitHub.LIST}"]

    def test_no_comment_when_none_is_wanted(
        self, github: FakeCodeHost, review: Command, tmp_path: Path
    ) -> None:
        assert review("plan.json", "--no-comment").code == 0
        assert github.asked == []
        assert read_outputs(tmp_path / "outputs")["jobs"] == "3"

    def test_outside_of_any_run(
        self, s7spec: Command, monkeypatch: pytest.MonkeyPatch, plans: Path
    ) -> None:
        done = s7spec("review", "github", "plan.json")
        assert done.code == 3
        assert "error[S7E090]" in done.err


class TestGitLab:
    def test_variables_for_later_jobs(
        self, gitlab: FakeCodeHost, review: Command, tmp_path: Path
    ) -> None:
        review("plan.json", "--dotenv", str(tmp_path / "plan.env"))
        assert (tmp_path / "plan.env").read_text() == (
            f"S7SPEC_PLAN_DIGEST={digest_of('plan.json')}\n"
            "S7SPEC_HAS_CHANGES=true\nS7SPEC_JOBS=3\nS7SPEC_REFUSED=false\n"
        )

    def test_own_token_goes_first(
        self, gitlab: FakeCodeHost, review: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GITLAB_TOKEN", "another")
        monkeypatch.setenv("S7SPEC_GITLAB_TOKEN", TOKEN)
        assert review().code == 0

    def test_branch_without_merge_request(
        self, gitlab: FakeCodeHost, review: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.delenv("CI_MERGE_REQUEST_IID")
        assert review("plan.json", "--dotenv", str(tmp_path / "plan.env")).code == 0
        assert review("plan.json").code == 3
        assert gitlab.asked == []

    def test_pipeline_of_a_fork(
        self, gitlab: FakeCodeHost, review: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CI_MERGE_REQUEST_PROJECT_ID", "42")
        monkeypatch.setenv("CI_PROJECT_ID", "43")
        assert review().code == 0
        assert len(gitlab.texts()) == 1
        monkeypatch.delenv("GITLAB_TOKEN")
        done = review()
        assert (done.code, "fork has no token" in done.err) == (0, True)

    def test_system_notes_are_not_ours_to_change(
        self, gitlab: FakeCodeHost, review: Command
    ) -> None:
        gitlab.add(f"{MARKER}\nold")["system"] = True
        review()
        assert len(gitlab.comments) == 2
