"""The three faults of IPS and their documented codes (facts: IPS API section 4)."""

from __future__ import annotations

from enum import IntEnum

_LONGEST_REASON = 1000


class FaultCode(IntEnum):
    NO_CREDENTIALS = 10000
    INVALID_CREDENTIALS = 10001
    INVALID_USER = 10002
    INVALID_COMPANY = 20000
    INVALID_REQUEST_USERNAME = 20001
    INVALID_REQUEST_USER = 20002
    NO_OPERATION_PERMISSION = 20003
    NO_IMPERSONATION_PERMISSION = 20004
    ILLEGAL_PARAMETER_VALUE = 20005
    ILLEGAL_COMPANY = 20006
    ILLEGAL_REQUEST_USER = 20007
    ILLEGAL_ACCESS_GROUP = 20008
    MISSING_PERMISSION = 20009
    EXCEPTION = 30000
    INVALID_PARAMETER = 30001
    MISSING_PARAMETER = 30002
    INVALID_REQUEST_XML = 30003


class IpsFault(Exception):
    """A request that is answered with a fault. ``reason`` is for people and goes on the wire."""

    def __init__(self, code: FaultCode, reason: str) -> None:
        # Reasons repeat what was sent, which may be megabytes.
        if len(reason) > _LONGEST_REASON:
            reason = f"{reason[:_LONGEST_REASON]}..."
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason

    @property
    def element(self) -> str:
        """Name of the fault element, decided by the range of the code."""
        if self.code < 20000:
            return "authenticationFault"
        return "authorizationFault" if self.code < 30000 else "ipsApiFault"

    @property
    def faultstring(self) -> str:
        """Recorded for ipsApiFault, documented for authorizationFault, the third by analogy."""
        return {
            "authenticationFault": "AuthenticationException",
            "authorizationFault": "AuthorizationException",
            "ipsApiFault": "ipsApiFault",
        }[self.element]

    @property
    def is_of_the_server(self) -> bool:
        """Recorded ipsApiFaults blame the Server, the documented authorizationFault the Client."""
        return self.element == "ipsApiFault"


def invalid_parameter(reason: str) -> IpsFault:
    return IpsFault(FaultCode.INVALID_PARAMETER, reason)


def missing_parameter(reason: str) -> IpsFault:
    return IpsFault(FaultCode.MISSING_PARAMETER, reason)
