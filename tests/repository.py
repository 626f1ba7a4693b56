"""Git repositories in temporary folders: nobody's settings, always the same people and times."""

from __future__ import annotations

import subprocess
from pathlib import Path

WHO = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_AUTHOR_DATE": "2026-11-20T12:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-20T12:00:00Z",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "PATH": "/usr/bin:/bin:/usr/local/bin",
}


def run_git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ("git", "-c", "protocol.file.allow=always", *arguments),
        cwd=folder,
        env=WHO,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def commit(root: Path, *, message: str = "more") -> str:
    run_git(root, "add", "--all", ":/")
    run_git(root, "commit", "--quiet", "--message", message)
    return run_git(root, "rev-parse", "HEAD")
