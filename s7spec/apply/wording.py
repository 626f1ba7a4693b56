"""What a run says about one item."""

from __future__ import annotations

from s7spec.model.ledger import Attempt
from s7spec.model.plan import BY_OPTION, PlanItem
from s7spec.model.receipt import RunItem

ADOPTED = "found on IPS under its name: not sent again"
ZIP_IS_LATE = "ended on IPS, but its log names no ZIP yet"
GONE = "IPS took it, but shows it no more: neither at work nor in its job logs"
HELD = (
    f"{GONE}; it is held and not sent again: look on IPS for what it delivered, or change the "
    "export to have it run anew"
)
IN_DOUBT = (
    "{}: it is not known whether IPS took it; IPS is asked for it until the quarantine of {} s is "
    "over"
)
UNSCHEDULED = (
    "{}: IPS does not show its schedule; IPS is asked for it until the quarantine of {} s is over"
)
LEFT_BEHIND = "not at its end after {} s (--timeout): it goes on, the next apply follows it"
AGAIN = "sent again under the same name: IPS did not have it"
NEVER_ARRIVED = "never arrived at IPS: closed, and not sent again as it was"
HELD_UNSENT = (
    "IPS did not show it until the quarantine was over; `on_ambiguous: hold`: it is not sent again "
    "unless --rerun asks for it, and `forget` closes it"
)
TAKEN_BACK = "taken back: IPS does not start it any more"
TAKEN_BACK_BY_OTHERS = "IPS does not have it scheduled any more: it was taken back"
STARTED = "IPS had started it before it could be taken back"
RUNS_ON = "not scheduled any more, but a run that IPS started goes on: the next apply follows it"
STAYS = "IPS still has it scheduled after it was told to take it back"
OTHER_JOB = "the job of this name on IPS is another one"
ASK_AGAIN = "say --rerun again to have it run"
ONCE_MORE = (
    "it was to run once more, but IPS had it already: whether that was the run that was asked for "
    "nobody knows; --rerun runs it again"
)
SUPERSEDED = "something else is wanted by now: plan and apply again"


def run_item(
    item: PlanItem,
    attempt: Attempt | None,
    *,
    note: str,
    copies: int,
    owes_a_run: bool,
    is_superseded: bool,
) -> RunItem:
    """``note`` is newer than the attempt's own message; ``copies`` are the jobs of its name.
    ``owes_a_run``: it was to run once more, and was found instead. ``is_superseded``: it is not
    what the item wants by now."""
    if attempt is None:
        return RunItem(
            key=item.key,
            action=item.action,
            attempt_name=item.attempt_name,
            state=None,
            message=_joined(note, ASK_AGAIN if _is_asked_for(item) else ""),
        )
    return RunItem(
        key=item.key,
        action=item.action,
        attempt_name=attempt.name,
        state=attempt.state,
        message=_joined(
            with_double(note or attempt.message, copies),
            ONCE_MORE if owes_a_run else "",
            SUPERSEDED if is_superseded else "",
        ),
        zip_urls=attempt.zip_urls,
        outcomes=attempt.outcomes,
    )


def _is_asked_for(item: PlanItem) -> bool:
    """True when no manifest says that it should run: another plan knows nothing of it."""
    return item.action.sends and any(reason.detail == BY_OPTION for reason in item.reasons)


def with_double(message: str, copies: int) -> str:
    """A double submit is never left unsaid."""
    double = f"IPS has {copies} jobs of this name" if copies > 1 else ""
    return message if double in message else _joined(double, message)


def _joined(*texts: str) -> str:
    return "; ".join(text for text in texts if text)
