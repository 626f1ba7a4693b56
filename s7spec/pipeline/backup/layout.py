"""What the lines of a backup consist of (schemas/ledger-backup.schema.json).

The first line is a header with counts, the last one the end with the SHA-256 of all bytes before
it; between them stands one line for each attempt with its events.
"""

FORMAT = "s7spec-ledger"
FORMAT_VERSION = 1
"""Grows when readers must change."""

LONGEST_LINE = 256 * 1024 * 1024
"""Bytes. An attempt of a million assets takes less; a file that unpacks to more is no backup."""
