"""The faults in force now: from a file that may change, and set at run time."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from pathlib import Path

from s7spec.emulator.faults.book import Decision, RuleBook
from s7spec.emulator.faults.errors import FaultsFileError
from s7spec.emulator.faults.reading import DEFAULT_SEED, FaultsFile, read_faults
from s7spec.emulator.faults.rules import FaultRule

_LOG = logging.getLogger(__name__)

_Signature = tuple[int, int, int]


class LiveFaults:
    """Thread-safe. Without a file and rules nothing ever fails.

    There is one list of rules: a change of the file replaces it, counters and streams of chance
    begin anew; so they do with ``replace``. Raises FaultsFileError for a file that is not in order
    at the start; later, such a file is told on the log and the rules stay.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._book = RuleBook()
        self._seen: _Signature | None = None
        if file is not None:
            # Looked at first: a change while it is read is then seen by the next look.
            self._seen = _signature(file)
            self._book = _open(file)

    @property
    def file(self) -> Path | None:
        return self._file

    @property
    def rules(self) -> tuple[FaultRule, ...]:
        with self._lock:
            self._look()
            return self._book.rules

    @property
    def hits(self) -> tuple[int, ...]:
        """How many calls each rule has hit so far, in the order of ``rules``."""
        with self._lock:
            return self._book.hits

    def replace(self, *rules: FaultRule, seed: int = DEFAULT_SEED) -> None:
        """Have these rules and no others."""
        with self._lock:
            self._book = RuleBook(rules, seed=seed)

    def add(self, *rules: FaultRule) -> None:
        """Further rules behind those in force, whose counters go on."""
        with self._lock:
            self._book.add(rules)

    def clear(self) -> None:
        """Nothing fails any more, until the file changes or rules are set."""
        self.replace()

    def are_there(self) -> bool:
        """Whether there are any rules."""
        with self._lock:
            self._look()
            return not self._book.is_empty

    def decide(self, operation: str | None) -> Decision | None:
        """What hits the next call, None for nothing. Ask once for each call."""
        with self._lock:
            decision = self._book.decide(operation)
        if decision is not None:
            _LOG.info("faults hit %s: %s", operation or "a POST", decision)
        return decision

    def standing_skew(self) -> timedelta:
        """How far a clock is ahead that is wrong in every call."""
        # Without the lock: every look at the time asks, and a book is changed as a whole.
        return self._book.standing_skew

    def _look(self) -> None:
        if self._file is None:
            return
        now = _signature(self._file)
        if now == self._seen:
            return
        self._seen = now
        try:
            self._book = _open(self._file)
        except FaultsFileError as error:
            _LOG.warning("%s; the faults stay as they were", error)
        else:
            # On the same level: whoever edits the file while the server runs waits for this word.
            _LOG.warning("%s is read again, rules: %d", self._file, len(self._book.rules))


def _open(file: Path) -> RuleBook:
    found: FaultsFile = read_faults(file)
    return RuleBook(found.rules, seed=found.seed)


def _signature(file: Path) -> _Signature | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
