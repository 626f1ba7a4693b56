"""Commands of s7spec as processes of their own, which can be killed, stopped and continued."""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from tests.chaos.command import run_command
from tests.chaos.sabotage import Sabotage

_NOTHING: Mapping[str, str] = MappingProxyType({})
_PR_SET_PDEATHSIG = 1


class Run:
    """``code`` is None while it lives, negative when a signal ended it."""

    def __init__(self, pid: int, arguments: Sequence[str], output: Path) -> None:
        self.pid = pid
        self.arguments = tuple(arguments)
        self.output = output
        self.code: int | None = None
        self.began = time.monotonic()
        self.ended = self.began
        self._handle = os.pidfd_open(pid)

    def poll(self) -> int | None:
        return self.wait(0.0)

    def wait(self, seconds: float | None = None) -> int | None:
        """The exit code, None when it still lives after so many seconds."""
        if self.code is not None:
            return self.code
        poll = select.poll()
        poll.register(self._handle, select.POLLIN)
        if not poll.poll(None if seconds is None else seconds * 1000):
            return None
        _, status = os.waitpid(self.pid, 0)
        os.close(self._handle)
        self.code = os.waitstatus_to_exitcode(status)
        self.ended = time.monotonic()
        return self.code

    @property
    def is_stopped(self) -> bool:
        """Whether SIGSTOP holds it."""
        if self.poll() is not None:
            return False
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return fields[0] == "T"

    def send(self, number: signal.Signals) -> bool:
        """False when it was over already."""
        if self.poll() is not None:
            return False
        os.kill(self.pid, number)
        return True

    def kill(self) -> bool:
        return self.send(signal.SIGKILL)

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL

    @property
    def text(self) -> str:
        """All it said, data and talk."""
        return _read(self.output) + self.talk

    @property
    def talk(self) -> str:
        return _read(self.output.with_suffix(".err"))

    @property
    def document(self) -> dict[str, Any] | None:
        """Its JSON, when it came to say some."""
        try:
            return cast("dict[str, Any]", json.loads(_read(self.output)))
        except ValueError:
            return None


def _read(path: Path) -> str:
    """Empty also when it was killed before it could say anything."""
    return path.read_text(errors="replace") if path.exists() else ""


class Launcher:
    """Starts commands in a project's folder: forked from this process, which has s7spec and what it
    needs in memory, or from nothing. Either way each is a whole command in a process of its own,
    with its own arguments, descriptors and connections."""

    def __init__(
        self,
        root: Path,
        ledger: str,
        *,
        spawns: bool,
        environ: Mapping[str, str] = _NOTHING,
    ) -> None:
        self._root = root
        self._environ = environ
        self._ledger = ledger
        self._spawns = spawns

    def start(
        self,
        arguments: Sequence[str],
        *,
        output: Path,
        sabotage: Sabotage | None = None,
        environ: Mapping[str, str] = _NOTHING,
    ) -> Run:
        """``environ``: more variables than this process has."""
        if self._spawns:
            return self._spawn(arguments, output, sabotage, environ)
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            return Run(pid, arguments, output)
        code = 70
        try:
            os.chdir(self._root)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            end_with_parent()
            os.environ.update({**self._environ, **environ})
            _redirect(output)
            code = run_command(arguments, ledger=self._ledger, sabotage=sabotage)
        except KeyboardInterrupt:  # before the command line listens to it, or after
            code = 130
        finally:
            os._exit(code)

    def _spawn(
        self,
        arguments: Sequence[str],
        output: Path,
        sabotage: Sabotage | None,
        environ: Mapping[str, str],
    ) -> Run:
        plan = "" if sabotage is None else sabotage.to_text()
        words = [sys.executable, "-m", "tests.chaos.command", self._ledger, plan, *arguments]
        return self._popen(words, arguments, output, environ)

    def start_plainly(self, arguments: Sequence[str], *, output: Path) -> Run:
        """`python -m s7spec`, as anybody starts it, with nothing added."""
        return self._popen([sys.executable, "-m", "s7spec", *arguments], arguments, output)

    def _popen(
        self,
        words: Sequence[str],
        arguments: Sequence[str],
        output: Path,
        environ: Mapping[str, str] = _NOTHING,
    ) -> Run:
        here = Path(__file__).parents[2]
        variables = {**os.environ, "PYTHONPATH": str(here), **self._environ, **environ}
        with output.open("ab") as out, output.with_suffix(".err").open("ab") as err:
            process = subprocess.Popen(
                words,
                cwd=self._root,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        run = Run(process.pid, arguments, output)
        process.returncode = 0  # waited for by Run
        return run


def end_with_parent() -> None:
    """This process is killed when the one that forked it ends, however that ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _redirect(output: Path) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    ins = os.open(os.devnull, os.O_RDONLY)
    out, err = (os.open(path, flags, 0o644) for path in (output, output.with_suffix(".err")))
    for number, descriptor in enumerate((ins, out, err)):
        os.dup2(descriptor, number)
