"""What expressions may speak about."""

from __future__ import annotations

from collections.abc import Mapping

from s7spec.model.guardrails import PolicyScope

FACTS: Mapping[PolicyScope, Mapping[str, str]] = {
    PolicyScope.JOB: {
        "company": "string",
        "environment": "string",
        "job.manifest": "string",
        "job.export": "string",
        "job.action": "string",
        "job.sends": "bool",
        "job.reasons": "list(string)",
        "job.fmt": "string",
        "job.is_modifier": "string",
        "job.macro": "string",
        "job.modifier": "map(string, string)",
        "job.commands": "list(string)",
        "job.unsafe_modifiers": "list(string)",
        "job.emailSetting": "string",
        "job.assets": "int",
        "job.bytes": "int",
        "job.unforeseen": "int",
        "job.flags": "map(string, int)",
        "job.tries": "int",
        "job.scheduled": "bool",
    },
    PolicyScope.PLAN: {
        "company": "string",
        "environment": "string",
        "plan.jobs": "int",
        "plan.sends": "int",
        "plan.assets": "int",
        "plan.bytes": "int",
        "plan.unforeseen": "int",
        "plan.cancels": "int",
        "plan.known": "int",
        "plan.warnings": "int",
        "plan.actions": "map(string, int)",
    },
}
"""Names and types that an expression of each scope may use. Each name is a variable of its own, so
that a slip of the pen is found before anything is evaluated."""
