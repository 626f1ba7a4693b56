"""What manifests ask for against what was asked for last, offline."""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.model.job import ExpandedJob
from s7spec.model.project import Environment
from s7spec.pipeline.compiling import Compilation
from s7spec.ports import Ledger


def changed_jobs(
    compilation: Compilation, environment: Environment, ledger: Ledger
) -> Iterator[ExpandedJob]:
    """The jobs of which the ledger keeps another spec digest, or none, in their order.

    Manifest by manifest: neither the jobs nor the ledger are held whole. Raises the errors of the
    ledger port.
    """
    for manifest in compilation.read():
        known = ledger.spec_digests(environment.company, environment.name, manifest.name)
        for job in compilation.expand(manifest):
            if known.get(job.export) != job.spec_digest():
                yield job
