"""IPS over SOAP: the only place that knows zeep, requests and the wire.

Nothing heavy is loaded until ``IpsSoapGateway`` is asked for: whoever only needs ``regions`` does
not pay for a SOAP library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from s7spec.adapters.ips_soap.limits import ReadRetries, Timeouts

if TYPE_CHECKING:
    from s7spec.adapters.ips_soap.gateway import IpsSoapGateway

__all__ = ["IpsSoapGateway", "ReadRetries", "Timeouts"]


def __getattr__(name: str) -> object:
    if name != "IpsSoapGateway":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from s7spec.adapters.ips_soap.gateway import IpsSoapGateway

    return IpsSoapGateway
