"""Putting the parts of the server together, in an order that can be taken apart again."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from s7spec.emulator.application import IpsApplication
from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.clock import ServerClock
from s7spec.emulator.company.live import LiveCatalog
from s7spec.emulator.faults.carrying_out import FaultyApplication
from s7spec.emulator.faults.jobs import FaultyClock
from s7spec.emulator.faults.jobs import fate_of as faulty_fate_of
from s7spec.emulator.faults.live import LiveFaults
from s7spec.emulator.http.server import HttpServer, address_of, listen
from s7spec.emulator.image_serving.address import PREFIX
from s7spec.emulator.image_serving.service import ImageServing
from s7spec.emulator.image_serving.studio import PreviewStudio
from s7spec.emulator.jobs.engine import JobEngine
from s7spec.emulator.jobs.export import Exporter, ExportLimits
from s7spec.emulator.jobs.fate import FateOf
from s7spec.emulator.jobs.mail import Outbox
from s7spec.emulator.options import EmbeddedIpsOptions
from s7spec.emulator.quirks import KnownName, LargeZip, LogVisible, ManyAssets
from s7spec.emulator.service import SoapService
from s7spec.emulator.soap.contract import Contract
from s7spec.emulator.store.catalog_store import CatalogStore
from s7spec.emulator.store.catalog_tables import CATALOG_TABLES, CATALOG_VERSION
from s7spec.emulator.store.database import Database
from s7spec.emulator.store.job_lists import JobLists
from s7spec.emulator.store.job_tables import JOB_TABLES, JOB_VERSION
from s7spec.emulator.store.jobs import JobStore


@dataclass(slots=True)
class Running:
    """A server at work."""

    url: str
    faults: LiveFaults
    preview_path: str
    _stack: ExitStack = field(default_factory=ExitStack)

    def keep(self, stack: ExitStack) -> None:
        self._stack = stack

    def close(self) -> None:
        self._stack.close()


def assemble(
    options: EmbeddedIpsOptions, stack: ExitStack, fate_of: FateOf | None = None
) -> Running:
    """Start everything; ``stack`` gets what has to be closed, the last started first."""
    _check_names(options)
    _check_apart(options)
    faults = LiveFaults(options.faults)
    contract = Contract(options.contract)
    database = Database(options.data / "ips.sqlite3", tables=JOB_TABLES, version=JOB_VERSION)
    stack.callback(database.close)
    catalog = _catalog(options, stack)
    listener = listen(options.host, options.port)
    stack.callback(listener.close)
    url = address_of(listener)
    clock = FaultyClock(options.clock or ServerClock(), faults)
    jobs = _lists(options, database, clock)
    engine = _engine(options, stack, database, clock, catalog, url, fate_of or faulty_fate_of)
    service = SoapService(
        contract=contract,
        catalog=catalog,
        jobs=jobs,
        engine=engine,
        url=url,
        max_assets_per_job=options.max_assets_per_job,
        quirks=options.quirks,
    )
    application = IpsApplication(
        service=service,
        contract=contract,
        images=_images(options, stack, catalog),
        data=options.data,
        url=url,
    )
    http = HttpServer(FaultyApplication(application, faults), listener)
    http.start()
    stack.callback(http.stop)
    # Not told again when catalog.yaml is changed while the server runs.
    root = quote(catalog.last_good().companies[0].root_path)
    return Running(url, faults, f"{PREFIX}/{root}")


def _check_names(options: EmbeddedIpsOptions) -> None:
    """SQLite, which keeps where pictures lie, knows texts only. Raises CatalogError."""
    for folder in (options.catalog, options.data):
        try:
            str(folder.resolve()).encode()
        except UnicodeEncodeError as error:
            hint = "rename the folder, or move the project elsewhere"
            raise CatalogError(
                "a folder above has a name that is not UTF-8", path=folder, hint=hint
            ) from error


def _check_apart(options: EmbeddedIpsOptions) -> None:
    """Data in a visible folder of the catalog would become assets. Raises CatalogError."""
    data, catalog = options.data.resolve(), options.catalog.resolve()
    if not data.is_relative_to(catalog):
        return
    if not any(part.startswith(".") for part in data.relative_to(catalog).parts):
        hint = "choose a data folder outside the catalog"
        raise CatalogError("the data folder lies in the catalog folder", path=data, hint=hint)


def _catalog(options: EmbeddedIpsOptions, stack: ExitStack) -> LiveCatalog:
    """Read once, so that what is wrong with it ends the start. Raises CatalogError."""
    rows = Database(
        options.data / "catalog.sqlite3", tables=CATALOG_TABLES, version=CATALOG_VERSION
    )
    stack.callback(rows.close)
    catalog = LiveCatalog(options.catalog, CatalogStore(rows))
    catalog.current()
    return catalog


def _lists(options: EmbeddedIpsOptions, database: Database, clock: ServerClock) -> JobLists:
    return JobLists(
        database,
        clock,
        logs_at_end=options.quirks.log_visible is LogVisible.AT_END,
        keep_done=timedelta(seconds=options.quirks.done_jobs_seconds),
    )


def _images(options: EmbeddedIpsOptions, stack: ExitStack, catalog: LiveCatalog) -> ImageServing:
    studio = PreviewStudio(workers=os.cpu_count() or 2)
    stack.callback(studio.close)
    return ImageServing(catalog, studio, unpublished=options.quirks.previews_of_unpublished)


def _engine(
    options: EmbeddedIpsOptions,
    stack: ExitStack,
    database: Database,
    clock: ServerClock,
    catalog: LiveCatalog,
    url: str,
    fate_of: FateOf,
) -> JobEngine:
    cores = os.cpu_count() or 2
    pool = ThreadPoolExecutor(max_workers=cores, thread_name_prefix="ips-render")
    stack.callback(pool.shutdown, wait=True, cancel_futures=True)
    exporter = Exporter(
        data=options.data,
        jobs=JobStore(database, clock),
        catalog=catalog,
        pool=pool,
        ahead=cores + 1,
        outbox=Outbox(options.data / "outbox", clock, url=url),
        clock=clock,
        limits=_limits(options),
    )
    engine = JobEngine(
        database,
        clock,
        exporter.run,
        workers=options.workers,
        unique_names=options.quirks.known_name is KnownName.REFUSE,
        fate_of=fate_of,
    )
    stack.callback(engine.close)
    engine.start()
    return engine


def _limits(options: EmbeddedIpsOptions) -> ExportLimits:
    quirks = options.quirks
    truncate = quirks.many_assets is ManyAssets.TRUNCATE
    return ExportLimits(
        seconds_per_asset=options.seconds_per_asset,
        most_assets=options.max_assets_per_job if truncate else None,
        most_zip_bytes=quirks.max_zip_bytes if quirks.large_zip is LargeZip.ERROR else None,
    )
