"""Peers, gateways and submissions for the tests of the SOAP gateway."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway, ReadRetries, Timeouts
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.submission import Submission
from tests.adapters.ips_soap.peer import Peer

CONTRACT = Path(__file__).resolve().parents[3] / "schemas" / "ips"
# A loaded machine must not turn a right answer into a timeout.
PATIENT = Timeouts(connect=10, read=10, operation=20)
BRIEF = Timeouts(connect=0.3, read=0.3, operation=0.5)
CERTIFICATE = Path(__file__).parent / "data" / "loopback.pem"


ROUTE_VARIABLES = (
    *("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"),
)


@pytest.fixture(autouse=True)
def no_route_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no authorities of whoever runs the tests."""
    for name in ROUTE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer() as running:
        yield running


@pytest.fixture
def tls_peer() -> Iterator[Peer]:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(CERTIFICATE)
    with Peer(tls=server) as running:
        yield running


@pytest.fixture
def connect() -> Iterator[Callable[..., IpsSoapGateway]]:
    """Makes gateways that try and wait briefly; closes them."""
    made: list[IpsSoapGateway] = []

    def gateway(endpoint: str, **options: object) -> IpsSoapGateway:
        settings: dict[str, object] = {
            "company": "Acme",
            "credentials": Credentials(user="ann@example.com", password="s3cret-canary"),
            "contract": CONTRACT,
            "timeouts": PATIENT,
            "retries": ReadRetries(tries=3, first_wait=0.01, longest_wait=0.02, total=5),
        }
        made.append(IpsSoapGateway(endpoint=endpoint, **{**settings, **options}))  # type: ignore[arg-type]
        return made[-1]

    yield gateway
    for one in made:
        one.close()


@pytest.fixture
def submission() -> Submission:
    return Submission(
        attempt_name="s7-shop-0123abcd-89ef0123-g1",
        description="plan 5, commit abc",
        assetHandleArray=("a|1", "a|2"),
        fmt=Fmt.CONVERT,
        is_modifier="wid=100&fmt=png",
        macro=None,
        emailSetting=EmailSetting.NONE,
    )
