"""The ledger's file is deleted or replaced under a run: said, never written past."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.ledger import AttemptState
from s7spec.ports import LedgerUnwritable
from tests.fakes.clock import NOON
from tests.fakes.jobs import COMPANY, ENVIRONMENT, HOLDER, attempt


def removed(path: Path) -> None:
    path.unlink()


def removed_with_its_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


def replaced(path: Path) -> None:
    """As a CI does that restores a cache, or git that checks a file out."""
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    copy.rename(path)


@pytest.mark.parametrize("vandal", [removed, removed_with_its_folder, replaced])
def test_a_ledger_that_goes_while_it_is_used_is_said(
    tmp_path: Path, vandal: Callable[[Path], None]
) -> None:
    """Every later write would go to a file that nobody ever finds again."""
    path = tmp_path / "state" / "ledger.db"
    with SqliteLedger(path, create=True) as ledger:
        lease = ledger.acquire(COMPANY, ENVIRONMENT, holder=HOLDER, now=NOON, seconds=60)
        first = ledger.intend(attempt(), prior=None, lease=lease)
        vandal(path)
        words = "ledger.db was removed or replaced while in use"
        with pytest.raises(LedgerUnwritable, match=words) as error:
            ledger.intend(attempt("shop/next"), prior=None, lease=lease)
        assert error.value.path == str(path)
        for write in (
            lambda: ledger.record(replace(first, state=AttemptState.OK), lease=lease),
            lambda: ledger.forget(first.key, at=NOON, lease=lease),
            lambda: ledger.renew(lease, now=NOON, seconds=60),
            lambda: ledger.release(lease),
            lambda: ledger.acquire(COMPANY, "other", holder=HOLDER, now=NOON, seconds=60),
        ):
            with pytest.raises(LedgerUnwritable, match=words):
                write()


def test_a_ledger_that_goes_during_a_write_is_said(tmp_path: Path) -> None:
    """An intent that is not durable must not be taken for one."""
    path = tmp_path / "ledger.db"
    with (
        SqliteLedger(path, create=True) as ledger,
        pytest.raises(LedgerUnwritable, match="removed or replaced"),
        ledger._write(),
    ):
        path.unlink()


def test_a_ledger_behind_a_link_or_a_relative_path_is_still_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteLedger(tmp_path / "ledger.db", create=True).close()
    (tmp_path / "link.db").symlink_to("ledger.db")
    monkeypatch.chdir(tmp_path)
    with SqliteLedger(Path("link.db"), create=True) as ledger:
        monkeypatch.chdir("/")
        ledger.acquire(COMPANY, ENVIRONMENT, holder=HOLDER, now=NOON, seconds=60)
