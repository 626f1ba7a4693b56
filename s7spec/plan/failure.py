"""Why a plan file cannot be used."""

from __future__ import annotations


class PlanFileError(ValueError):
    """The text is no plan file that can be used. ``str()`` says why in one plain sentence."""
