"""``--select``: which jobs a command is about (docs/selecting.md)."""

from s7spec.pipeline.selecting.choice import Choice
from s7spec.pipeline.selecting.heads import HeadChoice
from s7spec.pipeline.selecting.parsing import SelectError, parse
from s7spec.pipeline.selecting.patterns import matches
from s7spec.pipeline.selecting.sieve import Sieve
from s7spec.pipeline.selecting.terms import EVERYTHING, Narrowing

__all__ = [
    "EVERYTHING",
    "Choice",
    "HeadChoice",
    "Narrowing",
    "SelectError",
    "Sieve",
    "matches",
    "parse",
]
