"""What an environment lets nobody do without a second look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one plan may start or take back at once; None means no limit.

    ``bytes`` is an estimate of what is delivered. ``pct_of_known`` are the jobs that are sent, in
    percent of those that the ledger knows in the environment. ``cancels`` are jobs taken back from
    IPS.
    """

    jobs: int | None = None
    assets: int | None = None
    bytes: int | None = None
    pct_of_known: int | None = None
    cancels: int | None = None


class Gate(StrEnum):
    """What is done about something doubtful: nothing, say it, or refuse the plan."""

    ALLOW = "allow"
    WARN = "warn"
    DENY = "deny"


class PolicyLevel(StrEnum):
    WARN = "warn"
    DENY = "deny"


class PolicyScope(StrEnum):
    """What a policy is asked about: each job that something is done about, or the plan once."""

    JOB = "job"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A rule of the project's own: ``when`` is an expression (CEL) that is true where it is broken;
    ``message`` says why that matters."""

    name: str
    when: str
    message: str
    level: PolicyLevel = PolicyLevel.DENY
    scope: PolicyScope = PolicyScope.JOB


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody's word that one plan, and no other, may pass one guardrail."""

    guard: str
    digest: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrails:
    """All of an environment. ``protected`` are terms as ``--select`` takes them, ``originals``
    is about ``fmt: orig``, ``names`` about files that cannot lie beside each other on every disk.
    ``deny_modifiers`` are commands, whatever manifests allow."""

    limits: Limits = Limits()
    protected: tuple[str, ...] = ()
    production: bool = False
    originals: Gate = Gate.WARN
    names: Gate = Gate.WARN
    deny_modifiers: tuple[str, ...] = ()
    policies: tuple[Policy, ...] = ()
    approve: tuple[Approval, ...] = ()


USUAL_GUARDRAILS = Guardrails()
