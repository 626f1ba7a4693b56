"""One job on its way: from the intent to the recorded end. The only place that sends."""

from __future__ import annotations

from dataclasses import replace

from s7spec.apply.courses import Follow, Launch, is_superseded, is_wanted
from s7spec.apply.drafts import first_intent, next_intent
from s7spec.apply.joblog import read_ending
from s7spec.apply.tower import Tower
from s7spec.apply.wording import ADOPTED, GONE, HELD, ZIP_IS_LATE, run_item, with_double
from s7spec.model.ips import JobPhase, JobSnapshot
from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.receipt import RunItem
from s7spec.model.submission import Submission
from s7spec.ports import (
    CompanyUnknown,
    CredentialsMissing,
    CredentialsRefused,
    IpsAnswerUnreadable,
    IpsFault,
    IpsUnreachable,
    PortError,
    SubmitRefused,
)

_NO_ACCESS = (CredentialsMissing, CredentialsRefused, CompanyUnknown)
_LOOK_FAILED = (IpsUnreachable, IpsFault, IpsAnswerUnreadable)
_BAD_ENDS = (AttemptState.PARTIAL, AttemptState.FAILED, AttemptState.STOPPED)
_SLOWER = 1.5


class Flight:
    """Moves on by ``step``, which is due when the watch shows ``due`` seconds.

    ``attempt`` is the ledger's record of it, None as long as nothing was written. When ``is_over``
    the run has nothing more to do for it: it ended, or ``note`` says why it was left as it is.
    ``no_access`` is set when IPS does not let us in at all.
    """

    def __init__(self, course: Launch | Follow, tower: Tower) -> None:
        self.item = course.item
        self.attempt = course.attempt if isinstance(course, Follow) else None
        self.is_over = False
        self.no_access = ""
        self.note = ""
        self._prior = course.prior if isinstance(course, Launch) else None
        self._job = course.job
        self._tower = tower
        self.due = self._seconds()
        self._delay = tower.options.first_poll_seconds
        self._sends = 0
        self._last_seen = self.due
        self._failing_since: float | None = None
        self._without_zip_since: float | None = None
        self._doubt_until = self.due if self.attempt is None else self._end_of_doubt(self.attempt)
        self._told: tuple[int | None, str] | None = None
        self._copies = 1

    @property
    def assets(self) -> int:
        job = self.item.export_job if self.attempt is None else self.attempt.export_job
        return 0 if job is None else len(job.assets)

    @property
    def is_wanted(self) -> bool:
        """False when the job is followed, but something else, or nothing, is wanted by now."""
        return self.attempt is None or is_wanted(self.item, self.attempt)

    @property
    def fell_short(self) -> bool:
        """True when what is wanted did not come about, once and no more."""
        if self._copies > 1 or self.failed:
            return True
        return self.attempt is not None and is_superseded(self.item, self.attempt)

    @property
    def failed(self) -> bool:
        """True when it went wrong, or was left before its end."""
        if self.attempt is None or self.note:
            return True
        if self.attempt.state is AttemptState.REFUSED:
            return self.is_wanted
        return self.attempt.state in _BAD_ENDS

    def step(self) -> None:
        """One call to IPS or two. Errors of the ledger pass through: they end the run."""
        try:
            if self.attempt is None:
                self._launch()
            else:
                self._look(self.attempt)
        except _NO_ACCESS as error:
            self._leave(f"IPS refused access: {error}")
            self.no_access = str(error)
        except _LOOK_FAILED as error:
            self._look_failed(error)

    def call_off(self, why: str) -> None:
        """Before launch only: nothing was written or sent."""
        self._leave(why)

    def run_item(self) -> RunItem:
        return run_item(self.item, self.attempt, note=self.note, copies=self._copies)

    def _launch(self) -> None:
        job = self._job
        assert job is not None
        # The ledger may have been lost, or be an old copy that a CI restored; one that IPS refused
        # may have been taken after all. The name follows from the content, so IPS can tell
        # (semantics: section 4, observe before send).
        seen = self._tower.gateway.find(self.item.attempt_name)
        # The quarantine counts from here: the clock is read after the look, not before.
        now = self._tower.watch.wall()
        message = "" if seen is None else ADOPTED
        attempt = self._intend(first_intent(self.item, job, now, message), job, self._prior)
        if seen is None:
            self._send(attempt, job)
        else:
            self._saw(attempt, seen)

    def _send(self, attempt: Attempt, job: ResolvedJob) -> None:
        """Only ever called with an intent that was just written."""
        self._sends += 1
        try:
            handle = self._tower.gateway.submit(
                Submission.of(job, attempt.name, description=self._tower.options.description)
            )
        except SubmitRefused as error:
            self._land(attempt, AttemptState.REFUSED, str(error))
        except _NO_ACCESS as error:
            self._land(attempt, AttemptState.REFUSED, f"IPS refused access: {error}")
            self.no_access = str(error)
        except PortError as error:
            # SubmitAmbiguous; and whatever else goes wrong while sending is no better known.
            self._record(attempt, AttemptState.UNKNOWN, message=str(error))
            self._doubt_until = self._end_of_doubt(attempt)
            self._pause()
        else:
            self._record(replace(attempt, handle=handle), AttemptState.ACCEPTED, message="")
            self._last_seen = self._seconds()
            self._delay = self._tower.options.first_poll_seconds
            self._pause()

    def _look(self, attempt: Attempt) -> None:
        # Read before looking: only a look after the quarantine can end it.
        waited_out = self._seconds() >= self._doubt_until
        seen = self._tower.gateway.find(attempt.name)
        self._failing_since = None
        if seen is not None:
            self._saw(attempt, seen)
        elif not attempt.state.is_in_doubt:
            self._out_of_sight(attempt)
        elif waited_out:
            self._never_arrived(attempt)
        else:
            self._pause(until=self._doubt_until)

    def _saw(self, attempt: Attempt, seen: JobSnapshot) -> None:
        self._last_seen = self._seconds()
        more_copies = seen.copies > self._copies
        self._copies = max(self._copies, seen.copies)
        if seen.phase is JobPhase.ENDED:
            self._ended(attempt, seen)
            return
        self._without_zip_since = None
        found = ADOPTED if attempt.state.is_in_doubt else attempt.message
        taken = replace(attempt, run_handle=seen.jobHandle)
        if seen.phase is JobPhase.ACTIVE and attempt.state is not AttemptState.ACTIVE:
            self._record(taken, AttemptState.ACTIVE, message=found)
        elif attempt.state.is_in_doubt:
            self._record(taken, AttemptState.ACCEPTED, message=found)
        elif more_copies:
            self._record(attempt, attempt.state, message=attempt.message)
        self._tell_progress(seen)
        self._pause()

    def _ended(self, attempt: Attempt, seen: JobSnapshot) -> None:
        assets = () if self._job is None else self._job.assets
        ending = read_ending(seen, attempt.export_job.assets, assets)
        if ending.awaits_zip and self._has_zip_grace():
            self._await_zip(attempt, seen)
            return
        ended = replace(
            attempt, run_handle=seen.jobHandle, zip_urls=seen.zip_urls, outcomes=ending.outcomes
        )
        # IPS never answered our submit with a handle: it was found by its name.
        found = ADOPTED if attempt.handle is None else ""
        message = "; ".join(part for part in (found, ending.message) if part)
        self._land(ended, ending.state, message)

    def _has_zip_grace(self) -> bool:
        now = self._seconds()
        since = now if self._without_zip_since is None else self._without_zip_since
        self._without_zip_since = since
        return now - since < self._tower.options.zip_grace_seconds

    def _await_zip(self, attempt: Attempt, seen: JobSnapshot) -> None:
        """Patiently: no later run knows that this one has seen the end."""
        if attempt.state is not AttemptState.ACTIVE:
            running = replace(attempt, run_handle=seen.jobHandle)
            self._record(running, AttemptState.ACTIVE, message=ZIP_IS_LATE)
        self._pause(patiently=True)

    def _out_of_sight(self, attempt: Attempt) -> None:
        """IPS took it and does not show it: lookups lag, so that is no news for a while."""
        silence = self._seconds() - self._last_seen
        if silence < self._tower.options.quarantine_seconds:
            self._pause()
            return
        self._hold(attempt)

    def _hold(self, attempt: Attempt) -> None:
        """It was taken once: to send it again could double it, so that is for people to decide.
        It stands in the way of nothing else, though."""
        if not self.is_wanted:
            self._land(attempt, AttemptState.FAILED, GONE)
        elif attempt.state is AttemptState.UNKNOWN:
            self._leave(HELD)
        else:
            self._land(attempt, AttemptState.UNKNOWN, HELD)

    def _never_arrived(self, attempt: Attempt) -> None:
        """The quarantine is over and IPS does not have the job."""
        if attempt.handle is not None or attempt.run_handle is not None:
            self._hold(attempt)
        elif not self.is_wanted:
            message = "never arrived at IPS, and is not wanted any more: not sent again"
            self._land(attempt, AttemptState.REFUSED, message)
        elif self._job is None:
            self._leave("never arrived at IPS; plan again to have it sent again")
        elif self._sends >= self._tower.options.max_sends:
            self._leave(f"sent {self._sends} times, and IPS never showed it: {attempt.message}")
        else:
            again = next_intent(attempt, self._job, self._tower.watch.wall())
            self._send(self._intend(again, self._job, attempt), self._job)

    def _look_failed(self, error: PortError) -> None:
        now = self._seconds()
        self._failing_since = now if self._failing_since is None else self._failing_since
        if now - self._failing_since >= self._tower.options.patience_seconds:
            self._leave(f"not known how it goes on: {error}")
        else:
            self._pause(patiently=True)

    def _tell_progress(self, seen: JobSnapshot) -> None:
        news = (seen.progress, seen.progressMessage)
        if news != self._told and not self.is_over:
            self._told = news
            self._tower.observer.progressed(self.item.key, *news)

    def _intend(self, attempt: Attempt, job: ResolvedJob, prior: Attempt | None) -> Attempt:
        intended = self._tower.books.intend(attempt, prior=prior, spec_digest=job.spec_digest)
        self._doubt_until = self._end_of_doubt(intended)
        self._moved_to(intended)
        return intended

    def _record(self, attempt: Attempt, state: AttemptState, *, message: str) -> None:
        told = replace(attempt, state=state, message=with_double(message, self._copies))
        self._moved_to(self._tower.books.record(told))

    def _land(self, attempt: Attempt, state: AttemptState, message: str) -> None:
        self._record(attempt, state, message=message)
        self.is_over = True

    def _leave(self, why: str) -> None:
        self.note = why
        self.is_over = True

    def _moved_to(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self._tower.observer.moved(self.run_item(), assets=self.assets)

    def _pause(self, *, until: float | None = None, patiently: bool = False) -> None:
        """Until the next look is due; a detached run does not wait for the answer."""
        if self._tower.options.detach and not patiently:
            self.is_over = True
        now = self._seconds()
        self.due = now + self._delay if until is None else min(now + self._delay, until)
        self._delay = min(self._delay * _SLOWER, self._tower.options.last_poll_seconds)

    def _end_of_doubt(self, attempt: Attempt) -> float:
        """When a submit may no longer surface: the quarantine counts from the intent. An intent
        from the future (the clock was set back) tells nothing, and gets the full time."""
        age = (self._tower.watch.wall() - attempt.intended_at).total_seconds()
        quarantine = self._tower.options.quarantine_seconds
        return self._seconds() + quarantine - min(max(age, 0), quarantine)

    def _seconds(self) -> float:
        return self._tower.watch.seconds()
