"""Putting the parts of the server together, in an order that can be taken apart again."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import quote

from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.company.live import LiveCatalog
from s7spec.emulator.faults.carrying_out import FaultyApplication
from s7spec.emulator.faults.live import LiveFaults
from s7spec.emulator.http_server import HttpServer, address_of, listen
from s7spec.emulator.image_serving.address import PREFIX
from s7spec.emulator.image_serving.service import ImageServing
from s7spec.emulator.image_serving.studio import PreviewStudio
from s7spec.emulator.jobs.engine import JobEngine
from s7spec.emulator.jobs.export import Exporter
from s7spec.emulator.jobs.mail import Outbox
from s7spec.emulator.options import EmbeddedIpsOptions
from s7spec.emulator.service import SoapService
from s7spec.emulator.soap.contract import Contract
from s7spec.emulator.store.catalog_database import CatalogDatabase
from s7spec.emulator.store.catalog_store import CatalogStore
from s7spec.emulator.store.database import Database
from s7spec.emulator.store.jobs import JobStore
from s7spec.emulator.wsgi import IpsApplication


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


def assemble(options: EmbeddedIpsOptions, stack: ExitStack) -> Running:
    """Start everything; ``stack`` gets what has to be closed, the last started first."""
    _check_apart(options)
    faults = LiveFaults(options.faults)
    contract = Contract(options.contract)
    database = Database(options.data / "ips.sqlite3")
    stack.callback(database.close)
    rows = CatalogDatabase(options.data / "catalog.sqlite3")
    stack.callback(rows.close)
    catalog = LiveCatalog(options.catalog, CatalogStore(rows))
    catalog.current()
    listener = listen(options.host, options.port)
    stack.callback(listener.close)
    url = address_of(listener)
    jobs = JobStore(database)
    engine = _engine(options, stack, jobs, catalog, url)
    service = SoapService(
        contract=contract,
        catalog=catalog,
        jobs=jobs,
        engine=engine,
        url=url,
        max_assets_per_job=options.max_assets_per_job,
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


def _check_apart(options: EmbeddedIpsOptions) -> None:
    """Data in a visible folder of the catalog would become assets. Raises CatalogError."""
    data, catalog = options.data.resolve(), options.catalog.resolve()
    if not data.is_relative_to(catalog):
        return
    if not any(part.startswith(".") for part in data.relative_to(catalog).parts):
        hint = "choose a data folder outside the catalog"
        raise CatalogError("the data folder lies in the catalog folder", path=data, hint=hint)


def _images(options: EmbeddedIpsOptions, stack: ExitStack, catalog: LiveCatalog) -> ImageServing:
    studio = PreviewStudio(workers=os.cpu_count() or 2)
    stack.callback(studio.close)
    return ImageServing(catalog, studio, unpublished=options.previews_of_unpublished)


def _engine(
    options: EmbeddedIpsOptions, stack: ExitStack, jobs: JobStore, catalog: LiveCatalog, url: str
) -> JobEngine:
    cores = os.cpu_count() or 2
    pool = ThreadPoolExecutor(max_workers=cores, thread_name_prefix="ips-render")
    stack.callback(pool.shutdown, wait=True, cancel_futures=True)
    exporter = Exporter(
        data=options.data,
        jobs=jobs,
        catalog=catalog,
        pool=pool,
        ahead=cores + 1,
        outbox=Outbox(options.data / "outbox", url=url),
        seconds_per_asset=options.seconds_per_asset,
    )
    engine = JobEngine(jobs, exporter.run, workers=options.workers)
    stack.callback(engine.close)
    engine.start()
    return engine
