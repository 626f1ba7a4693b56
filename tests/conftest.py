"""Guards: a test that would touch the world fails instead."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import postgres

_CREDENTIALS = ("S7SPEC_USER", "S7SPEC_PASSWORD", "S7SPEC_PASSWORD_FILE", "S7SPEC_PASSWORD_COMMAND")
_LEDGER = ("S7SPEC_LEDGER", "S7SPEC_LEDGER_PASSWORD")

HANGS_AFTER_SECONDS = 60


# Who starts the tests in the background hands down an ignored Ctrl-C, and children inherit it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _is_loopback(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket's path
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_hanging() -> Iterator[None]:
    """Hostile input must end soon. No test measures time; one that hangs fails here."""

    def hangs(number: int, frame: object) -> None:
        raise AssertionError(f"the test still runs after {HANGS_AFTER_SECONDS} s")

    previous = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(HANGS_AFTER_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, previous)


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections leave this machine in no test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if not _is_loopback(address):
            raise AssertionError(f"a test tried to connect to {address!r}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No home folder, no credentials, no terminal settings of whoever runs the tests."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    of_libpq = [name for name in os.environ if name.startswith("PG")]
    for name in (*_CREDENTIALS, *_LEDGER, *of_libpq, "COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    yield
    assert not any(home.iterdir()), "a test wrote into the home folder"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server with a user who may do everything; one for each worker."""
    named = os.environ.get(postgres.SERVER)
    if named:
        yield named
        return
    with postgres.running_server() as server:
        yield server.url


@pytest.fixture
def new_postgres(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Makes empty databases for this test: the URL of each, with user and password."""
    made: list[str] = []

    def new() -> str:
        made.append(postgres.new_database(postgres_server))
        return made[-1]

    yield new
    for url in made:
        postgres.drop_database(postgres_server, url)


@pytest.fixture
def postgres_url(new_postgres: Callable[[], str]) -> str:
    """An empty database for this test."""
    return new_postgres()


@pytest.fixture(scope="module")
def _server_of_its_own() -> Iterator[postgres.PostgresServer]:
    with postgres.running_server() as server:
        yield server


@pytest.fixture
def own_postgres(_server_of_its_own: postgres.PostgresServer) -> postgres.PostgresServer:
    """A running server that no other module uses: to be stopped, killed and started at will."""
    if not _server_of_its_own.is_running:
        _server_of_its_own.start()
    return _server_of_its_own
