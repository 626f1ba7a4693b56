"""What a look at the way to IPS found, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CheckStep(StrEnum):
    """The steps, in the order they are taken."""

    DNS = "dns"
    CONNECTION = "connection"
    LOGIN = "login"
    COMPANY = "company"
    PERMISSIONS = "permissions"
    CLOCK = "clock"
    VERSION = "version"


class CheckOutcome(StrEnum):
    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """``found`` is one plain sentence without secrets; ``remedy`` says what to do, "" when nothing
    is to be done."""

    step: CheckStep
    outcome: CheckOutcome
    found: str
    remedy: str = ""
