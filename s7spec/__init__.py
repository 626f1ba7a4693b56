"""s7spec: declarative export specs for Adobe Dynamic Media Classic (Scene7)."""

__version__ = "0.1.0"
