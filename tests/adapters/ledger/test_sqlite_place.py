"""The ledger's file is deleted or replaced under a run: said, never written past."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.ports import LedgerUnwritable
from tests.fakes.clock import NOON
from tests.fakes.jobs import COMPANY, ENVIRONMENT, attempt
from tests.fakes.ledgers import end, forget, head_of, heads, intend, take


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
        lease = take(ledger)
        first = intend(ledger, lease)
        vandal(path)
        words = "ledger.db was removed or replaced while in use"
        with pytest.raises(LedgerUnwritable, match=words) as error:
            intend(ledger, lease, attempt("shop/next"))
        assert error.value.path == str(path)
        for write in (
            lambda: end(ledger, lease, first),
            lambda: forget(ledger, lease, first),
            lambda: ledger.renew(lease, now=NOON, seconds=60),
            lambda: ledger.release(lease),
            lambda: ledger.break_lease(lease),
            lambda: take(ledger, environment="other"),
            lambda: ledger.restore([]),
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
        take(ledger)
        assert heads(ledger) == []


@pytest.mark.parametrize("create", [True, False], ids=["writing", "reading"])
@pytest.mark.parametrize("vandal", [removed, removed_with_its_folder, replaced])
def test_a_ledger_that_goes_is_not_read_as_another_one(
    tmp_path: Path, vandal: Callable[[Path], None], create: bool
) -> None:
    """A plan looks at it more than once: what it sees must be one ledger, and never an empty one
    in its stead. A view that is open stays what it is."""
    path = tmp_path / "state" / "ledger.db"
    with SqliteLedger(path, create=True) as writer:
        written = intend(writer, take(writer))
    with SqliteLedger(path, create=create) as ledger:
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            vandal(path)
            assert list(view.heads()) == [head_of(written)]
        for read in (lambda: heads(ledger), ledger.check, lambda: list(ledger.records())):
            with pytest.raises(LedgerUnwritable, match="removed or replaced while in use"):
                read()
