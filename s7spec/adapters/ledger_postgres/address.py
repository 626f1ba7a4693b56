"""Where a ledger in PostgreSQL is: what libpq is told, and what people may see of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from s7spec.ports import LedgerUnwritable

MASK = "***"
_SECRET = ("password", "sslpassword")
_USUAL: dict[str, str | int] = {
    "fallback_application_name": "s7spec",
    "connect_timeout": 10,
    # A server that went without a word is noticed within a minute, not within hours.
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """``conninfo`` is libpq's, with the password; ``shown`` is a URL without any secret."""

    conninfo: str = field(repr=False)
    shown: str
    secrets: tuple[str, ...] = field(repr=False)

    def scrubbed(self, text: str) -> str:
        """A message of libpq or of the server as one line without secrets, and without the advice
        that libpq adds in lines of its own."""
        for secret in self.secrets:
            text = text.replace(secret, MASK)
        lines = [line.strip() for line in text.splitlines() if not line.startswith("\t")]
        return "; ".join(filter(None, lines)).removeprefix("connection failed: ")


def address_of(url: str, *, password: str | None = None) -> Address:
    """``password`` goes before one in the URL; without any, libpq looks in its usual places
    (PGPASSWORD, PGPASSFILE, a service file). Raises LedgerUnwritable for what is no such URL."""
    try:
        told = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except psycopg.Error:
        # libpq's message repeats the part it does not understand: that may be the password.
        raise _unreadable() from None
    if _is_misread(url, told.get("port", "")):
        raise _unreadable()
    if password:
        told["password"] = password
    return Address(
        conninfo=make_conninfo("", **(_USUAL | told), client_encoding="UTF8"),
        shown=_shown(told),
        secrets=tuple(told[name] for name in _SECRET if told.get(name)),
    )


def _unreadable() -> LedgerUnwritable:
    return LedgerUnwritable(
        "postgresql://",
        "the address of the ledger cannot be read: "
        "write postgresql://USER@HOST:PORT/DATABASE, with signs like @ and / as %40 and %2F",
    )


def _is_misread(url: str, port: str) -> bool:
    """True when libpq takes a part of a password, with a bare `@` or `/` in it, for the host, the
    port or the database: what is shown of the address would then show the password."""
    place = url.partition("://")[2].partition("?")[0]
    authority, _, database = place.partition("/")
    ports = (one for one in port.split(",") if one)
    return authority.count("@") > 1 or "@" in database or not all(map(str.isdecimal, ports))


def _shown(told: dict[str, str]) -> str:
    user, host, port = (told.get(name, "") for name in ("user", "host", "port"))
    login = f"{user}@" if user else ""
    is_socket = host.startswith("/")
    place = "" if is_socket else ",".join(_places(host, port))
    query = f"?host={host}" if is_socket else ""
    if not host and "service" in told:
        query = f"?service={told['service']}"
    return f"postgresql://{login}{place}/{told.get('dbname', '')}{query}"


def _places(host: str, port: str) -> list[str]:
    hosts = [f"[{one}]" if ":" in one else one for one in host.split(",")]
    ports = port.split(",")
    if len(ports) != len(hosts):
        ports = ports[:1] * len(hosts)
    return [f"{one}:{at}" if at else one for one, at in zip(hosts, ports, strict=True)]
