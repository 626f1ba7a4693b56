"""What an apply is asked for, and what cannot be asked for together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from s7spec.cli.options import is_given
from s7spec.cli.stop import stop
from s7spec.model.rules import Rule
from s7spec.model.wishes import PlanWishes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the plan is to be about."""

    paths: tuple[Path, ...]
    select: tuple[str, ...]
    wishes: PlanWishes


def saved_plan_of(paths: tuple[Path, ...]) -> Path | None:
    """The file, if a saved plan is asked for. Raises Stop for a mixture."""
    plans = [path for path in paths if path.suffix == ".json"]
    if plans and len(paths) > 1:
        if len(plans) == len(paths):
            raise stop(Rule.USAGE, f"apply takes one saved plan, not {len(paths)}")
        raise stop(Rule.USAGE, "apply takes one saved plan, or manifests, not both")
    return plans[0] if plans else None


def refuse_since(revision: str | None) -> None:
    """It is for reviews: what one run missed would be left behind for good."""
    if revision is not None:
        raise stop(
            Rule.USAGE,
            "apply takes no --since: commits that were never applied, and failures, would be left "
            "behind",
            hint="apply the plan that was reviewed (`s7spec plan --since REV --out plan.json`), or "
            "everything",
        )


def refuse_what_does_not_go_together(
    asking: Asked, options: dict[str, Any], *, is_saved: bool
) -> None:
    """Options that would have no effect beside others are never passed over in silence."""
    wrong = (*_beside_a_plan(asking, is_saved=is_saved), *_among_themselves(options))
    for is_wrong, summary, hint in wrong:
        if is_wrong:
            raise stop(Rule.USAGE, summary, hint=hint)


_Wrong: TypeAlias = tuple[bool, str, str]
"""Whether it is, what is said then, and a hint."""


def _beside_a_plan(asking: Asked, *, is_saved: bool) -> Iterator[_Wrong]:
    """A saved plan was narrowed and steered when it was made."""
    made_by_then = "it was made with all that it says; plan again with that option"
    for option, is_used in (
        ("--select", bool(asking.select)),
        ("--rerun", bool(asking.wishes.rerun)),
        ("--refresh", is_given("refresh")),
    ):
        yield is_saved and is_used, f"{option} does not go with a saved plan", made_by_then
    yield (
        not is_saved and is_given("stale"),
        "--stale goes with a saved plan only",
        "a plan that is made now fits",
    )


def _among_themselves(options: dict[str, Any]) -> Iterator[_Wrong]:
    yield (
        not _is_digest(options["expect_digest"]),
        f"--expect-digest {options['expect_digest']}: that is not the digest of a plan",
        "`s7spec plan` prints it: sha256: and 64 hexadecimal digits",
    )
    yield (
        bool(options["fail_fast"] and options["max_failures"]),
        "--fail-fast does not go with --max-failures",
        "--fail-fast is --max-failures 1",
    )
    yield (
        bool(options["detach"] and is_given("max_in_flight")),
        "--max-in-flight does not go with --detach",
        "a detached apply leaves all its jobs to IPS at once; --max-parallel bounds the calls",
    )


def _is_digest(text: str | None) -> bool:
    return text is None or re.fullmatch(r"sha256:[0-9a-f]{64}", text) is not None
