"""What ran, what runs and what ran before, for a person at a terminal."""

from __future__ import annotations

from s7spec.report.human_run.apply import run_text
from s7spec.report.human_run.history import history_text
from s7spec.report.human_run.status import status_text

__all__ = ["history_text", "run_text", "status_text"]
