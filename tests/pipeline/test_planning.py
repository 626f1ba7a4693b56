"""Manifests, a company's assets and a ledger in memory become a plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from s7spec.model.asset import Asset
from s7spec.model.plan import PLAN_LIFETIME, Plan
from s7spec.model.selection import Condition
from s7spec.pipeline.planning import plan_exports
from s7spec.plan import plan_digest
from tests.fakes.catalog import MemoryCatalog, asset
from tests.fakes.clock import NOON, ManualClock
from tests.fakes.gateway import ScriptedIps
from tests.fakes.ledger import MemoryLedger
from tests.pipeline.projects import compiled, make_project

FOLDER = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: shop}
exports: [{id: main, assets: {folder: Acme/}, fmt: orig}]
"""


class SlowCatalog(MemoryCatalog):
    """Each folder takes a minute."""

    def __init__(self, clock: ManualClock, *assets: Asset) -> None:
        super().__init__(assets)
        self._clock = clock

    def in_folder(
        self,
        folder: str,
        *,
        recursive: bool,
        types: tuple[str, ...],
        where: tuple[Condition, ...],
    ) -> Iterator[Asset]:
        yield from super().in_folder(folder, recursive=recursive, types=types, where=where)
        self._clock.move(60)


def planned(root: Path, catalog: MemoryCatalog, clock: ManualClock) -> Plan:
    with MemoryLedger() as ledger, ledger.reading("Acme", "local") as view:
        plan = plan_exports(
            compiled(root),
            catalog=catalog,
            gateway=ScriptedIps(clock=clock),
            view=view,
            clock=clock,
            tool_version="test",
        ).plan
    assert plan is not None
    return plan


def test_a_plan_says_when_the_assets_were_asked_for(tmp_path: Path) -> None:
    root, clock = make_project(tmp_path, {"shop.yaml": FOLDER}), ManualClock()
    plan = planned(root, SlowCatalog(clock, asset("Acme/boot")), clock)
    assert plan.header.assets_at == NOON
    assert plan.header.created_at == NOON + timedelta(seconds=60)
    assert plan.header.expires_at == plan.header.created_at + PLAN_LIFETIME
    at_once = planned(root, MemoryCatalog([asset("Acme/boot")]), ManualClock())
    assert plan_digest(at_once) == plan_digest(plan)
