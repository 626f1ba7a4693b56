"""After the chaos: healthy runs until there is nothing left to do, and a person where one is
needed."""

from __future__ import annotations

import time
from typing import Any

from tests.chaos.faults import no_faults
from tests.chaos.judging import Finding
from tests.chaos.life import Deed, Life
from tests.chaos.project import MANIFEST
from tests.chaos.soap import stop_job

_TRIES = 12
_LIMIT = 40.0


def heal(life: Life) -> list[Finding]:
    """Empty when all is settled."""
    no_faults(life.server.faults)
    life.ensure_server()
    words = ["apply", "--yes", "-q", "--format", "json"]
    extra: list[str] = []
    for number in range(_TRIES):
        life.place.await_lease()
        run = life.start([*words, *extra])
        deeds = [Deed(at=at, do=lambda: _stop_hanging(life)) for at in (0.5, 2, 5, 10, 20)]
        life.watch([run], deeds, limit=_LIMIT)
        document = run.document
        if run.was_killed:
            return [Finding(kind="unsettled", what=f"{run.output.name} does not end")]
        if run.code == 0 and document is not None and _is_settled(document):
            life.tally.add("healthy runs until settled", f"{number + 1:2}")
            return []
        extra = [] if document is None else _help(life, document)
        if run.code == 8 or extra:
            time.sleep(0.2)
    return [Finding(kind="unsettled", what=f"not settled after {_TRIES} healthy runs")]


def _is_settled(document: dict[str, Any]) -> bool:
    return all(item["action"] == "skip" for item in document.get("items", ()))


def _stop_hanging(life: Life) -> None:
    """Somebody at IPS stops what hangs, as people do."""
    for job in life.server.jobs():
        if job.hangs and job.state != "Done":
            life.note(f"{job.name} is stopped by hand")
            try:
                stop_job(life.server.url, job.handle)
            except AssertionError as error:
                life.note(str(error))


def _help(life: Life, document: dict[str, Any]) -> list[str]:
    """What a person would do about what s7spec leaves to people."""
    words: list[str] = []
    for item in document.get("items", ()):
        if "on_ambiguous: hold" in item["message"]:
            life.project.again.add(item["export"])
            life.tally.add("left to people", "held, run again with --rerun")
            words += ["--rerun", f"{MANIFEST}/{item['export']}"]
        if "--refresh full" in item["message"]:
            life.tally.add("left to people", "plan again with --refresh full")
            return ["--refresh", "full"]
        if item["action"] == "blocked":
            identity = item["export"]
            life.project.again.add(identity)
            life.tally.add("left to people", "blocked, run again with --rerun")
            words += ["--rerun", f"{MANIFEST}/{identity}"]
    return words
