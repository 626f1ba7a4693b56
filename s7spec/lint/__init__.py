"""Jobs -> what is wrong with their modifiers, or doubtful, at the place it was written."""

from s7spec.lint.jobs import JobLint

__all__ = ["JobLint"]
