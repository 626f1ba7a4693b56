"""Who has to agree before an apply starts anything."""

from __future__ import annotations

from s7spec.cli.applying import Wishes
from s7spec.cli.confirming import confirm, confirm_name
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.stop import Stop, stop
from s7spec.cli.workplace import Workplace
from s7spec.model.rules import Rule

_NOT_CONFIRMED = "not confirmed; nothing was submitted"


def confirm_apply(workplace: Workplace, wishes: Wishes, *, is_saved: bool) -> None:
    """Goes on when somebody agrees, or has agreed. Raises Stop.

    Elsewhere a ``yes``, ``--yes`` or a saved plan will do. In production somebody types the
    environment's name; ``--yes`` stands for that only beside what names the reviewed plan: the
    saved one, or its digest.
    """
    environment = workplace.environment
    if not environment.guardrails.production:
        if not (wishes.yes or is_saved):
            confirm(
                "Apply this plan?",
                nobody="save and review it (`s7spec plan --out plan.json`), then apply that "
                "file; or say --yes",
                refused=_NOT_CONFIRMED,
            )
    elif not wishes.yes:
        confirm_name(
            f"This goes to production ({environment.company}/{environment.name}).",
            environment.name,
            nobody="apply a plan that was reviewed: `s7spec apply plan.json --yes`, or --yes with "
            "its --expect-digest",
            refused=_NOT_CONFIRMED,
        )
    elif not is_saved and wishes.expect_digest is None:
        raise _not_reviewed(workplace)


def _not_reviewed(workplace: Workplace) -> Stop:
    where = workplace.place("production")
    return stop(
        Rule.NOT_REVIEWED,
        f"`{workplace.environment.name}` is production: --yes alone does not say which plan was "
        "reviewed",
        hint="save the plan and have it reviewed, then `s7spec apply plan.json --yes`; or add its "
        "--expect-digest",
        where=where,
        snippet=workplace.snippet(where),
        exit_code=ExitCode.REFUSED,
    )
