"""Where the password may come from, and that it is never shown."""

import shlex
import sys
from pathlib import Path

import pytest

from s7spec.adapters.credentials import Credentials, read_credentials
from s7spec.ports import CredentialsMissing

CANARY = "s3cret-canary"


def python(program: str) -> str:
    return shlex.join([sys.executable, "-c", program])


def test_from_the_environment() -> None:
    found = read_credentials({"S7SPEC_USER": " ann@example.com ", "S7SPEC_PASSWORD": " a b "})
    assert (found.user, found.password) == ("ann@example.com", " a b ")


@pytest.mark.parametrize("text", ["pä ss\n", "pä ss\r\n", "pä ss", "pä ss\nnotes below\n"])
def test_from_a_file(text: str, tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_bytes(text.encode())
    found = read_credentials({"S7SPEC_USER": "ann", "S7SPEC_PASSWORD_FILE": str(path)})
    assert found.password == "pä ss"


def test_from_a_command_run_without_a_shell() -> None:
    command = python("import sys; print(sys.argv[1])") + " '$HOME; echo `id`'"
    found = read_credentials({"S7SPEC_USER": "ann", "S7SPEC_PASSWORD_COMMAND": command})
    assert found.password == "$HOME; echo `id`"


def test_the_variable_wins_over_file_and_command(tmp_path: Path) -> None:
    found = read_credentials(
        {
            "S7SPEC_USER": "ann",
            "S7SPEC_PASSWORD": "from the variable",
            "S7SPEC_PASSWORD_FILE": str(tmp_path / "missing"),
            "S7SPEC_PASSWORD_COMMAND": "false",
        }
    )
    assert found.password == "from the variable"


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "set S7SPEC_USER and S7SPEC_PASSWORD"),
        ({"S7SPEC_USER": "", "S7SPEC_PASSWORD": ""}, "set S7SPEC_USER and S7SPEC_PASSWORD"),
        ({"S7SPEC_USER": " ", "S7SPEC_PASSWORD": CANARY}, "set S7SPEC_USER ("),
        ({"S7SPEC_USER": "ann"}, "set S7SPEC_PASSWORD ("),
    ],
)
def test_missing_ones_are_named_with_the_ways_to_give_them(
    environ: dict[str, str], words: str
) -> None:
    with pytest.raises(CredentialsMissing) as caught:
        read_credentials(environ)
    assert words in str(caught.value)
    assert "S7SPEC_PASSWORD_FILE" in str(caught.value)
    assert "S7SPEC_PASSWORD_COMMAND" in str(caught.value)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file"), (b"", "is empty"), (b"\nx", "is empty"), (b"\xff", "no UTF-8")],
)
def test_unusable_files(content: bytes | None, words: str, tmp_path: Path) -> None:
    path = tmp_path / "password"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CredentialsMissing, match=words) as caught:
        read_credentials({"S7SPEC_USER": "ann", "S7SPEC_PASSWORD_FILE": str(path)})
    assert str(path) in str(caught.value)


def test_a_folder_is_no_password_file(tmp_path: Path) -> None:
    with pytest.raises(CredentialsMissing, match="directory"):
        read_credentials({"S7SPEC_USER": "ann", "S7SPEC_PASSWORD_FILE": str(tmp_path)})


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (python("pass"), "printed nothing"),
        (python(f"import sys; print('{CANARY}'); sys.exit(3)"), "ended with status 3"),
        (python(f"import time; print('{CANARY}', flush=True); time.sleep(30)"), "within 0.5 s"),
        (python(r"import os; os.write(1, b'\xff')"), "no UTF-8"),
        (f"/no/such/program {CANARY}", "cannot be run: No such file"),
        (f"'unbalanced {CANARY}", "no valid command line"),
        ("  ", "no valid command line"),
    ],
)
def test_failing_commands_tell_nothing_of_what_they_hold(command: str, words: str) -> None:
    with pytest.raises(CredentialsMissing) as caught:
        read_credentials(
            {"S7SPEC_USER": "ann", "S7SPEC_PASSWORD_COMMAND": command}, command_seconds=0.5
        )
    assert words in str(caught.value)
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_the_repr_hides_the_password() -> None:
    shown = repr(Credentials(user="ann", password=CANARY))
    assert "ann" in shown
    assert CANARY not in shown
