"""The ledger, for a person at a terminal."""

from __future__ import annotations

from s7spec.report.human_ledger.checking import ledger_check_text
from s7spec.report.human_ledger.job import ledger_job_text
from s7spec.report.human_ledger.listing import ledger_list_text
from s7spec.report.human_ledger.rebuilt import rebuilt_text
from s7spec.report.human_run.leases import lease_text

__all__ = [
    "lease_text",
    "ledger_check_text",
    "ledger_job_text",
    "ledger_list_text",
    "rebuilt_text",
]
