"""The ledger's file: made on first use, read without a trace, refused when it is something else."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.adapters.ledger_sqlite.schema import APPLICATION_ID, SCHEMA_VERSION
from s7spec.model.ledger import Lease
from s7spec.ports import LeaseHeld, LedgerCorrupt, LedgerNewer, LedgerUnwritable
from tests.adapters.ledger.children import in_child, limit_file_size
from tests.fakes.jobs import COMPANY, ENVIRONMENT, attempt, export_job, job_key
from tests.fakes.ledgers import end, head_of, heads, intend, take

NOBODY = 65534
KILLED = 9


def fill(path: Path, jobs: int = 1) -> None:
    with SqliteLedger(path, create=True) as ledger:
        lease = take(ledger)
        with ledger.writing(lease) as writer:
            for number in range(jobs):
                writer.intend(attempt(f"shop/m{number}"), prior=None)
        ledger.release(lease)


def names(path: Path) -> list[str]:
    with SqliteLedger(path, create=False) as ledger:
        return [head.key.export for head in heads(ledger)]


def raw(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(path, isolation_level=None))


@contextmanager
def without_rights() -> Iterator[None]:
    """Root may write everywhere: as root these tests become nobody for a while."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if me == 0:
            os.seteuid(me)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that anybody can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="s7spec-ledger-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_made_with_its_folders_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / ".s7spec" / "ledger.db"
    fill(path)
    assert [child.name for child in path.parent.iterdir()] == ["ledger.db"]
    assert names(path) == ["m0"]


def test_writes_are_made_to_last(tmp_path: Path) -> None:
    with SqliteLedger(tmp_path / "ledger.db", create=True) as ledger:
        connection = ledger._connection
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_a_missing_ledger_reads_as_empty_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / ".s7spec" / "ledger.db"
    with SqliteLedger(path, create=False) as ledger:
        assert heads(ledger) == []
        with pytest.raises(LedgerUnwritable, match="read-only"):
            take(ledger)
    assert list(tmp_path.glob("[!h]*")) == []


def test_opened_for_reading_it_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    fill(path)
    before = path.read_bytes()
    with SqliteLedger(path, create=False) as ledger:
        with pytest.raises(LedgerUnwritable, match="read-only"):
            take(ledger)
        assert len(heads(ledger)) == 1
    assert path.read_bytes() == before
    assert sorted(child.name for child in tmp_path.glob("ledger*")) == ["ledger.db"]


def test_read_while_somebody_writes(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with SqliteLedger(path, create=True) as writer:
        lease = take(writer)
        intend(writer, lease, attempt())
        assert names(path) == ["main"]
        intend(writer, lease, attempt("shop/next"))
        assert names(path) == ["main", "next"]


def test_read_only_folder(open_folder: Path) -> None:
    path = open_folder / "ledger.db"
    fill(path)
    open_folder.chmod(0o555)
    with without_rights():
        assert names(path) == ["m0"]
        with pytest.raises(LedgerUnwritable, match=r"ledger\.db cannot be"):
            SqliteLedger(path, create=True)
        with pytest.raises(LedgerUnwritable, match="cannot be made: Permission denied") as error:
            SqliteLedger(open_folder / "other.db", create=True)
        assert error.value.path == str(open_folder / "other.db")
        with SqliteLedger(open_folder / "other.db", create=False) as ledger:
            assert heads(ledger) == []
    assert [child.name for child in open_folder.iterdir()] == ["ledger.db"]


def test_read_only_file(open_folder: Path) -> None:
    path = open_folder / "ledger.db"
    fill(path)
    path.chmod(0o444)
    open_folder.chmod(0o777)
    with without_rights():
        with pytest.raises(LedgerUnwritable, match="read-only"):
            SqliteLedger(path, create=True)
        assert names(path) == ["m0"]


def test_folder_that_cannot_be_entered(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    with without_rights():
        for create in (True, False):
            if os.geteuid() == NOBODY:
                with pytest.raises(LedgerUnwritable, match="Permission denied"):
                    SqliteLedger(closed / "ledger.db", create=create)


@pytest.mark.parametrize("create", [True, False], ids=["writing", "reading"])
class TestRefused:
    def test_a_folder_in_its_place(self, tmp_path: Path, create: bool) -> None:
        with pytest.raises(LedgerUnwritable, match="is a folder"):
            SqliteLedger(tmp_path, create=create)

    def test_not_a_database(self, tmp_path: Path, create: bool) -> None:
        path = tmp_path / "ledger.db"
        path.write_text("attempts: []\n" * 100)
        with pytest.raises(LedgerCorrupt, match="is no SQLite database") as error:
            SqliteLedger(path, create=create)
        assert error.value.path == str(path)
        assert path.read_text() == "attempts: []\n" * 100

    def test_an_empty_file(self, tmp_path: Path, create: bool) -> None:
        """What a full disk leaves behind; taking it for a new ledger would lose the old one."""
        path = tmp_path / "ledger.db"
        path.touch()
        with pytest.raises(LedgerCorrupt, match="the file is empty"):
            SqliteLedger(path, create=create)

    @pytest.mark.parametrize("size", [50, 100, 4096, 5000, 20_000])
    def test_a_truncated_file(self, tmp_path: Path, create: bool, size: int) -> None:
        path = tmp_path / "ledger.db"
        fill(path, jobs=20)
        assert path.stat().st_size > size
        os.truncate(path, size)
        with pytest.raises(LedgerCorrupt):
            SqliteLedger(path, create=create)

    def test_a_database_of_something_else(self, tmp_path: Path, create: bool) -> None:
        path = tmp_path / "ledger.db"
        with raw(path) as connection:
            connection.execute("CREATE TABLE attempt (name TEXT)")
        with pytest.raises(LedgerCorrupt, match="a database of something else"):
            SqliteLedger(path, create=create)

    def test_written_by_a_newer_s7spec(self, tmp_path: Path, create: bool) -> None:
        path = tmp_path / "ledger.db"
        fill(path)
        with raw(path) as connection:
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        with pytest.raises(LedgerNewer, match=f"has version {SCHEMA_VERSION + 1}"):
            SqliteLedger(path, create=create)

    def test_a_version_that_never_was(self, tmp_path: Path, create: bool) -> None:
        path = tmp_path / "ledger.db"
        with raw(path) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        with pytest.raises(LedgerCorrupt, match="version is 0"):
            SqliteLedger(path, create=create)


@pytest.fixture
def damaged_in_the_middle(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    fill(path, jobs=50)
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content)
    return path


def test_nothing_is_written_on_top_of_damage(damaged_in_the_middle: Path) -> None:
    with pytest.raises(LedgerCorrupt, match="is damaged"):
        SqliteLedger(damaged_in_the_middle, create=True)


def test_damage_is_met_by_who_reads_it_and_by_a_check(damaged_in_the_middle: Path) -> None:
    with SqliteLedger(damaged_in_the_middle, create=False) as ledger:
        with pytest.raises(LedgerCorrupt, match="is damaged"):
            list(ledger.records())
        assert any("the file is damaged" in sentence for sentence in ledger.check())


def test_a_row_that_cannot_be_understood_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    fill(path)
    with raw(path) as connection:
        connection.execute('UPDATE attempt SET payload = \'{"fmt":"gif"}\'')
    with (
        SqliteLedger(path, create=False) as ledger,
        pytest.raises(LedgerCorrupt, match=r"attempt s7-shop-m0-.* cannot be read"),
    ):
        ledger.attempts(job_key("shop/m0"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET message = 'nothing happened'",
        "DELETE FROM event",
        "DELETE FROM attempt",
    ],
)
def test_history_cannot_be_changed_by_anybody(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "ledger.db"
    fill(path)
    with raw(path) as connection, pytest.raises(sqlite3.IntegrityError, match="are never"):
        connection.execute(statement)


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    with SqliteLedger(tmp_path / "ledger.db", create=True) as ledger:
        lease = take(ledger)
        first = intend(ledger, lease, attempt())
        pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
        ledger._connection.execute(f"PRAGMA max_page_count = {pages}")
        big = attempt("shop/big", export_job(is_modifier="x" * 100_000))
        with pytest.raises(LedgerUnwritable, match="disk is full"):
            intend(ledger, lease, big)
        ledger._connection.execute("PRAGMA max_page_count = 100000")
        done = end(ledger, lease, first)
        assert heads(ledger) == [head_of(done)]


def test_a_lock_that_is_not_given_back_is_said(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with SqliteLedger(path, create=True) as ledger, raw(path) as other:
        ledger._connection.execute("PRAGMA busy_timeout = 20")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerUnwritable, match="locked by another process"):
            take(ledger)


def test_an_interrupted_write_leaves_nothing_half_done(tmp_path: Path) -> None:
    with SqliteLedger(tmp_path / "ledger.db", create=True) as ledger:
        lease = take(ledger)
        with pytest.raises(KeyboardInterrupt):
            interrupted_write(ledger)
        intend(ledger, lease)


def interrupted_write(ledger: SqliteLedger) -> None:
    with ledger._write():
        ledger._connection.execute("UPDATE lease SET fence = 99")
        raise KeyboardInterrupt


def test_killed_in_the_middle_of_a_block(tmp_path: Path) -> None:
    """What was durable before is there, and nothing of the block."""
    path = tmp_path / "ledger.db"
    fill(path)

    def die() -> None:
        with SqliteLedger(path, create=True) as ledger:
            lease = take(ledger)
            intend(ledger, lease, attempt("shop/durable"))
            with ledger.writing(lease) as writer:
                for number in range(500):
                    writer.intend(attempt(f"shop/lost{number}"), prior=None)
                os._exit(KILLED)

    assert in_child(die) == KILLED
    assert names(path) == ["durable", "m0"]
    with SqliteLedger(path, create=True) as ledger:
        assert ledger.check() == ()
        assert ledger.lease(COMPANY, ENVIRONMENT) is not None, "the dead one still holds it"


def blocks_until_full(ledger: SqliteLedger, lease: Lease) -> int:
    """How many blocks of ten intents went in."""
    for block in range(1000):
        try:
            with ledger.writing(lease) as writer:
                for number in range(10):
                    writer.intend(attempt(f"shop/b{block}-{number}"), prior=None)
        except LedgerUnwritable:
            return block
    pytest.fail("the disk was never full")


@pytest.mark.parametrize("spare", [0, 20_000, 60_000])
def test_a_disk_that_fills_up_block_after_block(tmp_path: Path, spare: int) -> None:
    """A file that cannot grow, as the operating system sees it: SQLite's side files cannot either.
    Every block is there whole or not at all, and reading goes on."""
    path = tmp_path / "ledger.db"
    fill(path)

    def fill_the_disk() -> None:
        with SqliteLedger(path, create=True) as ledger:
            lease = take(ledger)
            limit_file_size(path.stat().st_size + spare)
            written = blocks_until_full(ledger, lease)
            assert len(heads(ledger)) == 1 + 10 * written

    assert in_child(fill_the_disk) == 0
    with SqliteLedger(path, create=True) as ledger:
        assert len(heads(ledger)) % 10 == 1
        assert ledger.check() == ()


def test_a_disk_without_room_for_the_shared_memory_is_full(tmp_path: Path) -> None:
    """SQLite calls that an I/O error, as if the disk were broken."""
    path = tmp_path / "ledger.db"
    fill(path)

    def open_on_a_full_disk() -> None:
        limit_file_size(16_384)
        with pytest.raises(LedgerUnwritable, match="cannot be written: the disk is full"):
            SqliteLedger(path, create=True)

    assert in_child(open_on_a_full_disk) == 0


def test_a_ledger_of_a_newer_s7spec_is_left_alone_also_when_it_became_that_meanwhile(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ledger.db"
    with SqliteLedger(path, create=True) as ledger:
        lease = take(ledger)
        with raw(path) as other:
            other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        for call in (
            lambda: intend(ledger, lease),
            lambda: heads(ledger),
            lambda: ledger.attempts(job_key("shop/main")),
            ledger.check,
        ):
            with pytest.raises(LedgerNewer):
                call()


def test_what_is_read_is_of_one_moment_while_another_process_writes(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    fill(path, jobs=10)
    child = os.fork()
    if child == 0:
        os._exit(in_child(lambda: write_blocks(path, 60)))
    seen = set()
    with SqliteLedger(path, create=False) as ledger:
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            found = heads(ledger)
            assert [head.key for head in found] == sorted(head.key for head in found)
            seen.add(len(found))
        assert len(heads(ledger)) == 610
    assert all(count % 10 == 0 for count in seen)


def write_blocks(path: Path, blocks: int) -> None:
    with SqliteLedger(path, create=True) as ledger:
        lease = take(ledger)
        for block in range(blocks):
            with ledger.writing(lease) as writer:
                for number in range(10):
                    writer.intend(attempt(f"shop/b{block}-{number}"), prior=None)


def test_many_processes_make_one_ledger_and_one_of_them_leads(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from s7spec.adapters.ledger_sqlite import SqliteLedger\n"
        "from s7spec.ports import LeaseHeld\n"
        "from tests.fakes.ledgers import take\n"
        "with SqliteLedger(Path(sys.argv[1]), create=True) as ledger:\n"
        "    try:\n"
        "        take(ledger)\n"
        "        print('leads')\n"
        "    except LeaseHeld:\n"
        "        print('waits')\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).resolve().parents[3],
        )
        for _ in range(4)
    ]
    said = []
    for process in running:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        said.append(out.strip())
    assert sorted(said) == ["leads", "waits", "waits", "waits"]
    assert sorted(child.name for child in tmp_path.glob("*ledger*")) == ["ledger.db"]
    with SqliteLedger(path, create=True) as ledger, pytest.raises(LeaseHeld):
        take(ledger)
