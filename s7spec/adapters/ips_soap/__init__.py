"""IPS over SOAP: the only place that knows zeep, requests and the wire.

Nothing heavy is loaded until ``IpsSoapGateway`` or ``IpsCheck`` is asked for: whoever only needs
``regions`` does not pay for a SOAP library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from s7spec.adapters.ips_soap.limits import ReadRetries, Route, Timeouts

if TYPE_CHECKING:
    from s7spec.adapters.ips_soap.checking import IpsCheck
    from s7spec.adapters.ips_soap.gateway import IpsSoapGateway

__all__ = ["IpsCheck", "IpsSoapGateway", "ReadRetries", "Route", "Timeouts"]


_MODULES = {"IpsCheck": "checking", "IpsSoapGateway": "gateway"}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
