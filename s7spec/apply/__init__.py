"""apply: carries a plan out, never twice, nothing lost (semantics: section 4)."""

from s7spec.apply.applying import apply_plan
from s7spec.apply.options import ApplyOptions

__all__ = ["ApplyOptions", "apply_plan"]
