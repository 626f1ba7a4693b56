"""The job engine: a queue, a coordinator and workers over the job store."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from queue import SimpleQueue

from s7spec.emulator.jobs import log_types
from s7spec.emulator.jobs.control import JobStopped, Progress, RunControl, ServerClosing
from s7spec.emulator.store.job import Detail, Job, JobState, NewJob, Tally
from s7spec.emulator.store.jobs import JobStore

_LOG = logging.getLogger(__name__)

Work = Callable[[Job, RunControl], None]
"""Does a job and ends it in the store; raises JobStopped or ServerClosing when held."""


class JobEngine:
    """Takes jobs in, runs ``workers`` of them at once, oldest first.

    Jobs that an earlier process left behind start again with ``start()``: their logs begin anew.
    """

    def __init__(self, jobs: JobStore, work: Work, *, workers: int) -> None:
        self._jobs = jobs
        self._work = work
        self._inbox: SimpleQueue[int | None] = SimpleQueue()
        self._waiting: SimpleQueue[int | None] = SimpleQueue()
        self._running: dict[int, RunControl] = {}
        self._lock = threading.Lock()
        self._closing = False
        self._threads = [threading.Thread(target=self._coordinate, name="ips-coordinator")]
        self._threads += [
            threading.Thread(target=self._labour, name=f"ips-worker-{number}")
            for number in range(1, workers + 1)
        ]

    def start(self) -> None:
        for job in self._jobs.active():
            if job.state is JobState.STOPPING:
                self._jobs.finish(job.run_id, [_stopped()], Tally(), fatal=True)
                continue
            self._jobs.reset(job.run_id)
            self._inbox.put(job.run_id)
        for thread in self._threads:
            thread.start()

    def submit(self, new: NewJob) -> Job:
        """Store the job and queue it; it is safe on disk when this returns."""
        job = self._jobs.add(new)
        self._inbox.put(job.run_id)
        return job

    def progress(self, run_id: int) -> Progress | None:
        """None for a job that does not run."""
        with self._lock:
            control = self._running.get(run_id)
        return control.progress if control else None

    def stop(self, run_id: int) -> bool:
        """End a job early; its log stays. A running one ends after the asset at work."""
        return self._jobs.stop_waiting(run_id, _stopped()) or self._halt(run_id, forget=False)

    def delete(self, run_id: int) -> bool:
        """Stop a job and remove it with its log."""
        return self._jobs.delete_waiting(run_id) or self._halt(run_id, forget=True)

    def _halt(self, run_id: int, *, forget: bool) -> bool:
        if not self._jobs.stop_running(run_id, forget=forget):
            return False
        with self._lock:
            control = self._running.get(run_id)
        if control is not None:
            control.stop()
        return True

    def close(self) -> None:
        """Interrupt what runs, wait for all threads. What is not done starts again next time."""
        with self._lock:
            self._closing = True
            for control in self._running.values():
                control.close()
        self._inbox.put(None)
        for _ in self._threads[1:]:
            self._waiting.put(None)
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def _coordinate(self) -> None:
        while (run_id := self._inbox.get()) is not None:
            if self._jobs.move(run_id, JobState.NEW, JobState.WAITING):
                self._waiting.put(run_id)

    def _labour(self) -> None:
        while (run_id := self._waiting.get()) is not None:
            control = self._admit(run_id)
            if control is None:
                return
            try:
                job = self._jobs.start(run_id)
                if job is not None:
                    self._run(job, control)
            finally:
                with self._lock:
                    del self._running[run_id]

    def _admit(self, run_id: int) -> RunControl | None:
        """Known before it runs, so that no stop can slip between start and registration."""
        job = self._jobs.get(run_id)
        control = RunControl(len(job.export.assetHandleArray) if job else 0)
        with self._lock:
            if self._closing:
                return None
            self._running[run_id] = control
        return control

    def _run(self, job: Job, control: RunControl) -> None:
        try:
            self._work(job, control)
        except ServerClosing:
            return
        except JobStopped:
            self._jobs.finish(job.run_id, [_stopped()], Tally(), fatal=True)
        except Exception as error:  # noqa: BLE001 - a job must not take its worker along
            self._break_down(job, error)

    def _break_down(self, job: Job, error: Exception) -> None:
        _LOG.error("job %s broke down", job.handle, exc_info=error)
        message = f"the job broke down: {type(error).__name__}: {error}"
        detail = Detail(log_type=log_types.FATAL_ERROR, message=message)
        try:
            self._jobs.finish(job.run_id, [detail], Tally(), fatal=True)
        except sqlite3.Error:
            # Nothing to write to: the job stays Running and starts again with the next server.
            _LOG.exception("the end of job %s could not be stored", job.handle)


def _stopped() -> Detail:
    return Detail(log_type=log_types.STOPPED, message="the job was stopped")
