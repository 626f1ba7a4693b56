"""What libraries log, as talk on stderr."""

from __future__ import annotations

import logging

from s7spec.cli import terminal


class _Talk(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        terminal.say(self.format(record))


def tell_log(name: str) -> None:
    """From now on say what this logger tells, each line with its time."""
    handler = _Talk()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    logger = logging.getLogger(name)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    logger.propagate = False


def log_to_stderr(verbose: int) -> None:
    """Everything that libraries log: 1 what they report, 2 and more what the network says, too."""
    level = logging.INFO if verbose < 2 else logging.DEBUG
    logging.basicConfig(level=level, format="%(name)s: %(message)s")
