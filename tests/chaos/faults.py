"""Faults by chance, for `ips serve --faults`: never so slow that the quarantine could not cover
them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.chaos.settings import ACCEPTANCE, LAG, LATENCY

_READS = (
    "[searchAssets, getActiveJobs, getScheduledJobs, getJobLogs, getJobLogDetails, getCompanyInfo]"
)


def no_faults(path: Path) -> None:
    path.write_text("faults: []\n")


def some_faults(path: Path, chance: Random) -> None:
    """One to six rules, drawn without putting back."""
    rules = chance.sample(_RULES, chance.randint(1, 6))
    lines = "".join(f"  - {{{rule(chance)}}}\n" for rule in rules)
    path.write_text(f"seed: {chance.randrange(10**6)}\nfaults:\n{lines}")


def _often(chance: Random, most: float = 0.4) -> str:
    return f"probability: {chance.uniform(0.05, most):.2f}"


def _acted(chance: Random) -> str:
    return f"acted: {chance.choice(('true', 'false'))}"


def _seconds(chance: Random, most: float) -> str:
    return f"seconds: {chance.uniform(0.02, most):.2f}"


def _of_submits(kind: str, *details: Callable[[Random], str]) -> Callable[[Random], str]:
    def rule(chance: Random) -> str:
        parts = [f"kind: {kind}", "operations: submitJob", *(each(chance) for each in details)]
        return ", ".join([*parts, _often(chance)])

    return rule


def _of_reads(kind: str, *details: Callable[[Random], str]) -> Callable[[Random], str]:
    def rule(chance: Random) -> str:
        parts = [f"kind: {kind}", f"operations: {_READS}", *(each(chance) for each in details)]
        return ", ".join([*parts, _often(chance, 0.15)])

    return rule


def _latency(chance: Random) -> str:
    return _seconds(chance, LATENCY)


def _status(chance: Random) -> str:
    return f"status: {chance.choice((500, 502, 503, 504))}"


def _exception(chance: Random) -> str:
    return "code: 30000"


_RULES: tuple[Callable[[Random], str], ...] = (
    _of_submits("latency", _latency, _acted),
    _of_submits("reset", _acted),
    _of_submits("dropped-reply"),
    _of_submits("http-error", _status, _acted),
    _of_submits("fault", _exception, _acted),
    _of_submits("fault", lambda _: "code: 20003"),
    _of_submits("malformed-xml"),
    _of_submits("truncated-body", lambda chance: f"share: {chance.uniform(0.1, 0.95):.2f}"),
    _of_submits("slow-body", lambda _: "seconds: 0.02", lambda _: "chunkBytes: 64"),
    _of_submits("delayed-acceptance", lambda chance: _seconds(chance, ACCEPTANCE)),
    _of_submits("lookup-lag", lambda chance: _seconds(chance, LAG)),
    _of_submits("job-fails"),
    _of_submits("job-fails-assets", lambda _: "share: 0.5"),
    lambda chance: f"kind: job-hangs, after: 1, nth: {chance.randint(1, 30)}",
    _of_reads("latency", _latency),
    _of_reads("reset"),
    _of_reads("dropped-reply"),
    _of_reads("http-error", _status),
    _of_reads("fault", _exception),
    _of_reads("malformed-xml"),
    _of_reads("truncated-body"),
)
