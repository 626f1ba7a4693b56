"""Jobs -> what is wrong with their modifiers, or doubtful, at the place it was written; and what is
foretold of their pictures."""

from s7spec.lint.jobs import JobLint
from s7spec.lint.pictures import PictureLint

__all__ = ["JobLint", "PictureLint"]
