"""A ledger that was lost, recovered from what IPS still lists."""

from s7spec.pipeline.rebuilding.recovery import Hands, rebuild
from s7spec.pipeline.rebuilding.wanted import Wanted, wanted_jobs

__all__ = ["Hands", "Wanted", "rebuild", "wanted_jobs"]
