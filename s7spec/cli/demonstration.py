"""The demo: a user's first hour in a minute, with the real commands in real processes."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from s7spec.adapters.bundled import example_specs_folder
from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.cli import terminal
from s7spec.cli.deliveries import Delivery, fetch, table
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.stop import Stop, stop
from s7spec.emulator import running_server
from s7spec.model.plan import Action
from s7spec.model.rules import Rule
from s7spec.plan import read_plan

MARKER = ".s7spec-demo"
DATA = ".s7spec/ips"
COMPANY, ENVIRONMENT = "Acme", "local"
SERVER_SECONDS = 30.0
TOUCHED_ASSET = "catalog/Archive/AR_0901_chair_original.tif"
EDIT = ("zalando.yaml", "qlt: 92", "qlt: 90")


def demonstrate(folder: Path) -> None:
    """Plays the whole loop in ``folder``. Raises Stop when a step does not do what it should."""
    started = time.monotonic()
    _lay_out(folder)
    with _server(folder):
        _say("Are the manifests sound? Nothing is contacted for that.")
        _run(folder, "validate")
        _say("What would happen? Each job with its reason; nothing is submitted.")
        _run(folder, "plan", "--out", "plan.json", "--md", "plan.md")
        _say("Exactly that plan, applied: submitted over SOAP, followed to the end, recorded.")
        _run(folder, "apply", "plan.json")
        _show_deliveries(folder)
        _say("Plan again: every job is up to date, there is nothing to do.")
        _run(folder, "plan", "--out", "again.json", "--detailed-exitcode")
        _expect(folder / "again.json", changed=0)
        _change(folder)
        _say("Plan again: just the jobs these two changes concern, with reasons and pictures.")
        changes = ("--out", "changes.json", "--html", "changes.html", "--pictures", "3")
        _run(folder, "plan", *changes, "--detailed-exitcode", expect=ExitCode.CHANGES)
        changed = _expect(folder / "changes.json", changed=None)
        _run(folder, "apply", "changes.json")
        _say("What is there now, and how one job came to be.")
        _run(folder, "status")
        _run(folder, "history", changed[0])
    seconds = time.monotonic() - started
    terminal.show(
        f"\nDone in {seconds:.0f} s. The ZIPs are in {folder}/delivered/, "
        f"the plan for a pull request is {folder}/plan.md,\n"
        f"the plan of the changes with pictures {folder}/changes.html (for a browser).\n"
        "Look around:\n"
        f"  cd {shlex.quote(str(folder))}\n  {_program()} plan"
    )


def _program() -> str:
    """How the reader can call s7spec from anywhere: the demo may run from a .venv off PATH."""
    if shutil.which("s7spec"):
        return "s7spec"
    return shlex.quote(str(Path(sys.executable).with_name("s7spec")))


def _lay_out(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
        raise stop(
            Rule.ALREADY_THERE,
            f"{folder} holds files that are not the demo's",
            hint="name an empty or a new folder: s7spec demo --dir FOLDER",
        )
    _refuse_running(folder)
    try:
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(
            example_specs_folder(), folder, copy_function=shutil.copy, ignore=_not_for_users
        )
        (folder / MARKER).write_text("made by `s7spec demo`; replaced by the next one\n")
        (folder / "delivered").mkdir()
    except OSError as error:
        raise stop(
            Rule.UNWRITABLE,
            f"cannot lay out the demo in {folder}: {error.strerror}",
            hint="name a folder you may write to: s7spec demo --dir FOLDER",
        ) from error
    pictures = sum(1 for path in (folder / "catalog").rglob("*.*") if path.suffix != ".yaml")
    terminal.show(f"A company's catalog ({pictures} files) and its manifests lie in {folder}/")
    terminal.show(f"$ cd {shlex.quote(str(folder))}")


def _refuse_running(folder: Path) -> None:
    url = running_server(folder / DATA) if (folder / DATA).exists() else None
    if url is not None:
        raise stop(
            Rule.ALREADY_THERE,
            f"an embedded IPS still serves {folder} at {url}",
            hint="end it first, or name another folder: s7spec demo --dir FOLDER",
        )


def _not_for_users(folder: str, names: list[str]) -> list[str]:
    studio = ("__pycache__", "picture_studio", "make_catalog.py")
    return [name for name in names if name in studio]


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[str]:
    arguments = ("ips", "serve", "--catalog", "catalog", "--data", DATA, "--port", "0")
    _say("The embedded IPS: a real SOAP server on this machine.")
    terminal.show(f"$ s7spec {shlex.join(arguments)} &")
    log = folder / DATA
    log.mkdir(parents=True, exist_ok=True)
    with (log / "server.log").open("w") as output:
        process = subprocess.Popen(
            _command(*arguments), cwd=folder, env=_environ(), stdout=output, stderr=output
        )
        try:
            url = _wait_for_server(process, folder)
            terminal.show(f"embedded IPS at {url}")
            yield url
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for_server(process: subprocess.Popen[bytes], folder: Path) -> str:
    deadline = time.monotonic() + SERVER_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        url = running_server(folder / DATA)
        if url is not None:
            return url
        time.sleep(0.05)
    log = (folder / DATA / "server.log").read_text(errors="replace")
    raise stop(Rule.UNREACHABLE, f"the embedded IPS did not start: {log}", exit_code=ExitCode.ERROR)


def _run(folder: Path, *arguments: str, expect: ExitCode = ExitCode.OK) -> None:
    terminal.show(f"$ s7spec {shlex.join(arguments)}")
    result = subprocess.run(_command(*arguments), cwd=folder, env=_environ(), check=False)
    if result.returncode != expect:
        raise Stop(
            (), ExitCode(result.returncode) if result.returncode in _CODES else ExitCode.ERROR
        )


_CODES = frozenset(code.value for code in ExitCode)


def _show_deliveries(folder: Path) -> None:
    _say("Where the ZIPs lie, and what is in them.")
    with (
        SqliteLedger(folder / ".s7spec" / "ledger.db", create=False) as ledger,
        ledger.reading(COMPANY, ENVIRONMENT) as view,
    ):
        latest = [view.attempt(head.attempt_name) for head in view.heads()]
    deliveries: list[Delivery] = []
    for attempt in latest:
        for url in attempt.zip_urls:
            name = attempt.key.short.replace("/", "-")
            target = folder / "delivered" / f"{name}.zip"
            terminal.show(f"$ curl -so {target.relative_to(folder)} {url}")
            deliveries.append(fetch(url, target))
    terminal.show(table(deliveries, folder, terminal.view()))


def _change(folder: Path) -> None:
    _say("Now somebody touches one picture, and somebody else edits one manifest.")
    terminal.show(f"$ touch {TOUCHED_ASSET}")
    (folder / TOUCHED_ASSET).touch()
    name, before, after = EDIT
    terminal.show(f"$ sed -i 's/{before}/{after}/' {name}")
    manifest = folder / name
    manifest.write_text(manifest.read_text().replace(before, after))


def _expect(plan_file: Path, *, changed: int | None) -> list[str]:
    """The jobs a plan would submit; Stop when their number is not the one expected."""
    plan = read_plan(plan_file.read_text())
    names = [item.key.short for item in plan.items if item.action is not Action.SKIP]
    if changed is not None and len(names) != changed:
        raise stop(
            Rule.STALE_PLAN,
            f"the demo expected {changed} jobs to submit, the plan has {len(names)}: {names}",
            exit_code=ExitCode.ERROR,
        )
    return names


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "s7spec", *arguments]


def _environ() -> dict[str, str]:
    """The user's environment without credentials: the demo uses the embedded IPS's own user."""
    return {name: value for name, value in os.environ.items() if not name.startswith("S7SPEC_")}


def _say(text: str) -> None:
    terminal.show(f"\n# {text}")
