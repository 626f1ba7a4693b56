"""The short way from an export to the texts of its jobs: filling in what changes.

It covers what is usual and says Irregular of all else; ``expand.slowly`` is the long way, which
decides what is right. A test holds both to each other.
"""
