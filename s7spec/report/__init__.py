"""Renderers: finished value -> text. Pure; one module per format and subject."""
