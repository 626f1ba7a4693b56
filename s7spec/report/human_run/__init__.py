"""What ran, what runs and what ran before, for a person at a terminal."""

from __future__ import annotations

from s7spec.report.human_run.apply import run_text
from s7spec.report.human_run.history import history_text
from s7spec.report.human_run.leases import holder_text, lease_text
from s7spec.report.human_run.status import status_text
from s7spec.report.human_run.watching import last_words, sightings_text

__all__ = [
    "history_text",
    "holder_text",
    "last_words",
    "lease_text",
    "run_text",
    "sightings_text",
    "status_text",
]
