"""What can go wrong on the wire, finer than the ports need it, and what it means for a submit.

``IpsUnreachable``
  ``NotSent``            nothing of the request's body had left: IPS cannot have acted on it
    ``BadRoute``         our own settings: a CA file or a proxy's URL that cannot be used
    ``NameUnknown``      the host's name does not resolve
    ``ConnectTimedOut``  nobody accepted the connection in time
    ``Refused``          nobody listens there
    ``ProxyFailed``      the proxy did not connect us
      ``ProxyRefused``   and said no, by a rule (403 and others)
        ``ProxyWantsLogin``  or because it wants a login (407)
    ``TlsFailed``        TCP stood, TLS did not
      ``TlsRefused``     the other side does not take our handshake, or speaks no TLS
      ``NotTrusted``     the server's certificate was refused: unknown authority
        ``Expired``      ... out of its time
        ``WrongHost``    ... made for another name
  ``AnswerLost``         the body had begun to leave: IPS may have acted on it
    ``ReadTimedOut``     and no answer came in time
``IpsAnswerUnreadable``
  ``AnswerCut``          the connection broke in the middle of the answer
  ``AnswerTooLarge``     more than any answer of IPS has
  ``NotSoap``            an HTTP answer without a SOAP answer in it
    ``Redirected``       HTTP 3xx
    ``ProxyLogin``       HTTP 407 from somebody on the way
    ``WebPage``          HTML: an error page, a login page
    ``Unavailable``      HTTP 502, 503 or 504
"""

from __future__ import annotations

from s7spec.ports import (
    CompanyUnknown,
    CredentialsMissing,
    CredentialsRefused,
    IpsAnswerUnreadable,
    IpsFault,
    IpsUnreachable,
    PortError,
    SubmitAmbiguous,
    SubmitInvalid,
    SubmitRefused,
)


class NotSent(IpsUnreachable):
    """The connection failed before the body of the request was handed to it."""


class BadRoute(NotSent):
    """A CA file or a proxy's URL that cannot be used: nothing was tried."""

    remedy = (
        "check `proxy:` and `ca:` in s7spec.yaml, HTTPS_PROXY, REQUESTS_CA_BUNDLE and SSL_CERT_FILE"
    )


class NameUnknown(NotSent):
    """The host's name does not resolve."""

    remedy = "check `ips:` for a misspelling and this machine's DNS; behind a proxy set `proxy:`"


class ConnectTimedOut(NotSent):
    """Nobody accepted the connection in time."""

    remedy = "a firewall may drop the packets: open the way, or set `proxy:` or HTTPS_PROXY"


class Refused(NotSent):
    """Nobody listens at that port."""

    remedy = "check the host and port in `ips:`, and that the server runs"


class ProxyFailed(NotSent):
    """The proxy did not connect us."""

    remedy = "check `proxy:` and HTTPS_PROXY, and that the proxy may reach IPS"


class ProxyRefused(ProxyFailed):
    """The proxy said no. Asking again changes nothing."""


class ProxyWantsLogin(ProxyRefused):
    """The proxy said no: HTTP 407."""

    remedy = "give the proxy as HTTPS_PROXY, with its login: http://USER:PASSWORD@HOST:PORT"


class TlsFailed(NotSent):
    """TCP stood, TLS did not."""

    remedy = "check that `ips:` names an https port; a proxy or firewall may cut TLS"


class TlsRefused(TlsFailed):
    """The other side does not take our handshake, or speaks no TLS at all."""


class NotTrusted(TlsFailed):
    """The server's certificate was refused."""

    remedy = (
        "if a proxy of yours re-signs TLS, give its authority as `ca:` or REQUESTS_CA_BUNDLE;"
        " never send credentials to a server that is not trusted"
    )


class Expired(NotTrusted):
    """The server's certificate is out of its time, or our clock is."""

    remedy = "check this machine's clock; else whoever runs the server must renew the certificate"


class WrongHost(NotTrusted):
    """The server's certificate was made for another name."""

    remedy = "write the host in `ips:` as the certificate has it"


class AnswerLost(IpsUnreachable):
    """The connection failed while the body left or before an answer came."""


class ReadTimedOut(AnswerLost):
    """The request left, and no answer came in time."""


class AnswerCut(IpsAnswerUnreadable):
    """The answer ended before its announced end, or its compression is broken."""


class AnswerTooLarge(IpsAnswerUnreadable):
    """More bytes, elements or attributes than any answer of IPS has."""


class NotSoap(IpsAnswerUnreadable):
    """An HTTP answer without a SOAP answer in it."""


class Redirected(NotSoap):
    """HTTP 3xx: the password would go to a place nobody named."""

    remedy = "give the service's own URL as `ips:`"


class ProxyLogin(NotSoap):
    """HTTP 407: somebody on the way wants a login."""

    remedy = ProxyWantsLogin.remedy


class WebPage(NotSoap):
    """HTML where SOAP should be: an error page, a login page."""


class Unavailable(NotSoap):
    """Somebody in front of IPS says that it is not available now (HTTP 502, 503, 504)."""

    remedy = "try again later"


# For these the next try would end as the last one did.
_STAYING = (BadRoute, ProxyRefused, TlsRefused, NotTrusted)


def may_pass(error: BaseException) -> bool:
    """True when asking the same again may well help. Faults and refused certificates stay."""
    if isinstance(error, _STAYING):
        return False
    return isinstance(error, IpsUnreachable | AnswerCut | Unavailable)


# facts: IPS API section 4. The code alone would do; with the element's name a code that some
# other server uses in another sense is not mistaken for ours.
_ERRORS: dict[tuple[str, int], type[PortError]] = {
    ("authenticationFault", 10000): CredentialsMissing,
    ("authenticationFault", 10001): CredentialsRefused,
    ("authenticationFault", 10002): CredentialsRefused,
    ("authorizationFault", 20000): CompanyUnknown,
    ("authorizationFault", 20006): CompanyUnknown,
}
# INVALID_PARAMETER, MISSING_PARAMETER, INVALID_REQUEST_XML: thrown out before any work.
_REJECTED_CODES = frozenset({30001, 30002, 30003})


def error_for(fault: str, code: int, reason: str) -> PortError:
    """The port's error for a fault's detail element, by one table."""
    kind = _ERRORS.get((fault, code))
    return IpsFault(fault, code, reason) if kind is None else kind(f"{fault} {code}: {reason}")


def submit_error(error: PortError) -> PortError:
    """What a failed submitJob means (semantics: section 4, step 4). Doubt is ambiguous."""
    match error:
        case CredentialsMissing() | CredentialsRefused() | CompanyUnknown():
            return error
        case NotSent():
            return SubmitRefused(f"the job was not sent: {error}")
        case IpsFault() if _is_wrong(error):
            return SubmitInvalid(f"IPS refused the job: {error}")
        case IpsFault() if _rejects(error):
            return SubmitRefused(f"IPS refused the job: {error}")
        case _:
            return SubmitAmbiguous(f"IPS may or may not have taken the job: {error}")


def _is_wrong(fault: IpsFault) -> bool:
    """The request itself: it would be thrown out again."""
    return fault.fault == "ipsApiFault" and fault.code in _REJECTED_CODES


def _rejects(fault: IpsFault) -> bool:
    return fault.fault in ("authenticationFault", "authorizationFault")
