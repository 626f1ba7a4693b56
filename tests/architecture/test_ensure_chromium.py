"""Where the browser tests cannot have a browser, they are not silently left out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / ".ci" / "ensure-chromium"


def _run(folder: Path) -> subprocess.CompletedProcess[str]:
    """For somebody who may not install anything, with what lies in ``folder`` alone."""
    user = folder / "id"
    user.write_text("#!/bin/sh\necho 1000\n")
    user.chmod(0o755)
    environment = {name: each for name, each in os.environ.items() if name != "S7SPEC_CHROMIUM"}
    return subprocess.run(
        ["/bin/sh", str(SCRIPT)],
        env={**environment, "PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_says_what_to_do_without_one(tmp_path: Path) -> None:
    done = _run(tmp_path)
    assert done.returncode == 1
    assert "apt-get install chromium" in done.stderr


def test_it_says_where_one_is(tmp_path: Path) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    done = _run(tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{browser}\n")
