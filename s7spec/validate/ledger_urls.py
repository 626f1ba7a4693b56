"""What a ledger's URL in s7spec.yaml may say: where it is, never who may go there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from s7spec.model.project import is_ledger_url
from s7spec.model.rules import Rule
from s7spec.model.source import is_secret_name
from s7spec.validate.mistakes import Mistake
from s7spec.validate.words import nearest, shown

_PASSWORD_IN_URL = re.compile(r"://[^@]*:[^@]*@")
"""More than a URL says at that place, so that also one that is written wrongly is found."""

_PARAMETERS = frozenset(
    {
        *("host", "hostaddr", "port", "user", "application_name", "connect_timeout"),
        *("sslmode", "sslrootcert", "sslnegotiation", "ssl_min_protocol_version", "sslsni"),
        *("channel_binding", "require_auth", "gssencmode"),
        *("target_session_attrs", "load_balance_hosts", "tcp_user_timeout"),
        *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count"),
    }
)
"""Those of libpq's parameters that say where and how. Plans run on checkouts that nobody has
reviewed: none of those is among them that name files with secrets, or a file to be written."""


def holds_secret(text: str) -> bool:
    """True for the URL of a ledger with a password in it, in any place."""
    if not is_ledger_url(text):
        return False
    if _PASSWORD_IN_URL.search(text):
        return True
    return any(is_secret_name(name) and name != "user" for name in _parameters(text))


def find_bad_parameters(ledger: object) -> Iterator[Mistake]:
    """``ledger`` is the value of the key, of whatever type."""
    if not isinstance(ledger, str) or not is_ledger_url(ledger):
        return
    for name in _parameters(ledger):
        if name in _PARAMETERS:
            continue
        near = nearest(name, _PARAMETERS)
        yield Mistake(
            rule=Rule.NOT_ALLOWED,
            pointer=("ledger",),
            summary=f"`{shown(name)}` cannot stand in the URL of the ledger",
            hint=f"did you mean `{near}`?"
            if near
            else "set what is your own in libpq's variables (PGPASSFILE, PGSSLKEY, PGOPTIONS ...), "
            "or name the ledger in S7SPEC_LEDGER",
        )
        return


def _parameters(url: str) -> list[str]:
    query = url.partition("?")[2]
    return [unquote(each.partition("=")[0]) for each in query.split("&") if each]
