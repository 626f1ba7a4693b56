"""The export worker: one run from its first asset to the ZIP in the log."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path

from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.catalog.model import Asset, Company
from s7spec.emulator.company.live import LiveCatalog
from s7spec.emulator.company.view import Catalog
from s7spec.emulator.jobs import log_types
from s7spec.emulator.jobs.archive import ExportArchive
from s7spec.emulator.jobs.control import RunControl
from s7spec.emulator.jobs.delivery import Deliverer, Delivery, Undeliverable
from s7spec.emulator.jobs.mail import Outbox
from s7spec.emulator.store.job import Detail, Job, Tally
from s7spec.emulator.store.jobs import JobStore, now

_LOG = logging.getLogger(__name__)


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
        seconds_per_asset: float,
    ) -> None:
        self._data = data
        self._jobs = jobs
        self._catalog = catalog
        self._pool = pool
        self._ahead = ahead
        self._outbox = outbox
        self._seconds_per_asset = seconds_per_asset

    def run(self, job: Job, control: RunControl) -> None:
        """Do the job and end it in the store.

        Raises JobStopped or ServerClosing when held, then nothing of the ZIP is left.
        """
        try:
            catalog = self._catalog.current()
        except CatalogError as error:
            self._end(job, None, f"the catalog is not in order: {error}")
            return
        try:
            archive = ExportArchive(
                data=self._data,
                company_root=_company(catalog, job).root_path,
                run_id=job.run_id,
                moment=job.started or now(),
            )
            try:
                exported = sum(self._each_asset(job, catalog, archive, control))
                zip_path = archive.publish() if exported else None
            finally:
                archive.discard_unless_published()
        except OSError as error:
            self._end(job, None, f"the ZIP file could not be written: {error}")
            return
        self._end(job, zip_path, "no asset could be exported, so there is no ZIP file")

    def _each_asset(
        self, job: Job, catalog: Catalog, archive: ExportArchive, control: RunControl
    ) -> Iterator[bool]:
        """Yields for each asset in the order of the job whether its file is in the ZIP."""
        deliverer = Deliverer(job.export, catalog, job.company)
        handles = job.export.assetHandleArray
        known = catalog.store.assets.by_handles(job.company, handles)
        assets = [(handle, known.get(handle)) for handle in handles]
        work = _in_order(self._pool, self._ahead, deliverer, [asset for _, asset in assets])
        try:
            for handle, asset in assets:
                control.begin(asset.file_name or asset.name if asset else handle)
                control.pause(self._seconds_per_asset)
                exported = self._one_asset(job, archive, handle, asset, next(work))
                control.done()
                yield exported
        finally:
            work.close()

    def _one_asset(
        self,
        job: Job,
        archive: ExportArchive,
        handle: str,
        asset: Asset | None,
        future: Future[Delivery],
    ) -> bool:
        try:
            delivery = future.result()
            entry = _add(archive, delivery)
        except Undeliverable as error:
            self._jobs.log(job.run_id, [_error(handle, asset, error)], Tally(errors=1))
            return False
        assert asset is not None
        message = f"{asset.file_name} is exported to {entry}"
        details = [_detail(log_types.FILE_SUCCESS, message, handle, asset)]
        details += [
            _detail(log_types.FILE_WARNING, f"{asset.file_name}: {warning}", handle, asset)
            for warning in delivery.warnings
        ]
        tally = Tally(successes=1, warnings=1 if delivery.warnings else 0)
        self._jobs.log(job.run_id, details, tally)
        return True

    def _end(self, job: Job, zip_path: str | None, trouble: str) -> None:
        """End the job with its ZIP, or fatally with what went wrong."""
        if zip_path is not None:
            detail = Detail(
                log_type=log_types.ZIP_SUCCESS, asset_type=log_types.ZIP, zip_path=zip_path
            )
        else:
            detail = Detail(log_type=log_types.ZIP_ERROR, message=trouble, asset_type=log_types.ZIP)
        try:
            self._outbox.report(self._jobs.get(job.run_id) or job, zip_path)
        except OSError:
            _LOG.warning("the mail about job %s could not be written", job.handle, exc_info=True)
        tally = Tally(successes=1) if zip_path is not None else Tally(errors=1)
        self._jobs.finish(job.run_id, [detail], tally, fatal=zip_path is None)


def _company(catalog: Catalog, job: Job) -> Company:
    """The main one stands in for a company that catalog.yaml no longer has."""
    return catalog.company(job.company) or catalog.companies[0]


def _in_order(
    pool: Executor, ahead: int, deliverer: Deliverer, assets: list[Asset | None]
) -> Generator[Future[Delivery], None, None]:
    """Futures in the order of ``assets``, started a few ahead. Closing it drops the rest."""
    window: deque[Future[Delivery]] = deque()
    try:
        for asset in assets:
            window.append(pool.submit(deliverer.deliver, asset))
            if len(window) >= ahead:
                yield window.popleft()
        while window:
            yield window.popleft()
    finally:
        for future in window:
            future.cancel()


def _add(archive: ExportArchive, delivery: Delivery) -> str:
    if isinstance(delivery.content, bytes):
        return archive.add_bytes(delivery.name, delivery.content)
    try:
        original = delivery.content.open("rb")
    except OSError as error:
        raise Undeliverable(f"the original cannot be read: {error.strerror}") from error
    with original:
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
