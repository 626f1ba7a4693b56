"""One job on its way: what is known of it, and the steps by which the ledger learns it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from s7spec.apply.fitting import is_enough, is_wanted
from s7spec.apply.requests import Ask, Request, Rest, Steps, Write
from s7spec.apply.tower import Tower
from s7spec.apply.wording import run_item, with_double
from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import Attempt, AttemptState, FailureClass, Prior
from s7spec.model.plan import Action, PlanItem, ReasonCode
from s7spec.model.receipt import RunItem
from s7spec.ports import (
    CompanyUnknown,
    CredentialsMissing,
    CredentialsRefused,
    IpsAnswerUnreadable,
    IpsFault,
    IpsUnreachable,
    PortError,
)

NO_ACCESS = (CredentialsMissing, CredentialsRefused, CompanyUnknown)
LOOK_FAILED = (IpsUnreachable, IpsFault, IpsAnswerUnreadable)
_BAD_ENDS = (
    AttemptState.PARTIAL,
    AttemptState.FAILED,
    AttemptState.STOPPED,
    AttemptState.CANCELLED,
)
_SLOWER = 1.5

Found = TypeVar("Found")


class Flight:
    """``attempt`` is the ledger's record of what it is about, None as long as nothing was written.
    ``prior`` is the job's latest attempt as a new one must name it. When ``is_over`` the run has
    nothing more to do for it: it ended, or ``note`` says why it was left as it is. ``no_access`` is
    set when IPS does not let us in at all. ``replaces``: the attempt is an older one that stands in
    the way of the one planned. ``in_doubt``: that one may have been sent before, although the
    ledger does not say so; ``is_listed``: IPS lists it. ``asks_log``: it may have been sent longer
    ago than IPS was asked for lists of. ``was_found``: IPS had it, and it was not sent.
    ``has_looked``: IPS was asked about it in this run. ``copies`` are the jobs of its name.
    """

    def __init__(
        self,
        item: PlanItem,
        tower: Tower,
        *,
        attempt: Attempt | None,
        prior: Prior | None,
        job: ResolvedJob | None,
        replaces: bool = False,
    ) -> None:
        self.item = item
        self.tower = tower
        self.attempt = attempt
        self.prior = prior
        self.job = job
        self.replaces = replaces
        self.in_doubt = False
        self.is_listed = False
        self.asks_log = False
        self.was_found = False
        self.is_over = False
        self.has_looked = False
        self.no_access = ""
        self.note = ""
        self.sends = 0
        self.copies = 1
        self.last_seen = self.seconds()
        self.doubt_until = self.last_seen if attempt is None else self.end_of_doubt(attempt)
        self._delay = tower.options.first_poll_seconds
        self._failing_since: float | None = None
        self.followed_until: float | None = None
        self._without_zip_since: float | None = None
        self._told: tuple[int | None, str] | None = None
        self._wait_told: Prior | None = None
        self._compared = ("", False)

    @property
    def assets(self) -> int:
        if self.attempt is not None:
            return len(self.attempt.sent)
        return len(self.item.sent_assets)

    @property
    def known(self) -> Attempt:
        """The attempt, where there must be one."""
        assert self.attempt is not None, f"{self.item.key} has no attempt yet"
        return self.attempt

    @property
    def is_wanted(self) -> bool:
        """False when the job is followed, but another attempt, or nothing, is wanted by now."""
        if self.attempt is None:
            return True
        return not self.replaces and self._delivers_what_is_wanted(self.attempt)

    @property
    def waits_for_zip(self) -> bool:
        """It ended, but the line that names its ZIP may still come."""
        return self._without_zip_since is not None and not self.is_over

    @property
    def fell_short(self) -> bool:
        """True when what is wanted did not come about, once and no more."""
        if self.copies > 1 or self.failed or self._owes_a_run:
            return True
        return self._is_superseded

    @property
    def _owes_a_run(self) -> bool:
        """True when it was to run once more, and was found on IPS instead: nobody knows whether
        that is the run that was asked for."""
        return self.was_found and any(
            reason.code is ReasonCode.FORCED for reason in self.item.reasons
        )

    @property
    def _is_superseded(self) -> bool:
        """True when another attempt than this one is wanted by now."""
        if self.attempt is None:
            return False
        if self.replaces or self.item.fingerprint is None:
            return self.replaces
        return not (
            self._delivers_what_is_wanted(self.attempt) or is_enough(self.item, self.attempt)
        )

    def _delivers_what_is_wanted(self, attempt: Attempt) -> bool:
        """Compared once for each attempt: hundreds of assets may be hashed for it."""
        if self._compared[0] != attempt.name:
            self._compared = (attempt.name, is_wanted(self.item, attempt))
        return self._compared[1]

    @property
    def failed(self) -> bool:
        """True when it went wrong, or was left before its end."""
        if self.note or (self.attempt is None and not self.is_over):
            return True
        if self.attempt is None or self.item.action is Action.CANCEL:
            return False
        if self.attempt.state is AttemptState.REFUSED:
            return self.is_wanted
        return self.attempt.state in _BAD_ENDS

    def run_item(self) -> RunItem:
        return run_item(
            self.item,
            self.attempt,
            note=self.note,
            copies=self.copies,
            owes_a_run=self._owes_a_run,
            is_superseded=self._is_superseded,
        )

    def seconds(self) -> float:
        return self.tower.watch.seconds()

    def leave(self, why: str) -> None:
        """What is in the ledger stays as it is; the run does nothing more for it."""
        self.note = why
        self.is_over = True

    def shut_out(self, error: PortError) -> None:
        """IPS does not let us in."""
        self.leave(f"IPS refused access: {error}")
        self.no_access = str(error)

    def moved_to(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.tell()

    def tell(self) -> None:
        self.tower.observer.moved(self.run_item(), assets=self.assets)

    def tell_progress(self, percent: int | None, message: str) -> None:
        if (percent, message) != self._told:
            self._told = (percent, message)
            self.tower.observer.progressed(self.item.key, percent, message)

    def tell_wait(self, text: str, *, until: float) -> None:
        """Once for each state of the attempt: ``text`` says what is waited for."""
        if self._wait_told == self.known.prior:
            return
        self._wait_told = self.known.prior
        text = text.format(self.item.key.short, self.tower.options.quarantine_seconds)
        left = max(until - self.seconds(), 0.0)
        self.tower.observer.waits(text, seconds=left, key=self.item.key)

    def ask(self, call: Callable[[str], Found], name: str) -> Generator[Request, Any, Found]:
        """A look at IPS. One that fails is repeated for the run's patience; LOOK_FAILED then."""
        while True:
            try:
                found: Found = yield Ask(call=partial(call, name))
            except LOOK_FAILED as error:
                yield from self.bear(error)
            else:
                self.looked_well()
                return found

    def looked_well(self) -> None:
        self._failing_since = None
        self.tower.contact.answered()

    def bear(self, error: PortError) -> Steps:
        """After a look that failed: rests, or raises ``error`` when patience is at its end."""
        self.tower.contact.failed(error)
        now = self.seconds()
        self._failing_since = now if self._failing_since is None else self._failing_since
        end = self._failing_since + self.tower.options.patience_seconds
        if self.followed_until is not None:
            end = min(end, self.followed_until)
        if now >= end:
            raise error
        yield from self.rest(until=end)

    def rest(self, *, until: float | None = None) -> Steps:
        """Longer each time, up to the run's slowest pace."""
        now = self.seconds()
        due = now + self._delay
        yield Rest(until=due if until is None else min(due, until))
        self._delay = min(self._delay * _SLOWER, self.tower.options.last_poll_seconds)

    def hurry(self) -> None:
        """Something happened: the next rests are short again."""
        self._delay = self.tower.options.first_poll_seconds

    def begin_anew(self, prior: Prior) -> None:
        """The older attempt is over: what follows is about the new one."""
        self.attempt, self.prior = None, prior
        self.replaces = self.is_over = self.has_looked = False
        self.sends, self.copies = 0, 1
        self._without_zip_since = self._told = None
        self.hurry()

    def forgetting(self, message: str) -> Write:
        prior, at, key = self.known.prior, self.tower.watch.wall(), self.item.key
        return Write(step=lambda writer: writer.forget(key, prior=prior, at=at, message=message))

    def has_zip_grace(self) -> bool:
        """Whether the line that names the ZIP may still come, after the job's end."""
        now = self.seconds()
        if self._without_zip_since is None:
            self._without_zip_since = now
        return now - self._without_zip_since < self.tower.options.zip_grace_seconds

    def is_at_work(self) -> None:
        """IPS shows no end, or none any more."""
        self._without_zip_since = None

    def intend(self, attempt: Attempt, prior: Prior | None) -> Steps:
        digest = self.item.spec_digest_bytes
        intended = yield Write(
            step=lambda writer: writer.intend(attempt, prior=prior, spec_digest=digest)
        )
        self.doubt_until = self.end_of_doubt(intended)
        self.moved_to(intended)

    def record(
        self,
        attempt: Attempt,
        state: AttemptState,
        *,
        message: str,
        failure: FailureClass | None = None,
        ended: datetime | None = None,
    ) -> Steps:
        """``ended`` is when IPS says it was: a run may learn of it days later."""
        now = self.tower.watch.wall()
        told = replace(
            attempt,
            state=state,
            message=with_double(message, self.copies),
            updated_at=now,
            ended_at=None if state.is_open else min(ended or now, now),
            failure=failure,
        )
        recorded = yield Write(step=lambda writer: writer.record(told))
        self.moved_to(recorded)

    def land(
        self,
        attempt: Attempt,
        state: AttemptState,
        message: str,
        failure: FailureClass | None = None,
        ended: datetime | None = None,
    ) -> Steps:
        yield from self.record(attempt, state, message=message, failure=failure, ended=ended)
        self.is_over = True

    def end_of_doubt(self, attempt: Attempt) -> float:
        """When a submit may no longer surface: the quarantine counts from the intent. An intent
        from the future (the clock was set back) tells nothing, and gets the full time."""
        age = (self.tower.watch.wall() - attempt.intended_at).total_seconds()
        quarantine = self.tower.options.quarantine_seconds
        return self.seconds() + quarantine - min(max(age, 0), quarantine)
