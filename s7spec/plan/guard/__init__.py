"""The guardrails: a step of its own between planning and applying, with numbers and names.

A module for each: ``limits``, ``protected``, ``originals``, ``denied_modifiers``, ``file_names``,
``own_policies``.
"""

from s7spec.plan.guard.circumstances import Circumstances, Commands, IdleTerms, Standing
from s7spec.plan.guard.judging import guard

__all__ = ["Circumstances", "Commands", "IdleTerms", "Standing", "guard"]
