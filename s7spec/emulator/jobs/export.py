"""The export worker: one run from its first asset to the ZIP in the log."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path

from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.catalog.model import Asset, Company
from s7spec.emulator.clock import ServerClock
from s7spec.emulator.company.live import LiveCatalog
from s7spec.emulator.company.view import Catalog
from s7spec.emulator.jobs import log_types
from s7spec.emulator.jobs.archive import ExportArchive
from s7spec.emulator.jobs.control import JobStopped, RunControl, ServerClosing
from s7spec.emulator.jobs.delivery import Deliverer, Delivery, Undeliverable
from s7spec.emulator.jobs.fate import JobFate, from_text
from s7spec.emulator.jobs.mail import Outbox
from s7spec.emulator.jobs.run_log import RunLog
from s7spec.emulator.store.job import Detail, Job, Tally
from s7spec.emulator.store.jobs import JobStore

_LOG = logging.getLogger(__name__)
_SMALL = 1024 * 1024
"""Bytes; files up to here are read at once."""


class ZipTooLarge(Exception):
    """The ZIP has grown beyond what this server delivers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLimits:
    """How jobs run: the pause before each asset, and what does not go into a ZIP any more.

    None is no limit.
    """

    seconds_per_asset: float = 0.0
    most_assets: int | None = None
    most_zip_bytes: int | None = None


class Exporter:
    """Runs export jobs. One object serves all workers.

    ``pool`` renders; ``ahead`` assets of a job are rendered before their turn, which keeps the
    cores busy and bounds the memory.
    """

    def __init__(
        self,
        *,
        data: Path,
        jobs: JobStore,
        catalog: LiveCatalog,
        pool: Executor,
        ahead: int,
        outbox: Outbox,
        clock: ServerClock,
        limits: ExportLimits,
    ) -> None:
        self._data = data
        self._jobs = jobs
        self._catalog = catalog
        self._pool = pool
        self._ahead = ahead
        self._outbox = outbox
        self._clock = clock
        self._limits = limits

    def run(self, job: Job, control: RunControl) -> None:
        """Do the job and end it in the store.

        Raises JobStopped or ServerClosing when held, then nothing of the ZIP is left.
        """
        fate = from_text(job.fate)
        log = RunLog(self._jobs, job)
        control.expect(len(self._taken(job)))
        if fate.fails is not None:
            self._end(log, None, fate.fails)
            return
        try:
            zip_path = self._zip(job, log, control, fate)
        except (JobStopped, ServerClosing):
            log.write()
            raise
        except CatalogError as error:
            self._end(log, None, f"the catalog is not in order: {error}")
        except ZipTooLarge:
            self._end(log, None, f"the ZIP file is larger than {self._limits.most_zip_bytes} bytes")
        except OSError as error:
            self._end(log, None, f"the ZIP file could not be written: {error}")
        else:
            self._end(log, zip_path, "no asset could be exported, so there is no ZIP file")

    def _taken(self, job: Job) -> tuple[str, ...]:
        return job.export.assetHandleArray[: self._limits.most_assets]

    def _zip(self, job: Job, log: RunLog, control: RunControl, fate: JobFate) -> str | None:
        """The path of the ZIP below the data folder; None when nothing is in it.

        Raises CatalogError, ZipTooLarge and OSError.
        """
        catalog = self._catalog.recent()
        archive = ExportArchive(
            data=self._data,
            company_root=_company(catalog, job).root_path,
            run_id=job.run_id,
            moment=self._clock.local(job.started or self._clock.now()),
        )
        try:
            self._warn_of_the_rest(job, log)
            exported = sum(self._each_asset(job, log, catalog, archive, control, fate))
            return archive.publish() if exported else None
        finally:
            archive.discard_unless_published()

    def _warn_of_the_rest(self, job: Job, log: RunLog) -> None:
        given, taken = len(job.export.assetHandleArray), len(self._taken(job))
        if taken < given:
            message = f"only the first {taken} of {given} assets are exported"
            detail = Detail(log_type=log_types.JOB_WARNING, message=message)
            log.add([detail], Tally(warnings=1))

    def _each_asset(
        self,
        job: Job,
        log: RunLog,
        catalog: Catalog,
        archive: ExportArchive,
        control: RunControl,
        fate: JobFate,
    ) -> Iterator[bool]:
        """Yields for each asset in the order of the job whether its file is in the ZIP."""
        deliverer = Deliverer(job.export, catalog, job.company)
        taken = self._taken(job)
        known = catalog.store.assets.by_handles(job.company, taken)
        assets = [(handle, known.get(handle)) for handle in taken]
        work = _in_order(self._pool, self._ahead, deliverer, [asset for _, asset in assets])
        most = self._limits.most_zip_bytes
        try:
            for place, (handle, asset) in enumerate(assets):
                if place == fate.hangs_after:
                    log.write()
                    control.hang()
                control.begin(asset.file_name or asset.name if asset else handle)
                if self._limits.seconds_per_asset or control.is_paused:
                    log.write()
                control.wait(self._limits.seconds_per_asset)
                future = next(work)
                if place in fate.failing_assets:
                    future = _failing()
                exported = _one_asset(log, archive, handle, asset, future)
                if most is not None and archive.size > most:
                    raise ZipTooLarge
                control.done()
                yield exported
            if len(assets) == fate.hangs_after:
                log.write()
                control.hang()
        finally:
            work.close()

    def _end(self, log: RunLog, zip_path: str | None, trouble: str) -> None:
        """End the job with its ZIP, or fatally with what went wrong."""
        if zip_path is not None:
            detail = Detail(
                log_type=log_types.ZIP_SUCCESS, asset_type=log_types.ZIP, zip_path=zip_path
            )
        else:
            detail = Detail(log_type=log_types.ZIP_ERROR, message=trouble, asset_type=log_types.ZIP)
        job = log.counted()
        try:
            self._outbox.report(job, zip_path)
        except OSError:
            _LOG.warning("the mail about job %s could not be written", job.handle, exc_info=True)
        tally = Tally(successes=1) if zip_path is not None else Tally(errors=1)
        log.finish(detail, tally, fatal=zip_path is None)


def _company(catalog: Catalog, job: Job) -> Company:
    """The main one stands in for a company that catalog.yaml no longer has."""
    return catalog.company(job.company) or catalog.companies[0]


def _one_asset(
    log: RunLog,
    archive: ExportArchive,
    handle: str,
    asset: Asset | None,
    future: Future[Delivery],
) -> bool:
    if not future.done():
        log.write()
    try:
        delivery = future.result()
        entry = _add(archive, delivery)
    except Undeliverable as error:
        log.add([_error(handle, asset, error)], Tally(errors=1))
        return False
    assert asset is not None
    message = f"{asset.file_name} is exported to {entry}"
    details = [_detail(log_types.FILE_SUCCESS, message, handle, asset)]
    details += [
        _detail(log_types.FILE_WARNING, f"{asset.file_name}: {warning}", handle, asset)
        for warning in delivery.warnings
    ]
    log.add(details, Tally(successes=1, warnings=1 if delivery.warnings else 0))
    return True


def _in_order(
    pool: Executor, ahead: int, deliverer: Deliverer, assets: list[Asset | None]
) -> Generator[Future[Delivery], None, None]:
    """Futures in the order of ``assets``, started a few ahead. Closing it drops the rest."""
    window: deque[Future[Delivery]] = deque()
    try:
        for asset in assets:
            window.append(_started(pool, deliverer, asset))
            if len(window) >= ahead:
                yield window.popleft()
        while window:
            yield window.popleft()
    finally:
        for future in window:
            future.cancel()


def _started(pool: Executor, deliverer: Deliverer, asset: Asset | None) -> Future[Delivery]:
    """What needs no rendering is there at once."""
    if deliverer.renders(asset):
        return pool.submit(deliverer.deliver, asset)
    future: Future[Delivery] = Future()
    try:
        future.set_result(deliverer.deliver(asset))
    except Undeliverable as error:
        future.set_exception(error)
    return future


def _failing() -> Future[Delivery]:
    future: Future[Delivery] = Future()
    future.set_exception(Undeliverable("fault injection: this asset fails"))
    return future


def _add(archive: ExportArchive, delivery: Delivery) -> str:
    if isinstance(delivery.content, bytes):
        return archive.add_bytes(delivery.name, delivery.content)
    try:
        original = delivery.content.open("rb")
    except OSError as error:
        raise Undeliverable(f"the original cannot be read: {error.strerror}") from error
    with original:
        if os.fstat(original.fileno()).st_size <= _SMALL:
            return archive.add_bytes(delivery.name, original.read())
        return archive.add_stream(delivery.name, original)


def _error(handle: str, asset: Asset | None, error: Undeliverable) -> Detail:
    what = (asset.file_name or asset.name) if asset else handle
    return _detail(log_types.FILE_ERROR, f"{what} is not exported: {error}", handle, asset)


def _detail(log_type: str, message: str, handle: str, asset: Asset | None) -> Detail:
    return Detail(
        log_type=log_type,
        message=message,
        asset_name=asset.name if asset else None,
        asset_type=log_types.RENDERED_FILE,
        asset_handle=handle,
    )
