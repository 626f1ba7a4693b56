"""One world for each test, on a real ledger file."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from s7spec.adapters.ledger_sqlite import SqliteLedger
from tests.apply.world import World, memory_folder


@pytest.fixture
def ledger_path(tmp_path: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=memory_folder(tmp_path), prefix="s7spec-") as folder:
        yield Path(folder) / "ledger.db"


@pytest.fixture
def world(ledger_path: Path) -> Iterator[World]:
    with SqliteLedger(ledger_path, create=True) as ledger:
        yield World(ledger)
