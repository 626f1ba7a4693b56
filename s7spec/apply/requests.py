"""What a flight asks the loop for, one thing at a time: it waits until it gets it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeAlias

from s7spec.model.ledger import Attempt
from s7spec.ports import LedgerWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A call to IPS, made beside others; its PortError is raised in the flight. ``sends``: it is a
    submit. ``before``: when it could not be made by then (seconds on the watch), TooLate is raised
    instead and nothing was called."""

    call: Callable[[], object]
    sends: bool = False
    before: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A step in the ledger: durable when the flight goes on. Steps of several flights share a
    transaction."""

    step: Callable[[LedgerWriter], Attempt | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The next word about a job of this name in the list of all that runs: the ActiveJobs that
    have it, none when it is not in the list."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Until the watch shows ``until`` seconds."""

    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """Leave to start something new; CalledOff is raised when nothing more is to be started."""


Request: TypeAlias = Ask | Write | Watch | Rest | Clearance

Steps: TypeAlias = Generator[Request, Any, None]
"""The course of a flight. What is sent into it answers the request it made."""


class CalledOff(Exception):
    """Nothing more is started; ``str()`` says why. Nothing was written or sent for this request."""


class TooLate(Exception):
    """The intent is older than a submit may be: it has to be written anew."""
