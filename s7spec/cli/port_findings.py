"""Port errors as findings: one table from what went wrong to rule, place, hint and exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from s7spec import ports
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.holders import is_gone
from s7spec.cli.stop import Stop
from s7spec.cli.workplace import Workplace
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meaning:
    rule: Rule
    key: str
    hint: str
    exit_code: ExitCode = ExitCode.INVALID


_CREDENTIALS_HINT = (
    "set S7SPEC_USER and S7SPEC_PASSWORD (or S7SPEC_PASSWORD_FILE, S7SPEC_PASSWORD_COMMAND)"
)

_MEANINGS: dict[type[ports.PortError], _Meaning] = {
    ports.IpsUnreachable: _Meaning(
        rule=Rule.UNREACHABLE,
        key="ips",
        hint="check `ips:`, the network and any proxy",
    ),
    ports.CredentialsMissing: _Meaning(rule=Rule.NO_CREDENTIALS, key="ips", hint=_CREDENTIALS_HINT),
    ports.CredentialsRefused: _Meaning(
        rule=Rule.BAD_CREDENTIALS,
        key="ips",
        hint="check S7SPEC_USER and S7SPEC_PASSWORD, and that the user belongs to this region;"
        " the embedded IPS knows the users of its catalog.yaml, demo@example.com without any",
    ),
    ports.CompanyUnknown: _Meaning(
        rule=Rule.UNKNOWN_COMPANY,
        key="company",
        hint="write the company's name as IPS spells it; the user must be a member",
    ),
    ports.IpsFault: _Meaning(
        rule=Rule.IPS_FAULT,
        key="ips",
        hint="the fault is IPS's own word; `s7spec status` shows what it took",
        exit_code=ExitCode.ERROR,
    ),
    ports.IpsAnswerUnreadable: _Meaning(
        rule=Rule.IPS_ANSWER,
        key="ips",
        hint="does `ips:` lead to IPS itself, not to a proxy or a login page?",
        exit_code=ExitCode.ERROR,
    ),
    ports.LedgerUnwritable: _Meaning(
        rule=Rule.LEDGER_UNWRITABLE,
        key="ledger",
        hint="`ledger:` in s7spec.yaml, or S7SPEC_LEDGER, names it; its folder must be writable",
    ),
    ports.LedgerCorrupt: _Meaning(
        rule=Rule.LEDGER_CORRUPT,
        key="ledger",
        hint="move it away, then `s7spec ledger restore` fills a new one from a backup, or"
        " `s7spec ledger rebuild` from what IPS shows",
    ),
    ports.LedgerNewer: _Meaning(
        rule=Rule.LEDGER_NEWER, key="ledger", hint="use the s7spec that wrote it, or a newer one"
    ),
    ports.LeaseHeld: _Meaning(
        rule=Rule.LEASE_HELD,
        key="ledger",
        hint="wait for it to end; a lease of a dead process runs out by itself, or"
        " `s7spec ledger unlock` gives it back",
        exit_code=ExitCode.LOCKED,
    ),
    ports.LedgerConflict: _Meaning(
        rule=Rule.STALE_PLAN,
        key="ledger",
        hint="somebody else wrote to the ledger meanwhile: plan again",
        exit_code=ExitCode.STALE,
    ),
}


@contextmanager
def port_errors_as_findings(workplace: Workplace) -> Iterator[None]:
    """Turns whatever comes through a port into a Stop that points into s7spec.yaml."""
    try:
        yield
    except ports.PortError as error:
        raise as_stop(error, workplace) from error


def as_stop(error: ports.PortError, workplace: Workplace) -> Stop:
    meaning = next(_MEANINGS[kind] for kind in type(error).__mro__ if kind in _MEANINGS)
    where = _place(error, meaning, workplace)
    finding = Diagnostic(
        rule=meaning.rule,
        summary=str(error),
        hint=_hint(error, meaning, workplace),
        where=where,
        snippet=workplace.snippet(where),
    )
    return Stop((finding,), meaning.exit_code)


def _hint(error: ports.PortError, meaning: _Meaning, workplace: Workplace) -> str:
    if isinstance(error, ports.IpsUnreachable) and workplace.environment.ips == "embedded":
        return (
            "an embedded IPS lives as long as the command that started it; to share one, start "
            "`s7spec ips serve` with the same catalog and data folders and run this again"
        )
    if isinstance(error, ports.LeaseHeld) and is_gone(error.lease.holder):
        return (
            "that process was on this machine, and is not running any more: `s7spec ledger unlock` "
            "gives the lease back"
        )
    return error.remedy or meaning.hint


def _place(error: ports.PortError, meaning: _Meaning, workplace: Workplace) -> SourceRange:
    if meaning.key == "ledger":
        return workplace.ledger_place()
    return workplace.place(meaning.key)
