"""From the bytes of a request to the bytes of its answer: the SOAP endpoint without HTTP."""

from __future__ import annotations

import logging
import threading
from contextlib import nullcontext
from dataclasses import dataclass

from s7spec.emulator.authentication import authenticate
from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.company.live import Aside, LiveCatalog
from s7spec.emulator.jobs.engine import JobEngine
from s7spec.emulator.operations.authorisation import authorise, role_of
from s7spec.emulator.operations.call import Call
from s7spec.emulator.operations.table import JOB_WATCHING, OPERATIONS, Operation, is_slow
from s7spec.emulator.quirks import Quirks
from s7spec.emulator.soap.contract import Contract, Edition
from s7spec.emulator.soap.envelope import (
    AuthHeader,
    Envelope,
    content_type,
    read_envelope,
    write_envelope,
    write_fault,
)
from s7spec.emulator.soap.faults import FaultCode, IpsFault
from s7spec.emulator.soap.names import SOAP_11, SOAP_12, VERSIONED
from s7spec.emulator.soap.params import Params, local_name
from s7spec.emulator.store.assets import SearchTooLong
from s7spec.emulator.store.job_lists import JobLists

_LOG = logging.getLogger(__name__)

# More of them side by side would only slow each other down.
_SLOW_AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapAnswer:
    """``gzip`` is what authHeader/gzipResponse says, None when it says nothing."""

    status: int
    content_type: str
    body: bytes
    gzip: bool | None = None


class SoapService:
    """Answers envelopes. Thread-safe."""

    def __init__(
        self,
        *,
        contract: Contract,
        catalog: LiveCatalog,
        jobs: JobLists,
        engine: JobEngine,
        url: str,
        max_assets_per_job: int | None,
        quirks: Quirks,
    ) -> None:
        self._contract = contract
        self._catalog = catalog
        self._jobs = jobs
        self._engine = engine
        self._url = url
        self._turns = {
            watching: threading.BoundedSemaphore(_SLOW_AT_ONCE) for watching in (True, False)
        }
        self._max_assets_per_job = max_assets_per_job
        self._quirks = quirks

    def answer(
        self, data: bytes, *, request_type: str, authorization: str, aside: Aside = nullcontext
    ) -> SoapAnswer:
        """Every request gets an answer; what goes wrong is a fault. What may take long is done
        within ``aside``."""
        soap = SOAP_12 if "application/soap+xml" in request_type.lower() else SOAP_11
        header = AuthHeader()
        try:
            envelope = read_envelope(data)
            soap, header = envelope.soap, envelope.header
            content = self._content(envelope, authorization, aside)
            _LOG.info("%s answered", local_name(envelope.body).removesuffix("Param"))
        except Exception as error:  # noqa: BLE001 - the boundary: a defect is a fault, too
            fault = _as_fault(error)
            _LOG.info("answered with fault %s", fault)
            return SoapAnswer(
                status=header.fault_status,
                content_type=content_type(soap),
                body=write_fault(soap, fault),
                gzip=header.gzip_response,
            )
        return SoapAnswer(
            status=200,
            content_type=content_type(soap),
            body=write_envelope(soap, content),
            gzip=header.gzip_response,
        )

    def refuse(self, reason: str, *, request_type: str) -> SoapAnswer:
        """The answer to a request whose bytes could not even be read."""
        soap = SOAP_12 if "application/soap+xml" in request_type.lower() else SOAP_11
        fault = IpsFault(FaultCode.INVALID_REQUEST_XML, reason)
        body = write_fault(soap, fault)
        return SoapAnswer(status=500, content_type=content_type(soap), body=body)

    def _content(self, envelope: Envelope, authorization: str, aside: Aside) -> str:
        watching = local_name(envelope.body).removesuffix("Param") in JOB_WATCHING
        catalog = self._catalog.last_good() if watching else self._catalog.current(aside)
        caller = authenticate(catalog, envelope.header, authorization)
        edition, name, operation = self._operation(envelope)
        params = Params(envelope.body)
        authorise(name, role_of(caller, params.text("companyHandle")))
        edition.check(envelope.body)
        call = Call(
            params=params,
            caller=caller,
            catalog=catalog,
            jobs=self._jobs,
            engine=self._engine,
            url=self._url,
            max_assets_per_job=self._max_assets_per_job,
            locale=envelope.header.locale,
            quirks=self._quirks,
        )
        if not is_slow(name, call):
            return _carry_out(edition, name, operation, call)
        with aside(), self._turns[watching]:
            return _carry_out(edition, name, operation, call)

    def _operation(self, envelope: Envelope) -> tuple[Edition, str, Operation]:
        """By the element in the Body and its namespace; SOAPAction does not matter."""
        element = local_name(envelope.body)
        namespace = str(envelope.body.tag)[1:].rpartition("}")[0]
        edition = self._contract.speaking(namespace)
        if edition is None:
            served = ", ".join(VERSIONED.format(version=v) for v in self._contract.versions)
            reason = f"{element} is in {namespace!r}; this server speaks {served}"
            raise IpsFault(FaultCode.INVALID_REQUEST_XML, reason)
        name = element.removesuffix("Param")
        operation = OPERATIONS.get(name)
        if operation is None or name == element:
            reason = f"the embedded IPS does not provide the operation {name}"
            raise IpsFault(FaultCode.EXCEPTION, reason)
        return edition, name, operation


def _carry_out(edition: Edition, name: str, operation: Operation, call: Call) -> str:
    answer = operation(call)
    return edition.writer.write(f"{name}Return", answer.reply, answer.selection)


def _as_fault(error: Exception) -> IpsFault:
    if isinstance(error, IpsFault):
        return error
    if isinstance(error, SearchTooLong):
        return IpsFault(FaultCode.EXCEPTION, f"the search was given up: {error}")
    if isinstance(error, CatalogError):
        return IpsFault(FaultCode.EXCEPTION, f"the catalog is not in order: {error}")
    _LOG.error("a request could not be answered", exc_info=error)
    reason = f"the embedded IPS has a defect: {type(error).__name__}: {error}"
    return IpsFault(FaultCode.EXCEPTION, reason)
