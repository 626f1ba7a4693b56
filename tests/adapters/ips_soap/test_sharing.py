"""Many threads, one gateway: what is made once, what fails for all, and what ends in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from s7spec.adapters.ips_soap import IpsSoapGateway, ReadRetries, Timeouts
from s7spec.adapters.ips_soap.limits import CONNECTIONS
from s7spec.adapters.ips_soap.shared import Shared
from s7spec.adapters.network import deadline as deadlines
from s7spec.adapters.network.deadline import Deadline
from s7spec.model.submission import Submission
from s7spec.ports import CompanyUnknown, IpsUnreachable, PortError
from tests.adapters.ips_soap.peer import COMPANY, Peer, Step, fault, hangs, returned, sends, then

Connect = Callable[..., IpsSoapGateway]
THREADS = 32
LISTS = {
    "getActiveJobs": "<jobArray/>",
    "getScheduledJobs": "<jobArray/>",
    "getJobLogs": "<jobLogArray/>",
    "getJobLogDetails": "<jobLogArray/>",
    "submitJob": "<jobHandle>j|7|x||</jobHandle>",
    "stopJob": "",
    "deleteJob": "",
}


def at_once(call: Callable[[], object]) -> list[object]:
    """What so many threads get that call at the same moment; an error is what it raised."""
    barrier = threading.Barrier(THREADS)

    def one() -> object:
        barrier.wait(30)
        try:
            return call()
        except PortError as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        return [each.result() for each in [pool.submit(one) for _ in range(THREADS)]]


def pauses(seconds: float) -> Step:
    return lambda connection: time.sleep(seconds)


def test_everything_at_once(peer: Peer, connect: Connect, submission: Submission) -> None:
    """The first calls of all: nothing is there yet, neither messages nor company."""
    for operation, inner in LISTS.items():
        peer.answer(operation, returned(operation, inner))
    gateway = connect(peer.endpoint)

    def everything() -> None:
        name = threading.current_thread().name
        gateway.submit(replace(submission, attempt_name=name))
        assert gateway.find(name) is None
        assert gateway.logged(name) is None
        gateway.active_jobs()
        gateway.known_jobs(datetime(2026, 1, 1, tzinfo=UTC))
        gateway.stop("j|1")
        gateway.delete("j|1")

    assert at_once(everything) == [None] * THREADS
    assert peer.count("getCompanyInfo") == 1
    assert peer.count("submitJob") == peer.count("stopJob") == peer.count("deleteJob") == THREADS


def test_each_thread_keeps_a_connection(peer: Peer, connect: Connect) -> None:
    assert CONNECTIONS >= THREADS
    peer.answer(
        "getActiveJobs", then(pauses(0.05), sends(returned("getActiveJobs", "<jobArray/>")))
    )
    gateway = connect(peer.endpoint)
    for _ in range(3):
        at_once(gateway.active_jobs)
    assert peer.connections <= THREADS + 1


def test_a_company_that_cannot_be_resolved_is_asked_for_once(peer: Peer, connect: Connect) -> None:
    no = fault("authorizationFault", 20000)
    peer.answer(
        "getCompanyInfo", then(pauses(0.5), sends(no)), sends(returned("getCompanyInfo", COMPANY))
    )
    peer.answer("getCompanyMembership", no)
    peer.answer("getActiveJobs", returned("getActiveJobs", "<jobArray/>"))
    gateway = connect(peer.endpoint)
    failed = [each for each in at_once(gateway.active_jobs) if each != ()]
    assert failed
    assert {type(each) for each in failed} == {CompanyUnknown}
    assert peer.count("getCompanyInfo") <= 2
    assert gateway.active_jobs() == (), "whoever asks later tries anew"


def test_what_hangs_hangs_for_all_at_the_same_time(peer: Peer, connect: Connect) -> None:
    """Not for one after the other, which would take so many times as long."""
    peer.answer("getCompanyInfo", hangs)
    gateway = connect(
        peer.endpoint,
        timeouts=Timeouts(connect=5, read=5, operation=1),
        retries=ReadRetries(tries=1),
    )
    failed = at_once(gateway.active_jobs)
    assert all(isinstance(each, IpsUnreachable) for each in failed)
    assert peer.count("getCompanyInfo") < 4


class TestShared:
    def test_it_is_made_once(self) -> None:
        made: list[int] = []

        def make() -> int:
            time.sleep(0.05)
            made.append(1)
            return len(made)

        shared = Shared(make)
        assert at_once(shared.get) == [1] * THREADS

    def test_a_failure_is_not_kept(self) -> None:
        left: list[Exception] = [IpsUnreachable("no route")]

        def make() -> str:
            if left:
                raise left.pop()
            return "made"

        shared = Shared(make)
        with pytest.raises(IpsUnreachable, match="no route"):
            shared.get()
        assert shared.get() == "made"

    def test_an_interrupt_is_not_kept_either(self) -> None:
        left: list[BaseException] = [KeyboardInterrupt()]

        def make() -> str:
            if left:
                raise left.pop()
            return "made"

        shared = Shared(make)
        with pytest.raises(KeyboardInterrupt):
            shared.get()
        assert shared.get() == "made"


class TestDeadlines:
    def test_each_ends_in_its_own_time(self) -> None:
        with Deadline(60) as long, Deadline(0.05) as short, Deadline(0.1) as middle:
            while not (short.passed and middle.passed):
                time.sleep(0.01)
            assert not long.passed

    def test_one_that_was_left_does_not_end(self) -> None:
        with Deadline(0.05) as left:
            pass
        with Deadline(0.1) as later:
            while not later.passed:
                time.sleep(0.01)
        assert not left.passed

    def test_the_watch_rests_when_nobody_waits_and_comes_again(self) -> None:
        for _ in range(3):
            with Deadline(0.01) as one:
                while not one.passed:
                    time.sleep(0.01)
            while deadlines._WATCH._thread is not None and not deadlines._WATCH._ends:
                time.sleep(0.01)

    def test_many_at_once(self) -> None:
        def one() -> bool:
            with Deadline(0.05) as mine:
                while not mine.passed:
                    time.sleep(0.005)
            return mine.passed

        assert at_once(one) == [True] * THREADS
        assert not deadlines._WATCH._ends
