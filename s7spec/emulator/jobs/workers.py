"""The workers: who runs jobs, how many at once, and in which order."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from queue import SimpleQueue

from s7spec.emulator.clock import ServerClock
from s7spec.emulator.jobs import log_types
from s7spec.emulator.jobs.control import JobStopped, Progress, RunControl, ServerClosing
from s7spec.emulator.store.job import Detail, Job, Tally
from s7spec.emulator.store.jobs import JobStore

_LOG = logging.getLogger(__name__)

Work = Callable[[Job, RunControl], None]
"""Does a job and ends it in the store; raises JobStopped or ServerClosing when held."""

STOPPED = Detail(log_type=log_types.STOPPED, message="the job was stopped")


class Workers:
    """Runs ``number`` jobs at once, oldest first."""

    def __init__(self, jobs: JobStore, work: Work, clock: ServerClock, *, number: int) -> None:
        self._jobs = jobs
        self._work = work
        self._clock = clock
        self._line: SimpleQueue[int | None] = SimpleQueue()
        self._waiting: set[int] = set()
        self._running: dict[int, RunControl] = {}
        self._lock = threading.Lock()
        self._pausing = threading.Lock()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._labour, name=f"ips-worker-{place}")
            for place in range(1, number + 1)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def take(self, run_id: int) -> None:
        """A new job."""
        self._waiting.add(run_id)
        self._line.put(run_id)

    def is_waiting(self, run_id: int) -> bool:
        """Whether the job stands in line."""
        return run_id in self._waiting

    def progress(self, run_id: int) -> Progress | None:
        """None for a job that does not run, or has not yet said how much there is to do."""
        control = self._control(run_id)
        return control.progress if control and control.progress.total else None

    def _control(self, run_id: int) -> RunControl | None:
        with self._lock:
            return self._running.get(run_id)

    def halt(self, run_id: int) -> None:
        """Have a running job end after the asset at work."""
        control = self._control(run_id)
        if control is not None:
            control.stop()

    def pause(self, run_id: int, *, paused: bool) -> bool:
        """Tells whether the job was active."""
        with self._pausing:
            if not self._jobs.set_paused(run_id, paused=paused):
                return False
            control = self._control(run_id)
            if control is not None:
                control.pause(paused=paused)
            return True

    def close(self) -> None:
        """Interrupt what runs, wait for all threads."""
        with self._lock:
            self._closing = True
            for control in self._running.values():
                control.close()
        for _ in self._threads:
            self._line.put(None)
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def _labour(self) -> None:
        while (run_id := self._line.get()) is not None:
            # Known before it runs, so that no stop can slip between start and registration.
            control = RunControl(self._clock)
            with self._lock:
                if self._closing:
                    return
                self._running[run_id] = control
            try:
                self._start(run_id, control)
            except sqlite3.Error:
                # Nothing to write to: the job stays as it is and starts with the next server.
                _LOG.exception("job %s could not be kept up", run_id)
            finally:
                with self._lock:
                    del self._running[run_id]

    def _start(self, run_id: int, control: RunControl) -> None:
        with self._pausing:
            job = self._jobs.start(run_id)
            if job is not None and job.paused:
                control.pause(paused=True)
        self._waiting.discard(run_id)
        if job is not None:
            self._run(job, control)

    def _run(self, job: Job, control: RunControl) -> None:
        try:
            self._work(job, control)
        except ServerClosing:
            return
        except JobStopped:
            self._jobs.finish(job.run_id, [STOPPED], Tally(), fatal=True)
        except Exception as error:  # noqa: BLE001 - a job must not take its worker along
            _LOG.error("job %s broke down", job.handle, exc_info=error)
            message = f"the job broke down: {type(error).__name__}: {error}"
            detail = Detail(log_type=log_types.FATAL_ERROR, message=message)
            self._jobs.finish(job.run_id, [detail], Tally(), fatal=True)
