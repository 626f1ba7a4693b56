"""The embedded IPS: a SOAP server on loopback that behaves as the facts describe the real one.

It serves the demo, the tests and people who want to try their manifests. It imports nothing of
the compiler, so that it can disagree with it.
"""

from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.catalog.refinements import render_settings
from s7spec.emulator.clock import ServerClock, SimulatedClock
from s7spec.emulator.faults.errors import FaultsFileError
from s7spec.emulator.options import (
    DEFAULT_PASSWORD,
    DEFAULT_USER,
    EmbeddedIpsOptions,
    ServerAddressError,
    ServerAlreadyRunning,
    StoreError,
)
from s7spec.emulator.quirks import Quirks
from s7spec.emulator.server import EmbeddedIps, running_server

__all__ = [
    "DEFAULT_PASSWORD",
    "DEFAULT_USER",
    "CatalogError",
    "EmbeddedIps",
    "EmbeddedIpsOptions",
    "FaultsFileError",
    "Quirks",
    "ServerAddressError",
    "ServerAlreadyRunning",
    "ServerClock",
    "SimulatedClock",
    "StoreError",
    "render_settings",
    "running_server",
]
