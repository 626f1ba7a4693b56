"""resolve: what must be read from IPS before a plan can be made or carried out."""

from s7spec.resolve.inventory import MAX_ASSETS
from s7spec.resolve.observing import observe
from s7spec.resolve.refreshing import Refreshed, StaleItem, refresh
from s7spec.resolve.resolving import Resolution, resolve

__all__ = [
    "MAX_ASSETS",
    "Refreshed",
    "Resolution",
    "StaleItem",
    "observe",
    "refresh",
    "resolve",
]
