"""policies: the language of ``policies`` in s7spec.yaml, which is CEL, and what it may speak about.

Only here is CEL imported, and only when there is an expression. It is typed, ends always, reaches
nothing but the facts it is given, and takes no more than it may: plans are made of checkouts
nobody has reviewed yet.
"""

from s7spec.policies.expressions import (
    BadExpressionError,
    Expression,
    PolicyFailedError,
    compile_policy,
)
from s7spec.policies.facts import FACTS

__all__ = [
    "FACTS",
    "BadExpressionError",
    "Expression",
    "PolicyFailedError",
    "compile_policy",
]
