"""apply: carries a plan out, never twice, nothing lost (semantics: section 4)."""

from s7spec.apply.applying import apply_plan
from s7spec.apply.crew import Crew, ThreadCrew
from s7spec.apply.fitting import is_seen_to
from s7spec.apply.means import Means
from s7spec.apply.options import ApplyOptions
from s7spec.apply.stopping import StopSign

__all__ = ["ApplyOptions", "Crew", "Means", "StopSign", "ThreadCrew", "apply_plan", "is_seen_to"]
