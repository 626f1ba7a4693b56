"""plan: wanted jobs x ledger x server -> one action and its reasons for each job. No side effects.

Guardrails judge it (``guard``). The plan file is written and read here too.
"""

from s7spec.plan.delivery import Delivery, delivery_of
from s7spec.plan.evidence import Evidence, Surgery
from s7spec.plan.failure import PlanFileError
from s7spec.plan.guard import Circumstances, Commands, IdleTerms, Standing, guard
from s7spec.plan.heirs import former_keys, misses_history
from s7spec.plan.judge import judged
from s7spec.plan.make import make_plan
from s7spec.plan.read import read_plan
from s7spec.plan.reasons import REASONS_OF
from s7spec.plan.totals import SendingTotals, sending_totals
from s7spec.plan.write import FORMAT_VERSION, plan_digest, write_plan

__all__ = [
    "FORMAT_VERSION",
    "REASONS_OF",
    "Circumstances",
    "Commands",
    "Delivery",
    "Evidence",
    "IdleTerms",
    "PlanFileError",
    "SendingTotals",
    "Standing",
    "Surgery",
    "delivery_of",
    "former_keys",
    "guard",
    "judged",
    "make_plan",
    "misses_history",
    "plan_digest",
    "read_plan",
    "sending_totals",
    "write_plan",
]
