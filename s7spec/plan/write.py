"""The plan file: JSON with a digest of what it would do, sealed as a whole.

No secrets, no handles.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
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
from s7spec.model.sharing import OncePerObject
from s7spec.model.source import SourceRange
from s7spec.plan.json_text import JsonText
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
    return JsonText(_WRITTEN, indented=True).of(_sealed(plan)) + "\n"


def plan_seal(plan: Plan) -> str:
    """The seal of the file that ``write_plan`` writes."""
    return str(_sealed(plan)["seal"])


def _sealed(plan: Plan) -> dict[str, object]:
    document, compact = _document(plan), _compact(plan)
    digest = _digest(plan, document, compact)
    _digest_of.know(plan, digest)
    document["digest"] = digest
    document["seal"] = _sha256(compact.of(document))
    return document


def plan_digest(plan: Plan) -> str:
    """``sha256:...`` over what the plan would do: what a reviewer approves.

    When it was made, and at which commit, is not part of it: planning again in an unchanged world
    gives the same digest (semantics: section 6, apply without a stored plan). Nor are verdicts, for
    it is what is approved against them; nor what was not checked, which changes nothing that is
    done; nor where warnings point: an approval in s7spec.yaml moves what is written below it.
    """
    return _digest_of(plan)


def _digest(plan: Plan, document: dict[str, object], compact: JsonText) -> str:
    told = {
        "header": replace(plan.header, **_OF_THE_MOMENT),
        "warnings": tuple((warning.rule.id, warning.summary) for warning in plan.warnings),
    }
    kept = {key: document[key] for key in document if key not in ("verdicts", "assumptions")}
    return _sha256(compact.of({**kept, **told}))


# Each form of a plan shows it.
_digest_of: OncePerObject[Plan, str] = OncePerObject(
    lambda plan: _digest(plan, _document(plan), _compact(plan)), most=2
)


def _compact(plan: Plan) -> JsonText:
    """Writes what is hashed. The items are hashed twice."""
    compact = JsonText(_WRITTEN, indented=False)
    compact.keep(plan.items, 1)
    return compact


def seal_of(document: dict[str, object]) -> str:
    """The seal a parsed plan file should carry: over everything else in it."""
    sealed = {key: value for key, value in document.items() if key != "seal"}
    text = json.dumps(sealed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return _sha256(text)


def _sha256(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"


def _document(plan: Plan) -> dict[str, object]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "fingerprint_version": FINGERPRINT_VERSION,
        "header": plan.header,
        "totals": {action.value: plan.count(action) for action in Action},
        "sending": sending_totals(plan.items),
        "items": plan.items,
        "verdicts": plan.verdicts,
        "warnings": plan.warnings,
        "assumptions": plan.assumptions,
    }
