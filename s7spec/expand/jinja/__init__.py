"""Jinja in a sandbox, with all its work drawn on a budget: the only place that imports it.

It takes a while to import, and most manifests only fill in values by their names: ``expand.engine``
asks for it when a template needs it.
"""
