"""The server's own records beside the ledger: what must never differ."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

from s7spec.model.ledger import AttemptState, LedgerRecord
from tests.chaos.life import Life
from tests.chaos.project import MANIFEST, Export
from tests.chaos.runs import Run
from tests.chaos.server import ServerJob
from tests.chaos.settings import ACCEPTANCE, LATENCY, QUARANTINE
from tests.chaos.soap import listed_runs

_GENERATION = re.compile(r"-g(\d+)$")
_DOCUMENTED = frozenset({0, 1, 4, 5, 7, 8, 130, -9, -15})
_OF_A_DOUBLE = ("jobs of this name", "has them twice", "several jobs of one name")
_NOT_TOLD = "told by nobody"
_FINE = {None, "ok", "scheduled"}
_BEGUN = {"accepted", "active"}
_BAD_ENDS = (AttemptState.FAILED, AttemptState.REFUSED, AttemptState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``kind`` is a column of the table: duplicates, lost, lies, needless, unsettled, others."""

    kind: str
    what: str


class Judge:
    """Remembers what it has looked at: ZIPs of earlier rounds, doubles that were told of."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._looked: set[str] = set()
        self._doubles: set[str] = set()
        self._looked_twice: set[str] = set()
        self._untold: dict[str, str] = {}

    def findings(self) -> list[Finding]:
        """After a phase that ended well, with the server at rest."""
        jobs = self._life.server.jobs()
        records = self._life.place.records()
        return [
            *self._listed(jobs),
            *self._duplicates(jobs, records),
            *self._unknown(jobs, records),
            *self._undelivered(jobs),
            *self._lies(jobs, records),
            *self._needless(jobs),
            *self._odd_endings(),
            *(Finding(kind="others", what=text) for text in self._life.place.problems()),
        ]

    def _listed(self, jobs: list[ServerJob]) -> Iterator[Finding]:
        """What the server tells over SOAP is what it has in its tables."""
        told = listed_runs(self._life.server.url)
        kept = {job.handle: job.name for job in jobs}
        if told != kept:
            odd = sorted(set(told.items()) ^ set(kept.items()))
            yield Finding(kind="others", what=f"lists and tables of the server differ: {odd[:5]}")

    def _duplicates(self, jobs: list[ServerJob], records: list[LedgerRecord]) -> Iterator[Finding]:
        by_name: dict[str, list[ServerJob]] = defaultdict(list)
        for job in jobs:
            by_name[job.name].append(job)
        for name, copies in by_name.items():
            if len(copies) < 2 or name in self._doubles:
                continue
            excuse = self._excuse(copies)
            times = ", ".join(f"{copy.submitted:.3f}" for copy in copies)
            if excuse is None:
                self._doubles.add(name)
                yield Finding(kind="duplicates", what=f"{name} was taken in at {times}")
                continue
            told = self._told(name, records)
            if told == _NOT_TOLD and name not in self._untold:
                self._untold[name] = excuse  # by the next run that sends something, then
                continue
            self._doubles.add(name)
            self._life.tally.add("doubles the protocol allows", f"{excuse}, {told}")
            self._life.note(f"allowed double: {name} at {times}: {excuse}, {told}")
            if told == _NOT_TOLD:
                yield Finding(kind="others", what=f"{name} at {times}: {excuse}, {told}")

    def _excuse(self, copies: list[ServerJob]) -> str | None:
        excuses = self._life.excuses
        for copy in copies:
            for at in excuses.restored_at:
                if at <= copy.submitted <= at + LATENCY + ACCEPTANCE + 1:
                    return "older copy while a request was on its way"
            for resumed, stood in excuses.zombies:
                late = stood >= QUARANTINE - LATENCY - ACCEPTANCE
                if late and resumed <= copy.submitted <= resumed + LATENCY + ACCEPTANCE + 1:
                    return "a run stood still for longer than the quarantine"
        return None

    def _told(self, name: str, records: list[LedgerRecord]) -> str:
        """By whom somebody learns of it."""
        for run in self._life.runs:
            text = run.text
            if run.code and name in text and any(words in text for words in _OF_A_DOUBLE):
                return f"told with exit code {run.code}"
        for record in records:
            texts = [event.message for event in record.events]
            if record.attempt.name == name and any("jobs of this name" in text for text in texts):
                return "told by the ledger"
        return _NOT_TOLD

    def _unknown(self, jobs: list[ServerJob], records: list[LedgerRecord]) -> Iterator[Finding]:
        known = {record.attempt.name for record in records} | self._life.orphans
        for name in sorted({job.name for job in jobs} - known):
            yield Finding(kind="lost", what=f"the ledger does not know {name}, the server has it")

    def _undelivered(self, jobs: list[ServerJob]) -> Iterator[Finding]:
        for export in self._life.project:
            missing = self._missing(export, jobs)
            if missing:
                yield Finding(kind="lost", what=f"{export} was not delivered: {sorted(missing)}")

    def _missing(self, export: Export, jobs: list[ServerJob]) -> set[str]:
        """The assets that no ZIP holds, of jobs for this very revision that began after they were
        changed."""
        missing = self._life.project.assets(export.folder)
        prefixes = tuple(f"s7-{MANIFEST}-{each}-" for each in (export.id, *export.formers))
        for job in reversed(jobs):
            if (
                not job.name.startswith(prefixes)
                or f"wid={export.width}&" not in f"{job.modifier}&"
            ):
                continue
            for path in job.zips:
                for name, width in _members(path).items():
                    asset = name.rpartition(".")[0]
                    if width == export.width and job.started >= missing.get(asset, job.started):
                        missing.pop(asset, None)
        return set(missing)

    def _lies(self, jobs: list[ServerJob], records: list[LedgerRecord]) -> Iterator[Finding]:
        by_name: dict[str, list[ServerJob]] = defaultdict(list)
        for job in jobs:
            by_name[job.name].append(job)
        for record in records:
            attempt = record.attempt
            if attempt.state.is_open and record.is_latest and not attempt.forgotten:
                yield Finding(kind="lies", what=f"{attempt.name} is still {attempt.state}")
            good = any(job.ended_well for job in by_name[attempt.name])
            # An older copy of the ledger may have it as it was then, and never ask for it again.
            if good and attempt.state in _BAD_ENDS and attempt.name not in self._life.orphans:
                what = f"{attempt.name} ended well, the ledger has it {attempt.state}"
                yield Finding(kind="lies", what=f"{what}: {attempt.message}")
            if attempt.state is not AttemptState.OK or attempt.name in self._looked:
                continue
            self._looked.add(attempt.name)
            if not good:
                yield Finding(kind="lies", what=f"{attempt.name} is ok, but not on the server")
            yield from self._zip_lies(record)

    def _zip_lies(self, record: LedgerRecord) -> Iterator[Finding]:
        attempt = record.attempt
        found: set[str] = set()
        for url in attempt.zip_urls:
            path = self._life.server.data / urlsplit(url).path.lstrip("/")
            found |= {name.rpartition(".")[0] for name in _members(path)}
        wanted = {asset.path.rsplit("/", 1)[-1] for asset in attempt.sent}
        if found != wanted:
            what = f"{attempt.name} is ok, its ZIPs hold {sorted(found)}, not {sorted(wanted)}"
            yield Finding(kind="lies", what=what)

    def _needless(self, jobs: list[ServerJob]) -> Iterator[Finding]:
        """The same content sent again although it had been delivered."""
        done: dict[str, ServerJob] = {}
        for job in jobs:
            stem = _GENERATION.sub("", job.name)
            before = done.get(stem)
            is_another = before is not None and before.name != job.name
            if before is not None and is_another and job.name not in self._looked_twice:
                self._looked_twice.add(job.name)
                if not self._may_run_again(job):
                    yield Finding(kind="needless", what=f"{job.name} after {before.name} was good")
            if job.ended_well:
                done.setdefault(stem, job)

    def _may_run_again(self, job: ServerJob) -> bool:
        names = (f"s7-{MANIFEST}-{identity}-" for identity in self._life.project.again)
        return any(job.name.startswith(prefix) for prefix in names)

    def _odd_endings(self) -> Iterator[Finding]:
        for run in self._life.runs:
            if run.code not in _DOCUMENTED and not _says_who_is_away(run):
                yield Finding(kind="others", what=f"{run.output.name}: exit code {run.code}")
            if run.code == 0:
                yield from self._false_success(run)
            if "Traceback" in run.talk or "This is a bug" in run.talk:
                yield Finding(kind="others", what=f"{run.output.name}: a traceback")

    def _false_success(self, run: Run) -> Iterator[Finding]:
        """Exit code 0 says that all went well."""
        fine = _FINE | (_BEGUN if "--detach" in run.arguments else set())
        for item in (run.document or {}).get("items", ()):
            odd = item.get("state") not in fine or "jobs of this name" in item.get("message", "")
            if odd and item["action"] not in ("skip", "wait", "cancel"):
                what = f"{run.output.name} ends with 0, but has {item['job']} {item['state']}"
                yield Finding(kind="lies", what=what)


def _says_who_is_away(run: Run) -> bool:
    """Exit code 3: IPS, or the database of the ledger, and so nothing was submitted."""
    found = (run.document or {}).get("diagnostics", ())
    return run.code == 3 and {each["rule"] for each in found} <= {"S7E060", "S7E070"}


def _members(path: Path) -> dict[str, int]:
    """The files of a ZIP and the widths of their pictures. Empty when there is none that opens."""
    try:
        with zipfile.ZipFile(path) as archive:
            widths = {}
            for name in archive.namelist():
                with Image.open(io.BytesIO(archive.read(name))) as picture:
                    widths[name] = picture.width
            return widths
    except (OSError, zipfile.BadZipFile):
        return {}
