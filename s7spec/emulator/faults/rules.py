"""The values of fault injection: what goes wrong, for which calls, how often."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from s7spec.emulator.faults.operations import (
    DOWNLOADS,
    EVERY_OPERATION,
    SOAP_OPERATIONS,
    WSDL_DOWNLOAD,
)
from s7spec.emulator.soap.faults import FaultCode

_SUBMIT = "submitJob"


class Slot(StrEnum):
    """What a fault changes. One call has room for one fault in each slot."""

    TIME = "time"
    REPLY = "reply"
    ACCEPTANCE = "acceptance"
    LOOKUP = "lookup"
    FATE = "fate"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """The answer comes ``seconds`` late; ``acted`` tells whether the waiting comes after acting."""

    kind: ClassVar[str] = "latency"
    slot: ClassVar[Slot] = Slot.TIME
    seconds: float
    acted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """The connection is reset, before or after the request was acted on."""

    kind: ClassVar[str] = "reset"
    slot: ClassVar[Slot] = Slot.REPLY
    acted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedReply:
    """The request is acted on, then the connection is closed without a byte."""

    kind: ClassVar[str] = "dropped-reply"
    slot: ClassVar[Slot] = Slot.REPLY
    acted: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpError:
    """An HTML page, as load balancers and proxies send it."""

    kind: ClassVar[str] = "http-error"
    slot: ClassVar[Slot] = Slot.REPLY
    status: int
    acted: bool = False
    retry_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapFault:
    """One of the documented faults. ``faultHttpStatusCode`` of the request is honoured."""

    kind: ClassVar[str] = "fault"
    slot: ClassVar[Slot] = Slot.REPLY
    code: FaultCode
    reason: str = "injected fault"
    acted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MalformedXml:
    """The real answer, whole, with a mistake in its XML."""

    kind: ClassVar[str] = "malformed-xml"
    slot: ClassVar[Slot] = Slot.REPLY
    acted: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncatedBody:
    """Content-Length is that of the real answer, but only a ``share`` of it comes."""

    kind: ClassVar[str] = "truncated-body"
    slot: ClassVar[Slot] = Slot.REPLY
    acted: ClassVar[bool] = True
    share: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowBody:
    """The real answer, ``chunk_bytes`` at a time with ``seconds`` between."""

    kind: ClassVar[str] = "slow-body"
    slot: ClassVar[Slot] = Slot.REPLY
    acted: ClassVar[bool] = True
    seconds: float
    chunk_bytes: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayedAcceptance:
    """submitJob is answered at once; the job is taken in ``seconds`` later."""

    kind: ClassVar[str] = "delayed-acceptance"
    slot: ClassVar[Slot] = Slot.ACCEPTANCE
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupLag:
    """The job is there and works, but no list or log shows it for ``seconds``."""

    kind: ClassVar[str] = "lookup-lag"
    slot: ClassVar[Slot] = Slot.LOOKUP
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFails:
    """The job ends without a ZIP."""

    kind: ClassVar[str] = "job-fails"
    slot: ClassVar[Slot] = Slot.FATE
    reason: str = "injected failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailsAssets:
    """About a ``share`` of the job's assets cannot be exported."""

    kind: ClassVar[str] = "job-fails-assets"
    slot: ClassVar[Slot] = Slot.FATE
    share: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHangs:
    """The job stays Running for ever once ``after`` assets are done."""

    kind: ClassVar[str] = "job-hangs"
    slot: ClassVar[Slot] = Slot.FATE
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSkew:
    """During the call the server's clock is ``seconds`` ahead (negative: behind)."""

    kind: ClassVar[str] = "clock-skew"
    slot: ClassVar[Slot] = Slot.CLOCK
    seconds: float


ReplyEffect = Reset | DroppedReply | HttpError | SoapFault | MalformedXml | TruncatedBody | SlowBody
JobEffect = DelayedAcceptance | LookupLag | JobFails | JobFailsAssets | JobHangs
Effect = Latency | ReplyEffect | JobEffect | ClockSkew


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Which of the matching calls are hit: all, or those that the one value given picks.

    ``nth`` is one call, ``every`` each n-th, ``first`` so many from the start; calls count from 1.
    """

    probability: float | None = None
    nth: int | None = None
    every: int | None = None
    first: int | None = None

    def __post_init__(self) -> None:
        given = [self.probability, self.nth, self.every, self.first]
        if len([value for value in given if value is not None]) > 1:
            raise ValueError("give only one of probability, nth, every, first")

    def picks(self, number: int, draw: float) -> bool:
        """``number`` is that of the call, ``draw`` a chance number from 0 to below 1."""
        if self.probability is not None:
            return draw < self.probability
        if self.nth is not None:
            return number == self.nth
        if self.every is not None:
            return number % self.every == 0
        return self.first is None or number <= self.first


ALWAYS = Trigger()


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRule:
    """One rule. ``operations`` are names, or ``*`` alone; empty means submitJob for what happens
    to jobs, else every operation. ``times`` bounds how often it hits. ``place`` is where a file
    has it. Raises ValueError for operations the effect is not made for."""

    effect: Effect
    operations: tuple[str, ...] = ()
    trigger: Trigger = ALWAYS
    times: int | None = None
    place: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        allowed = allowed_operations(self.effect.kind)
        wrong = [name for name in self.operations if name not in allowed]
        if wrong:
            raise ValueError(f"{self.effect.kind} cannot hit {wrong[0]!r}")

    @property
    def is_constant(self) -> bool:
        """Whether it hits every call to the endpoint, for ever."""
        everywhere = not self.operations or EVERY_OPERATION in self.operations
        return everywhere and self.trigger == ALWAYS and self.times is None

    def is_about(self, operation: str | None) -> bool:
        """``operation`` is None for a POST whose operation cannot be told."""
        if operation in self.operations:
            return True
        if not self.operations and isinstance(self.effect, JobEffect):
            return operation == _SUBMIT
        everything = not self.operations or EVERY_OPERATION in self.operations
        # A clock is wrong for whatever shows the time.
        return everything and (operation not in DOWNLOADS or isinstance(self.effect, ClockSkew))

    def __str__(self) -> str:
        return f"{self.effect.kind} for {', '.join(self.operations) or 'the default operations'}"


_OF_JOBS = frozenset(
    effect.kind for effect in (DelayedAcceptance, LookupLag, JobFails, JobFailsAssets, JobHangs)
)


def allowed_operations(kind: str) -> tuple[str, ...]:
    """What ``operations`` may name for a kind of fault."""
    if kind in _OF_JOBS:
        return (_SUBMIT,)
    if kind == SoapFault.kind:
        return (EVERY_OPERATION, *SOAP_OPERATIONS)
    if kind == MalformedXml.kind:
        return (EVERY_OPERATION, *SOAP_OPERATIONS, WSDL_DOWNLOAD)
    return (EVERY_OPERATION, *SOAP_OPERATIONS, *DOWNLOADS)
