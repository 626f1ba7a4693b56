"""`s7spec ips serve` as a process: what it says, and how it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from s7spec.emulator import running_server
from tests.acceptance.conftest import Command

RULE = "faults:\n  - {kind: http-error, operations: imagePreview, status: 503}\n"


@contextmanager
def serve(project: Path, *further: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and the address it serves at."""
    data = project / ".s7spec" / "ips"
    arguments = ["ips", "serve", "--catalog", "catalog", "--data", str(data), "--port", "0"]
    with subprocess.Popen(
        [sys.executable, "-m", "s7spec", *arguments, *further],
        cwd=project,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            deadline = time.monotonic() + 20
            while running_server(data) is None and time.monotonic() < deadline:
                assert process.poll() is None
                time.sleep(0.05)
            url = running_server(data)
            assert url is not None
            yield process, url
        finally:
            if process.poll() is None:
                process.kill()


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_it_says_what_is_on_and_ctrl_c_ends_it(project: Path) -> None:
    (project / "faults.yaml").write_text(RULE)
    with serve(project, "--faults", "faults.yaml") as (process, url):
        assert status_of(f"{url}/is/image/Acme/PS_1") == 503
        assert status_of(f"{url}/scene7/services/IpsApiService?wsdl") == 200
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert f"embedded IPS at {url}\n" in said
    assert f"  previews {url}/is/image/Acme/<asset>?<modifier>\n" in said
    assert "  faults   faults.yaml, 1 rule\n" in said
    assert "Traceback" not in said


def test_without_faults_nothing_is_said_of_them(project: Path) -> None:
    with serve(project) as (process, url):
        assert status_of(f"{url}/is/image/Acme/PS_1") == 200
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "faults" not in said


def test_verbose_tells_calls_and_faults(project: Path) -> None:
    (project / "faults.yaml").write_text(RULE)
    with serve(project, "--faults", "faults.yaml", "-v", "--max-assets", "0") as (process, url):
        assert status_of(f"{url}/is/image/Acme/PS_1") == 503
        request = urllib.request.Request(f"{url}/scene7/services/IpsApiService", data=b"<nothing/>")
        with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(request):
            pass
        refused.value.close()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert "faults hit imagePreview: http-error\n" in said
    assert "answered with fault 30003 the root element is nothing" in said


def test_a_quirk_that_is_none(project: Path, s7spec: Command) -> None:
    serving = ("ips", "serve", "--catalog", "catalog", "--data", "data", "--port", "0")
    refused = s7spec(*serving, "--quirk", "many_assets=perhaps")
    assert refused.code == 3
    assert "many_assets is 'perhaps': choose from refuse, accept," in refused.err


def test_a_broken_file_is_a_finding_with_its_place(project: Path, s7spec: Command) -> None:
    (project / "faults.yaml").write_text("faults:\n  - {kind: rset}\n")
    serving = ("ips", "serve", "--catalog", "catalog", "--data", "data", "--port", "0")
    refused = s7spec(*serving, "--faults", "faults.yaml")
    assert refused.code == 3
    assert "S7E067" in refused.err
    assert "faults.yaml:2:12" in refused.err
    assert "did you mean 'reset'?" in refused.err
    missing = s7spec(*serving, "--faults", "none.yaml")
    assert missing.code == 3
    assert "none.yaml" in missing.err
