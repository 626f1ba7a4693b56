"""What can go wrong on the wire, finer than the ports need it, and what it means for a submit.

``IpsUnreachable``
  ``NotSent``       nothing of the request's body had left: IPS cannot have acted on it
    ``NotTrusted``  the TLS certificate was refused; asking again changes nothing
  ``AnswerLost``    the body had begun to leave: IPS may have acted on it
``IpsAnswerUnreadable``
  ``AnswerCut``     the connection broke in the middle of the answer
  ``Unavailable``   HTTP 502, 503 or 504 without a SOAP fault
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
    SubmitRefused,
)


class NotSent(IpsUnreachable):
    """The connection failed before the body of the request was handed to it."""


class NotTrusted(NotSent):
    """The server's TLS certificate was refused."""


class AnswerLost(IpsUnreachable):
    """The connection failed while the body left or before an answer came."""


class AnswerCut(IpsAnswerUnreadable):
    """The answer ended before its announced end."""


class Unavailable(IpsAnswerUnreadable):
    """Somebody in front of IPS says that it is not available now (HTTP 502, 503, 504)."""


def may_pass(error: BaseException) -> bool:
    """True when asking the same again may well help. Faults and refused certificates stay."""
    if isinstance(error, NotTrusted):
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
        case IpsFault() if _rejects(error):
            return SubmitRefused(f"IPS refused the job: {error}")
        case _:
            return SubmitAmbiguous(f"IPS may or may not have taken the job: {error}")


def _rejects(fault: IpsFault) -> bool:
    if fault.fault == "ipsApiFault":
        return fault.code in _REJECTED_CODES
    return fault.fault in ("authenticationFault", "authorizationFault")
