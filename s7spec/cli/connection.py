"""Opens the ports of an environment: IPS (real or embedded) and the ledger."""

from __future__ import annotations

import getpass
import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from s7spec.adapters.bundled import contract_folder
from s7spec.adapters.credentials import VARIABLES, Credentials, read_credentials
from s7spec.adapters.ips_soap.limits import Route
from s7spec.adapters.ips_soap.regions import endpoint_for
from s7spec.cli.embedded import DEFAULT_CATALOG, DEFAULT_DATA, EMBEDDED
from s7spec.cli.ledgers import ledger_at
from s7spec.cli.port_findings import port_errors_as_findings
from s7spec.cli.stop import stop
from s7spec.cli.workplace import Workplace
from s7spec.model.ledger import Holder
from s7spec.model.project import Environment, ImageServerSettings
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile, SourceRange
from s7spec.ports import IpsUnreachable, Ledger

if TYPE_CHECKING:
    from s7spec.adapters.ips_soap import IpsSoapGateway
    from s7spec.emulator import CatalogError, FaultsFileError

STARTING_SECONDS = 10.0


@contextmanager
def connected(
    workplace: Workplace, *, around: Callable[[str], AbstractContextManager[None]] | None = None
) -> Iterator[IpsSoapGateway]:
    """The environment's IPS. ``embedded`` uses a running `s7spec ips serve` on the same data
    folder, or starts a server for as long as the command runs. ``around`` is entered for each
    request, with the name of its operation."""
    with ExitStack() as stack:
        stack.enter_context(port_errors_as_findings(workplace))
        credentials = credentials_of(workplace, os.environ)
        endpoint = endpoint_of(workplace, stack)
        # zeep takes 0.2 s to import: only commands that talk to IPS pay for it.
        from s7spec.adapters.ips_soap import IpsSoapGateway

        yield stack.enter_context(
            IpsSoapGateway(
                endpoint=endpoint,
                company=workplace.environment.company,
                credentials=credentials,
                contract=contract_folder(),
                route=route_of(workplace),
                around=around or _nothing,
            )
        )


def _nothing(operation: str) -> AbstractContextManager[None]:
    return nullcontext()


def with_image_server(workplace: Workplace) -> Environment:
    """The environment, of the embedded IPS with what its catalog says about the image server where
    s7spec.yaml says nothing."""
    environment = workplace.environment
    if environment.ips != EMBEDDED or environment.image_server != ImageServerSettings():
        return environment
    from s7spec.emulator import CatalogError, render_settings

    try:
        found = render_settings(workplace.root / (environment.catalog or DEFAULT_CATALOG))
    except (CatalogError, OSError):
        return environment  # whoever talks to the server is told
    server = ImageServerSettings(
        default_pix=found.default_pix or (0, 0),
        max_pix=found.max_pix or (0, 0),
        jpeg_quality=found.jpeg_quality,
    )
    return replace(environment, image_server=server)


def route_of(workplace: Workplace) -> Route:
    """What s7spec.yaml says about the way to the environment's IPS."""
    environment = workplace.environment
    ca = None if environment.ca is None else workplace.root / environment.ca
    return Route(proxy=environment.proxy, ca=ca)


@contextmanager
def open_ledger(workplace: Workplace, *, create: bool) -> Iterator[Ledger]:
    """The project's ledger; without ``create`` a missing one reads as empty."""
    with (
        port_errors_as_findings(workplace),
        ledger_at(workplace.ledger, os.environ, create=create) as ledger,
    ):
        yield ledger


def holder(environ: Mapping[str, str]) -> Holder:
    """Who we are, for the lease: with the CI run's address when the CI tells it."""
    server, repository, run = (
        environ.get(name) for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    )
    github = f"{server}/{repository}/actions/runs/{run}" if server and repository and run else None
    return Holder(
        host=socket.gethostname(),
        pid=os.getpid(),
        user=_user_name(),
        url=environ.get("CI_JOB_URL") or environ.get("BUILD_URL") or github,
    )


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def credentials_of(workplace: Workplace, environ: Mapping[str, str]) -> Credentials:
    """Who calls; without any for the embedded IPS, its own user. Raises CredentialsMissing."""
    given = any(environ.get(name) for name in VARIABLES)
    if workplace.environment.ips == EMBEDDED and not given:
        from s7spec.emulator import DEFAULT_PASSWORD, DEFAULT_USER

        return Credentials(user=DEFAULT_USER, password=DEFAULT_PASSWORD)
    return read_credentials(environ)


def endpoint_of(workplace: Workplace, stack: ExitStack) -> str:
    """Where the environment's IPS answers; an embedded one lives as long as ``stack``, if none is
    running. Raises Stop, IpsUnreachable."""
    ips = workplace.environment.ips
    if ips == EMBEDDED:
        return endpoint_for(_embedded_url(workplace, stack))
    try:
        return endpoint_for(ips)
    except ValueError as error:
        where = workplace.place("ips")
        raise stop(
            Rule.BAD_ADDRESS,
            str(error),
            hint="write a region (na, emea, apac, each also with -staging) or an https URL",
            where=where,
            snippet=workplace.snippet(where),
        ) from error


def _embedded_url(workplace: Workplace, stack: ExitStack) -> str:
    from s7spec.emulator import (
        EmbeddedIps,
        EmbeddedIpsOptions,
        ServerAlreadyRunning,
        running_server,
    )

    data = _data_folder(workplace)
    running = running_server(data)
    if running is not None:
        return running
    options = EmbeddedIpsOptions(
        catalog=workplace.root / (workplace.environment.catalog or DEFAULT_CATALOG),
        data=data,
        contract=contract_folder(),
    )
    with embedded_errors_as_findings(workplace, workplace.place("ips")):
        try:
            return stack.enter_context(EmbeddedIps(options)).url
        except ServerAlreadyRunning as other:
            return other.url or _url_of_starting_server(data, other.pid)


def hosts_ips_itself(workplace: Workplace) -> bool:
    """True when the embedded IPS would start, and end, with this very command."""
    if workplace.environment.ips != EMBEDDED:
        return False
    from s7spec.emulator import running_server

    return running_server(_data_folder(workplace)) is None


def _data_folder(workplace: Workplace) -> Path:
    return workplace.root / (workplace.environment.data or DEFAULT_DATA)


def embedded_files(workplace: Workplace, urls: Iterable[str]) -> tuple[Path, ...]:
    """Where the embedded IPS keeps what it serves at these addresses, as far as it is there."""
    if workplace.environment.ips != EMBEDDED:
        return ()
    data = _data_folder(workplace)
    paths = (data / urlsplit(url).path.lstrip("/") for url in urls)
    return tuple(_shown(path) for path in paths if path.is_file())


def _url_of_starting_server(data: Path, pid: int | None) -> str:
    """Another process took the data folder a moment ago and is still on its way up."""
    from s7spec.emulator import running_server

    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline:
        url = running_server(data)
        if url is not None:
            return url
        time.sleep(0.05)
    raise IpsUnreachable(f"process {pid} holds {data} but serves no embedded IPS there")


@contextmanager
def embedded_errors_as_findings(
    workplace: Workplace | None = None, where: SourceRange | None = None
) -> Iterator[None]:
    """What can go wrong when the embedded IPS starts."""
    from s7spec.emulator import CatalogError, FaultsFileError

    try:
        yield
    except (CatalogError, FaultsFileError) as error:
        place = _place_of(error)
        raise stop(
            Rule.BAD_FAULTS if isinstance(error, FaultsFileError) else Rule.BAD_CATALOG,
            error.message,
            hint=error.hint,
            where=place,
            snippet=_line_of(Path(error.path), place.line),
        ) from error
    except OSError as error:
        about = f": {error.filename}" if error.filename else ""
        raise stop(
            Rule.UNWRITABLE,
            f"the embedded IPS cannot start: {error.strerror or error}{about}",
            hint="its data folder must be writable; a port must be free",
            where=where,
            snippet=workplace.snippet(where) if workplace and where else None,
        ) from error


def _place_of(error: CatalogError | FaultsFileError) -> SourceRange:
    line, column = error.line or 0, error.column or 0
    return SourceRange(
        path=str(_shown(Path(error.path))),
        line=line,
        column=column,
        end_line=line,
        end_column=column + 1,
    )


def _line_of(path: Path, number: int) -> str | None:
    try:
        return SourceFile(path=str(path), text=path.read_text(encoding="utf-8")).snippet(number)
    except (OSError, UnicodeDecodeError):
        return None


def _shown(path: Path) -> Path:
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
