"""The plan file: JSON with a digest of what it would do, sealed as a whole.

No secrets, no handles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.fingerprint import FINGERPRINT_VERSION
from s7spec.model.plan import Action, Plan
from s7spec.model.sharing import OncePerObject
from s7spec.plan.totals import sending_totals

FORMAT = "s7spec-plan"
FORMAT_VERSION = "4.0"

_JSON = msgspec.json.Encoder(order="sorted")
"""The bytes are those of ``json.dumps`` with sorted keys and no blanks, in a tenth of the time and
less: a plan has hundreds of thousands of nouns."""

_NEVER = datetime.min.replace(tzinfo=UTC)

_OF_THE_MOMENT: dict[str, Any] = {
    **dict.fromkeys(("created_at", "expires_at", "assets_at"), _NEVER),
    **dict.fromkeys(("git_commit", "git_dirty")),
}
"""What differs in the header when the same is planned again, after the merge for example."""

_NOT_DONE = ("verdicts", "narrowed", "assumptions")
"""What is said about a plan, and changes nothing that it does."""


def write_plan(plan: Plan) -> str:
    """The text of a plan file, as ``plan.schema.json`` describes it; same plan, same bytes.

    Raises UnicodeEncodeError, as ``plan_digest`` does, for half a character (U+D800). None gets
    into a plan: neither YAML nor XML can say it, and files whose names hold one are refused.
    """
    return laid_out(_sealed(plan))


def laid_out(document: Mapping[str, object]) -> str:
    """As a file has it: sorted keys, each on a line of its own, and so each job and each other
    entry of a list at the top."""
    members = ",\n".join(f'"{key}": {_on_lines(document[key])}' for key in sorted(document))
    return f"{{\n{members}\n}}\n"


def _on_lines(value: object) -> str:
    if not isinstance(value, list | tuple) or not value:
        return _JSON.encode(value).decode()
    entries = ",\n".join(_JSON.encode(each).decode() for each in value)
    return f"[\n{entries}\n]"


def _sealed(plan: Plan) -> dict[str, object]:
    document = _document(plan)
    digest = _digest(plan, document)
    _digest_of.know(plan, digest)
    document["digest"] = digest
    document["seal"] = seal_of(document)
    return document


def plan_digest(plan: Plan) -> str:
    """``sha256:...`` over what the plan would do: what a reviewer approves.

    When it was made, and at which commit, is not part of it: planning again in an unchanged world
    gives the same digest (semantics: section 6, apply without a stored plan). Nor are verdicts, for
    it is what is approved against them; nor what was left out or not checked, which changes nothing
    that is done; nor where warnings point: an approval in s7spec.yaml moves what is written below.
    """
    return _digest_of(plan)


def _digest(plan: Plan, document: Mapping[str, object]) -> str:
    told = {
        "header": replace(plan.header, **_OF_THE_MOMENT),
        "warnings": [(warning.rule.id, warning.summary) for warning in plan.warnings],
    }
    kept = {key: document[key] for key in document if key not in _NOT_DONE}
    return _sha256(kept | told)


# Each form of a plan shows it.
_digest_of: OncePerObject[Plan, str] = OncePerObject(
    lambda plan: _digest(plan, _document(plan)), most=2
)


def seal_of(document: Mapping[str, object]) -> str:
    """The seal a plan file should carry: over everything else in it."""
    return _sha256({key: value for key, value in document.items() if key != "seal"})


def _sha256(document: Mapping[str, object]) -> str:
    return f"sha256:{hashlib.sha256(_JSON.encode(document)).hexdigest()}"


def _document(plan: Plan) -> dict[str, object]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "fingerprint_version": FINGERPRINT_VERSION,
        "header": plan.header,
        "totals": {action.value: plan.count(action) for action in Action},
        "sending": sending_totals(plan.items),
        # Written once: they are hashed twice, and put into the file.
        "items": [msgspec.Raw(_JSON.encode(item)) for item in plan.items],
        "verdicts": plan.verdicts,
        "warnings": [_warning(warning) for warning in plan.warnings],
        "narrowed": plan.narrowed,
        "assumptions": plan.assumptions,
    }


def _warning(warning: Diagnostic) -> dict[str, object]:
    """Rules are told by their IDs."""
    members = {each.name: getattr(warning, each.name) for each in fields(warning)}
    return members | {"rule": warning.rule.id}
