"""The plan file: JSON with a digest of what it would do, sealed as a whole.

No secrets, no handles.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from s7spec.model.asset import AssetVersion, ExcludedAsset
from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.effective import EffectiveCommand
from s7spec.model.fingerprint import FINGERPRINT_VERSION, Fingerprint
from s7spec.model.guardrails import Approval
from s7spec.model.job import ExportJob, JobKey
from s7spec.model.ledger import Prior
from s7spec.model.pictures import PictureFlag, PredictedPictures
from s7spec.model.plan import (
    Action,
    AssetChange,
    FieldChange,
    Plan,
    PlanHeader,
    PlanItem,
    Reason,
    Verdict,
)
from s7spec.model.preset import Preset
from s7spec.model.rules import Rule
from s7spec.model.schedule import Timing
from s7spec.model.source import SourceRange
from s7spec.plan.totals import EmailTotal, SendingTotals, sending_totals

FORMAT = "s7spec-plan"
FORMAT_VERSION = "3.0"

_NEVER = datetime.min.replace(tzinfo=UTC)
_OF_THE_MOMENT: dict[str, Any] = {
    "created_at": _NEVER,
    "expires_at": _NEVER,
    "assets_at": _NEVER,
    "git_commit": None,
    "git_dirty": False,
}
"""What differs in the header when the same is planned again, after the merge for example."""

_WRITTEN = (
    Approval,
    AssetChange,
    AssetVersion,
    Diagnostic,
    EffectiveCommand,
    EmailTotal,
    ExcludedAsset,
    ExportJob,
    FieldChange,
    Fingerprint,
    JobKey,
    PictureFlag,
    PlanHeader,
    PlanItem,
    PredictedPictures,
    Preset,
    Prior,
    Reason,
    RelatedPlace,
    SendingTotals,
    SourceRange,
    Verdict,
)


def write_plan(plan: Plan) -> str:
    """The text of a plan file, as ``plan.schema.json`` describes it; same plan, same bytes."""
    document = _sealed(plan)
    return json.dumps(document, sort_keys=True, ensure_ascii=False, indent=2) + "\n"


def plan_seal(plan: Plan) -> str:
    """The seal of the file that ``write_plan`` writes."""
    return str(_sealed(plan)["seal"])


def _sealed(plan: Plan) -> dict[str, object]:
    document = _document(plan)
    document["digest"] = _digest_of(plan, document)
    document["seal"] = _sha256(document)
    return document


def plan_digest(plan: Plan) -> str:
    """``sha256:...`` over what the plan would do: what a reviewer approves.

    When it was made, and at which commit, is not part of it: planning again in an unchanged world
    gives the same digest (semantics: section 6, apply without a stored plan). Nor are verdicts, for
    it is what is approved against them, nor where warnings point: an approval stands in
    s7spec.yaml, and moves what is written below it.
    """
    return _digest_of(plan, _document(plan))


def _digest_of(plan: Plan, document: dict[str, object]) -> str:
    told = {
        "header": _plain(replace(plan.header, **_OF_THE_MOMENT)),
        "warnings": [[warning.rule.id, warning.summary] for warning in plan.warnings],
    }
    return _sha256({**{key: document[key] for key in document if key != "verdicts"}, **told})


def seal_of(document: dict[str, object]) -> str:
    """The seal a parsed plan file should carry: over everything else in it."""
    return _sha256({key: value for key, value in document.items() if key != "seal"})


def _sha256(document: dict[str, object]) -> str:
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"


def _document(plan: Plan) -> dict[str, object]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "fingerprint_version": FINGERPRINT_VERSION,
        "header": _plain(plan.header),
        "totals": {action.value: plan.count(action) for action in Action},
        "sending": _plain(sending_totals(plan.items)),
        "items": _plain(plan.items),
        "verdicts": _plain(plan.verdicts),
        "warnings": _plain(plan.warnings),
        "assumptions": _plain(plan.assumptions),
    }


def _plain(value: object) -> object:
    """Nouns as JSON: an object for a dataclass, with the names of its fields."""
    match value:
        case None | bool() | int():
            return value
        case Rule():
            return value.id
        case StrEnum():
            return value.value
        case str():
            return value
        case datetime():
            return value.isoformat()
        case Timing():
            return str(value)
        case bytes():
            return value.hex()
        case tuple():
            return [_plain(part) for part in value]
        case _:
            return _object(value)


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, _WRITTEN):
        raise TypeError(f"{type(value).__name__} has no place in a plan file")
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
