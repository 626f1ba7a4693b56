"""Where one job comes from, worked out by expanding its manifest once more."""

from s7spec.expand.tracing.jobs import trace

__all__ = ["trace"]
