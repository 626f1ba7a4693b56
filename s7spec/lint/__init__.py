"""Jobs -> what is wrong with their modifiers, or doubtful, at the place it was written; what they
say with their presets filled in, and what is foretold of their pictures."""

from s7spec.lint.effective import EffectiveCommands, effective_commands
from s7spec.lint.jobs import JobLint
from s7spec.lint.permissions import Permissions
from s7spec.lint.pictures import PictureLint, image_server_of

__all__ = [
    "EffectiveCommands",
    "JobLint",
    "Permissions",
    "PictureLint",
    "effective_commands",
    "image_server_of",
]
