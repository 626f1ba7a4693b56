"""What a manifest says about runs, and beside what IPS tells, arrives at the job to be planned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from s7spec.model.job import ExpandedJob, ResolvedJob
from s7spec.model.policy import (
    USUAL,
    JobPolicy,
    Mode,
    OnPartial,
    OnTouch,
    Supersede,
)
from s7spec.model.schedule import Timing
from s7spec.resolve import resolve
from tests.expand.compiling import compile_file
from tests.fakes.catalog import MemoryCatalog, asset

HEAD = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: shop}
defaults: {assets: {names: [boot]}, fmt: orig}
exports:
"""


def expanded(folder: Path, exports: str) -> list[ExpandedJob]:
    path = folder / "shop.yaml"
    path.write_text(HEAD + exports, "utf-8")
    outcome = compile_file(path)
    assert outcome.findings == ()
    return list(outcome.jobs)


def resolved(folder: Path, exports: str) -> list[ResolvedJob]:
    found = resolve(expanded(folder, exports), MemoryCatalog([asset("Acme/boot")]))
    assert found.diagnostics == ()
    return list(found.jobs)


def test_a_policy_arrives_whole(tmp_path: Path) -> None:
    (job,) = resolved(
        tmp_path,
        "  - id: one\n"
        "    mode: delta\n"
        "    on_partial: full\n"
        "    on_touch: skip\n"
        "    supersede: stop-and-submit\n"
        "    max_age: 2w\n"
        "    max_attempts: 7\n"
        "    rerun: again\n"
        "    rerun_on: [emailSetting]\n"
        '    schedule: {at: "2027-03-01T06:00:00+01:00"}\n',
    )
    assert job.policy == JobPolicy(
        mode=Mode.DELTA,
        on_partial=OnPartial.FULL,
        on_touch=OnTouch.SKIP,
        supersede=Supersede.STOP_AND_SUBMIT,
        max_age=timedelta(weeks=2),
        max_attempts=7,
        rerun="again",
        rerun_on_email=True,
        timing=Timing(at=datetime(2027, 3, 1, 5, tzinfo=UTC)),
    )


def test_what_recurs_is_never_left_with_its_failed_assets_alone(tmp_path: Path) -> None:
    (job,) = resolved(tmp_path, '  - {id: one, schedule: {cron: "0 0 6 ? * MON"}}\n')
    assert job.policy == JobPolicy(on_partial=OnPartial.FULL, timing=Timing(cron="0 0 6 ? * MON"))


def test_jobs_of_an_export_share_their_policy(tmp_path: Path) -> None:
    jobs = expanded(
        tmp_path,
        '  - {id: "a-{{ matrix.n }}", matrix: {n: [1, 2, 3]}}\n'
        '  - {id: "b-{{ matrix.n }}", matrix: {n: [1, 2, 3]}, rerun: x, max_age: 1d}\n',
    )
    assert [job.settings.policy is USUAL for job in jobs] == [True] * 3 + [False] * 3
    assert len({id(job.settings.policy) for job in jobs}) == 2


def test_words_beside_what_ips_tells_make_another_fingerprint(tmp_path: Path) -> None:
    plain, version, inputs, same = resolved(
        tmp_path,
        "  - {id: a}\n"
        '  - {id: b, code_version: "3"}\n'
        "  - {id: c, inputs: {rev: 3, A: x}}\n"
        '  - {id: d, inputs: {A: x, rev: "3"}, max_age: 1d}\n',
    )
    assert plain.export_job.stated == {}
    assert version.export_job.code_version == "3"
    assert inputs.export_job.inputs == (("A", "x"), ("rev", "3"))
    assert inputs.export_job == same.export_job
    fingerprints = {job.export_job.fingerprint.data for job in (plain, version, inputs, same)}
    assert len(fingerprints) == 3
    assert len({job.spec_digest for job in (plain, version, inputs, same)}) == 3
