"""A ledger as a file that any ledger can be filled from: JSON Lines, checked from end to end."""

from s7spec.pipeline.backup.reading import Backup, BackupFileError, BackupHeader
from s7spec.pipeline.backup.writing import BackupWriter

__all__ = ["Backup", "BackupFileError", "BackupHeader", "BackupWriter"]
