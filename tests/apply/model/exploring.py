"""All executions of a variant, each judged in the end.

A state between two runs is explored once, however many ways lead to it; how many executions there
are is counted all the same, and exactly: those through a state are the ways to it times the ways
on from it.
"""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass

from s7spec.model.ledger import AttemptState
from s7spec.model.receipt import RunOutcome
from s7spec.model.wishes import Refresh
from tests.apply.model.choices import Choices
from tests.apply.model.stage import WISHES, Stage, tells_of_double
from tests.apply.model.state import State
from tests.apply.model.variants import LAG, LATE, LEASE, QUARANTINE, Variant
from tests.fakes.jobs import export_job, resolved_job

LATER = resolved_job("shop/other", export_job(is_modifier="wid=300"))
"""What is exported some other day: a run that sends something looks at all that IPS lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """How many executions ended with a job that the server has twice, with one of which nobody was
    told, with something lost or called done that is not. ``runs`` were carried out to tell.
    The others are examples: the choices that led there."""

    executions: int = 0
    duplicated: int = 0
    undetected: int = 0
    lost: int = 0
    duplicate: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    loss: tuple[str, ...] = ()

    def with_more(self, other: "Verdicts", way: tuple[str, ...]) -> "Verdicts":
        return Verdicts(
            executions=self.executions + other.executions,
            duplicated=self.duplicated + other.duplicated,
            undetected=self.undetected + other.undetected,
            lost=self.lost + other.lost,
            duplicate=self.duplicate or (other.duplicate and (*way, *other.duplicate)),
            secret=self.secret or (other.secret and (*way, *other.secret)),
            loss=self.loss or (other.loss and (*way, *other.loss)),
        )


class Explorer:
    """``runs`` counts those that were carried out, instead of one for each execution.
    ``remembers``: a state is explored once, however many ways lead to it."""

    def __init__(self, variant: Variant, *, remembers: bool = True) -> None:
        self._variant = variant
        self._remembers = remembers
        self._known: dict[Hashable, Verdicts] = {}
        self.runs = 0

    def explore(self) -> Verdicts:
        return self._from(State.of_old(self._variant.losses), self._variant.runs)

    def _from(self, state: State, runs: int) -> Verdicts:
        state = state if runs else state.at_its_end()
        key = (state.key(), runs)
        if not self._remembers or key not in self._known:
            self._known[key] = self._all_ways_from(state, runs) if runs else self._end(state)
        return self._known[key]

    def _all_ways_from(self, state: State, runs: int) -> Verdicts:
        found = Verdicts()
        choices = Choices()
        while True:
            stage = Stage(state, self._variant, choices)
            stage.play()
            self.runs += 1
            found = found.with_more(self._from(stage.state(), runs - 1), tuple(choices.labels))
            if not choices.rewind():
                return found

    def _end(self, state: State) -> Verdicts:
        """Healthy runs until nothing is left to do, and one on another day."""
        stage = Stage(state, self._variant)
        wanted = (WISHES[state.wish],)
        stage.clock.move(LEASE + 1)
        refresh = Refresh.AUTO
        for _ in range(6):
            plan = stage.run(wanted, refresh=refresh)
            self.runs += 1
            assert plan is not None, "a healthy run was refused"
            if not plan.has_changes:
                break
            hints = any("--refresh full" in item.message for item in stage.reports[-1].items)
            refresh = Refresh.FULL if hints else Refresh.AUTO
        stage.clock.move(QUARANTINE + LATE + LAG)
        assert stage.run((*wanted, LATER)) is not None
        self.runs += 1
        return _verdict(stage)


_IN_DOUBT = [state for state in AttemptState if state.is_in_doubt]


def _verdict(stage: Stage) -> Verdicts:
    ledger = stage.store.pages
    names = Counter(job.name for job in stage.ips.jobs)
    doubles = {name for name, copies in names.items() if copies > 1}
    told = stage.told or any(map(tells_of_double, stage.reports))
    told = told or all(
        any("jobs of this name" in event.message for event in ledger.events.get(name, ()))
        for name in doubles
    )
    last = stage.reports[-1]
    states = {item.key: item.state for item in last.items}
    held = last.outcome is RunOutcome.AMBIGUOUS
    delivered = all(
        states.get(job.key) is AttemptState.OK or (held and states.get(job.key) in _IN_DOUBT)
        for job in (WISHES[stage.wish], LATER)
    )
    done = (each for each in ledger.attempts.values() if each.state is AttemptState.OK)
    made_up = {each.name for each in done if not each.forgotten} - names.keys()
    lost = not delivered or bool(made_up) or not names.keys() <= ledger.attempts.keys()
    return Verdicts(
        executions=1,
        duplicated=int(bool(doubles)),
        undetected=int(bool(doubles) and not told),
        lost=int(lost),
        duplicate=_ending(doubles),
        secret=_ending(doubles) if not told else (),
        loss=(f"{states}", f"made up: {made_up}", f"server: {dict(names)}") if lost else (),
    )


def _ending(doubles: set[str]) -> tuple[str, ...]:
    return tuple(f"twice: {name}" for name in sorted(doubles))
