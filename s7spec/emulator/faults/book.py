"""Which faults hit a call: counting, chance, and one fault for each slot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from s7spec.emulator.faults.rules import (
    ClockSkew,
    FaultRule,
    JobEffect,
    Latency,
    ReplyEffect,
    Slot,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The faults of one call. ``salt`` is a number by chance for whatever more needs it."""

    latency: Latency | None = None
    reply: ReplyEffect | None = None
    of_job: tuple[JobEffect, ...] = ()
    clock: ClockSkew | None = None
    salt: int = 0

    def __str__(self) -> str:
        """The kinds, for people."""
        effects = (self.latency, self.reply, *self.of_job, self.clock)
        return ", ".join(effect.kind for effect in effects if effect is not None)


class _Count:
    """How often a rule was asked and hit. Its stream of chance is its own, so that rules do not
    disturb each other."""

    def __init__(self, rule: FaultRule, seed: int, position: int) -> None:
        self.rule = rule
        self.calls = 0
        self.hits = 0
        # Chance for tests, not for secrets.
        self._random = Random(f"{seed}/{position}")  # noqa: S311

    def asks(self) -> tuple[bool, float]:
        """Count a matching call. Whether the rule wants it, and the number drawn for it."""
        self.calls += 1
        # Drawn for each call, needed or not: the n-th call always meets the n-th number.
        draw = self._random.random()
        spent = self.rule.times is not None and self.hits >= self.rule.times
        return not spent and self.rule.trigger.picks(self.calls, draw), draw


class RuleBook:
    """Rules with their counters. The same calls in the same order meet the same faults.

    Not thread-safe; LiveFaults guards it.
    """

    def __init__(self, rules: Iterable[FaultRule] = (), *, seed: int = 0) -> None:
        self.seed = seed
        self._counts: list[_Count] = []
        self.standing_skew = timedelta()
        self.add(rules)

    def add(self, rules: Iterable[FaultRule]) -> None:
        for rule in rules:
            self._counts.append(_Count(rule, self.seed, len(self._counts)))
        skews = (r.effect for r in self.rules if isinstance(r.effect, ClockSkew) and r.is_constant)
        self.standing_skew = timedelta(seconds=next((skew.seconds for skew in skews), 0))

    @property
    def is_empty(self) -> bool:
        return not self._counts

    @property
    def rules(self) -> tuple[FaultRule, ...]:
        return tuple(count.rule for count in self._counts)

    @property
    def hits(self) -> tuple[int, ...]:
        """How many calls each rule has hit, in the order of the rules."""
        return tuple(count.hits for count in self._counts)

    def decide(self, operation: str | None) -> Decision | None:
        """The faults of the next call, None for none. In each slot the first rule wins; one that
        comes too late there has not hit."""
        chosen: dict[Slot, FaultRule] = {}
        salt = 0
        for count in self._counts:
            if not count.rule.is_about(operation):
                continue
            wants, draw = count.asks()
            slot = count.rule.effect.slot
            if wants and slot not in chosen:
                count.hits += 1
                chosen[slot] = count.rule
                salt = int(draw * 2**32) if slot is Slot.FATE else salt
        return _decision([rule.effect for rule in chosen.values()], salt) if chosen else None


def _decision(effects: Iterable[object], salt: int) -> Decision:
    latency, reply, clock = None, None, None
    of_job: list[JobEffect] = []
    for effect in effects:
        match effect:
            case Latency():
                latency = effect
            case ClockSkew():
                clock = effect
            case _ if isinstance(effect, JobEffect):
                of_job.append(effect)
            case _ if isinstance(effect, ReplyEffect):
                reply = effect
    return Decision(latency=latency, reply=reply, of_job=tuple(of_job), clock=clock, salt=salt)
