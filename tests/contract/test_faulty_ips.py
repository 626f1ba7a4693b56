"""What every fault of the embedded IPS means to the gateway, and how many jobs there are then.

The one promise that all else stands on: a submit is sent once, whatever comes back, and the gateway
says that nothing was taken only when nothing was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from PIL import Image

from s7spec.adapters.bundled import contract_folder
from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway, ReadRetries, Timeouts
from s7spec.emulator import DEFAULT_PASSWORD, DEFAULT_USER, EmbeddedIps, EmbeddedIpsOptions
from s7spec.emulator.faults.rules import (
    DelayedAcceptance,
    DroppedReply,
    Effect,
    FaultRule,
    HttpError,
    Latency,
    LookupLag,
    MalformedXml,
    Reset,
    SlowBody,
    SoapFault,
    Trigger,
    TruncatedBody,
)
from s7spec.emulator.soap.faults import FaultCode
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.schedule import Timing
from s7spec.model.submission import Submission
from s7spec.ports import (
    CompanyUnknown,
    CredentialsMissing,
    CredentialsRefused,
    IpsAnswerUnreadable,
    IpsFault,
    IpsUnreachable,
    PortError,
    SubmitAmbiguous,
    SubmitRefused,
)

TRIES = 3
_names = count(1)

# What was acted on leaves one job behind.
SUBMITS: list[tuple[Effect, type[PortError], int]] = [
    (Reset(acted=False), SubmitAmbiguous, 0),
    (Reset(acted=True), SubmitAmbiguous, 1),
    (DroppedReply(), SubmitAmbiguous, 1),
    (HttpError(status=500, acted=False), SubmitAmbiguous, 0),
    (HttpError(status=502, acted=False), SubmitAmbiguous, 0),
    (HttpError(status=503, acted=False), SubmitAmbiguous, 0),
    (HttpError(status=503, acted=True), SubmitAmbiguous, 1),
    (MalformedXml(), SubmitAmbiguous, 1),
    (TruncatedBody(), SubmitAmbiguous, 1),
    (Latency(seconds=30, acted=False), SubmitAmbiguous, 0),
    (Latency(seconds=30, acted=True), SubmitAmbiguous, 1),
    (SlowBody(seconds=5), SubmitAmbiguous, 1),
    (SoapFault(code=FaultCode.NO_CREDENTIALS), CredentialsMissing, 0),
    (SoapFault(code=FaultCode.INVALID_CREDENTIALS), CredentialsRefused, 0),
    (SoapFault(code=FaultCode.INVALID_COMPANY), CompanyUnknown, 0),
    (SoapFault(code=FaultCode.NO_OPERATION_PERMISSION), SubmitRefused, 0),
    (SoapFault(code=FaultCode.INVALID_PARAMETER), SubmitRefused, 0),
    (SoapFault(code=FaultCode.INVALID_REQUEST_XML), SubmitRefused, 0),
    (SoapFault(code=FaultCode.EXCEPTION), SubmitAmbiguous, 0),
]
# What was acted on has ended the job. Nothing is ever asked for twice.
CONTROLS: list[tuple[Effect, type[PortError], bool]] = [
    (Reset(acted=False), IpsUnreachable, False),
    (Reset(acted=True), IpsUnreachable, True),
    (DroppedReply(), IpsUnreachable, True),
    (HttpError(status=502, acted=False), IpsAnswerUnreadable, False),
    (HttpError(status=503, acted=True), IpsAnswerUnreadable, True),
    (MalformedXml(), IpsAnswerUnreadable, True),
    (TruncatedBody(), IpsAnswerUnreadable, True),
    (Latency(seconds=30, acted=False), IpsUnreachable, False),
    (Latency(seconds=30, acted=True), IpsUnreachable, True),
    (SlowBody(seconds=5), IpsUnreachable, True),
    (SoapFault(code=FaultCode.INVALID_CREDENTIALS), CredentialsRefused, False),
    (SoapFault(code=FaultCode.INVALID_PARAMETER), IpsFault, False),
    (SoapFault(code=FaultCode.EXCEPTION, acted=True), IpsFault, True),
]
# Reads are tried again where that may help; the last column is how often IPS was asked.
READS: list[tuple[Effect, type[PortError], int]] = [
    (Reset(acted=False), IpsUnreachable, TRIES),
    (Reset(acted=True), IpsUnreachable, TRIES),
    (DroppedReply(), IpsUnreachable, TRIES),
    (HttpError(status=502, acted=False), IpsAnswerUnreadable, TRIES),
    (HttpError(status=503, acted=False), IpsAnswerUnreadable, TRIES),
    (HttpError(status=500, acted=False), IpsAnswerUnreadable, 1),
    (TruncatedBody(), IpsAnswerUnreadable, TRIES),
    (MalformedXml(), IpsAnswerUnreadable, 1),
    (SoapFault(code=FaultCode.EXCEPTION), IpsFault, 1),
    (SoapFault(code=FaultCode.INVALID_CREDENTIALS), CredentialsRefused, 1),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedIps]:
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "catalog").mkdir()
    Image.new("RGB", (8, 8)).save(folder / "catalog" / "boot.png")
    options = EmbeddedIpsOptions(
        catalog=folder / "catalog", data=folder / "data", contract=contract_folder()
    )
    with EmbeddedIps(options) as running:
        yield running


def connect(server: EmbeddedIps) -> IpsSoapGateway:
    return IpsSoapGateway(
        endpoint=server.endpoint,
        company="Acme",
        credentials=Credentials(user=DEFAULT_USER, password=DEFAULT_PASSWORD),
        contract=contract_folder(),
        timeouts=Timeouts(connect=2, read=1, operation=2),
        retries=ReadRetries(tries=TRIES, first_wait=0.01, longest_wait=0.01, total=30),
    )


@pytest.fixture
def gateway(server: EmbeddedIps) -> Iterator[IpsSoapGateway]:
    """After its first calls, so that the rules of a test count its own."""
    server.faults.clear()
    with connect(server) as made:
        made.presets()
        yield made
    server.faults.clear()


@pytest.fixture
def submission(gateway: IpsSoapGateway) -> Submission:
    (boot,) = gateway.by_name(["boot"])
    return Submission(
        attempt_name=f"s7-faulty-g{next(_names)}",
        description="",
        assetHandleArray=(boot.handle,),
        fmt=Fmt.ORIG,
        is_modifier=None,
        macro=None,
        emailSetting=EmailSetting.NONE,
    )


def jobs_called(gateway: IpsSoapGateway, name: str) -> int:
    found = gateway.find(name)
    return 0 if found is None else found.copies


@pytest.mark.parametrize(
    ("effect", "meaning", "jobs"), SUBMITS, ids=[str(effect) for effect, _, _ in SUBMITS]
)
def test_a_submit_is_sent_once(
    server: EmbeddedIps,
    gateway: IpsSoapGateway,
    submission: Submission,
    effect: Effect,
    meaning: type[PortError],
    jobs: int,
) -> None:
    server.faults.replace(FaultRule(effect=effect, operations=("submitJob",)))
    with pytest.raises(meaning):
        gateway.submit(submission)
    assert server.faults.hits == (1,)
    server.faults.clear()
    assert jobs_called(gateway, submission.attempt_name) == jobs


@pytest.mark.parametrize("method", ["stop", "delete"])
@pytest.mark.parametrize(
    ("effect", "meaning", "gone"), CONTROLS, ids=[str(effect) for effect, _, _ in CONTROLS]
)
def test_a_stop_or_delete_is_sent_once(
    server: EmbeddedIps,
    gateway: IpsSoapGateway,
    submission: Submission,
    effect: Effect,
    meaning: type[PortError],
    gone: bool,
    method: str,
) -> None:
    tomorrow = Timing(at=datetime.now(UTC) + timedelta(days=1))
    handle = gateway.submit(replace(submission, timing=tomorrow))
    server.faults.replace(FaultRule(effect=effect, operations=(f"{method}Job",)))
    with pytest.raises(meaning):
        getattr(gateway, method)(handle)
    assert server.faults.hits == (1,)
    server.faults.clear()
    assert (gateway.find(submission.attempt_name) is None) is gone


@pytest.mark.parametrize("operation", ["getJobLogs", "getJobLogDetails", "getScheduledJobs"])
@pytest.mark.parametrize(
    ("effect", "meaning", "asked"), READS, ids=[str(effect) for effect, _, _ in READS]
)
def test_a_list_that_fails_is_never_a_short_one(
    server: EmbeddedIps,
    gateway: IpsSoapGateway,
    submission: Submission,
    effect: Effect,
    meaning: type[PortError],
    asked: int,
    operation: str,
) -> None:
    gateway.submit(submission)
    while gateway.logged(submission.attempt_name) is None:
        pass
    server.faults.replace(FaultRule(effect=effect, operations=(operation,)))
    calls: dict[str, Callable[[], object]] = {
        "getJobLogDetails": lambda: gateway.logged(submission.attempt_name)
    }
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with pytest.raises(meaning):
        calls.get(operation, lambda: gateway.known_jobs(yesterday))()
    assert server.faults.hits == (asked,)


@pytest.mark.parametrize(
    ("effect", "meaning", "asked"), READS, ids=[str(effect) for effect, _, _ in READS]
)
def test_a_read_is_tried_again_where_that_may_help(
    server: EmbeddedIps,
    gateway: IpsSoapGateway,
    effect: Effect,
    meaning: type[PortError],
    asked: int,
) -> None:
    server.faults.replace(FaultRule(effect=effect, operations=("getImageFormats",)))
    with pytest.raises(meaning):
        gateway.presets()
    assert server.faults.hits == (asked,)


def test_a_read_gets_through_after_two_failures(
    server: EmbeddedIps, gateway: IpsSoapGateway
) -> None:
    twice = FaultRule(effect=HttpError(status=503, acted=False), trigger=Trigger(first=2))
    server.faults.replace(twice)
    assert gateway.presets() == ()
    assert server.faults.hits == (2,)


def test_what_is_late_or_unseen_is_not_there_and_comes(
    server: EmbeddedIps, gateway: IpsSoapGateway, submission: Submission
) -> None:
    for effect in (DelayedAcceptance(seconds=1), LookupLag(seconds=1)):
        name = f"s7-faulty-g{next(_names)}"
        server.faults.replace(FaultRule(effect=effect))
        sent = Submission(
            attempt_name=name,
            description="",
            assetHandleArray=submission.assetHandleArray,
            fmt=Fmt.ORIG,
            is_modifier=None,
            macro=None,
            emailSetting=EmailSetting.NONE,
        )
        gateway.submit(sent)
        assert jobs_called(gateway, name) == 0
        while jobs_called(gateway, name) == 0:
            pass
        assert jobs_called(gateway, name) == 1
