"""The IPS user and password, read from the environment, a file or a command; never from YAML."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from s7spec.ports import CredentialsMissing

USER = "S7SPEC_USER"
PASSWORD = "S7SPEC_PASSWORD"  # noqa: S105 - the variable's name
PASSWORD_FILE = "S7SPEC_PASSWORD_FILE"  # noqa: S105
PASSWORD_COMMAND = "S7SPEC_PASSWORD_COMMAND"  # noqa: S105
VARIABLES = (USER, PASSWORD, PASSWORD_FILE, PASSWORD_COMMAND)
COMMAND_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who calls IPS. The password shows in no repr."""

    user: str
    password: str = field(repr=False)


def read_credentials(
    environ: Mapping[str, str], *, command_seconds: float = COMMAND_SECONDS
) -> Credentials:
    """S7SPEC_USER, and the password from the first of S7SPEC_PASSWORD, S7SPEC_PASSWORD_FILE (a
    path) and S7SPEC_PASSWORD_COMMAND (split like a shell would, run without one) that is set.

    An empty variable counts as not set. Raises CredentialsMissing, which names what is missing
    and how to give it, never a value.
    """
    user = environ.get(USER, "").strip()
    sources: tuple[tuple[str, Callable[[str], str]], ...] = (
        (PASSWORD, lambda value: value),
        (PASSWORD_FILE, _from_file),
        (PASSWORD_COMMAND, lambda value: _from_command(value, command_seconds)),
    )
    given = [(name, read) for name, read in sources if environ.get(name)]
    missing = ([] if user else [USER]) + ([] if given else [PASSWORD])
    if missing:
        raise CredentialsMissing(
            f"no IPS credentials: set {' and '.join(missing)} (the password can also come from "
            f"{PASSWORD_FILE}, a path, or {PASSWORD_COMMAND}, a command)"
        )
    name, read = given[0]
    return Credentials(user=user, password=read(environ[name]))


def _from_file(path: str) -> str:
    try:
        text = Path(path).expanduser().read_text("utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise CredentialsMissing(f"cannot read {PASSWORD_FILE} {path}: {reason}") from error
    return _first_line(text, f"{PASSWORD_FILE} {path} is empty")


def _from_command(command: str, seconds: float) -> str:
    # The command's arguments and what it printed may be secrets: errors name neither.
    try:
        words = shlex.split(command)
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=True
        )
        text = done.stdout.decode("utf-8")
    except subprocess.TimeoutExpired:
        raise _command_failed(f"did not end within {seconds:g} s") from None
    except subprocess.CalledProcessError as error:
        raise _command_failed(f"ended with status {error.returncode}") from None
    except OSError as error:
        raise _command_failed(f"cannot be run: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _command_failed("printed something that is no UTF-8 text") from None
    except (ValueError, IndexError):
        raise _command_failed("is no valid command line") from None
    return _first_line(text, f"the command of {PASSWORD_COMMAND} printed nothing")


def _command_failed(what: str) -> CredentialsMissing:
    return CredentialsMissing(f"the command of {PASSWORD_COMMAND} {what}")


def _first_line(text: str, complaint: str) -> str:
    """Password managers print the password on the first line and notes below it."""
    line = text.partition("\n")[0].removesuffix("\r")
    if not line:
        raise CredentialsMissing(complaint)
    return line
