"""What is foretold of the pictures of a job, all together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFlag:
    """Something that becomes of ``pictures`` of a job's pictures: ``upscaled``, ``padded``."""

    flag: str
    pictures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedPictures:
    """``pictures`` have a size that can be foretold, ``unknown`` have not.

    The sides are the least and the greatest in pixels, ``bytes`` what all files together take, but
    for the ``unknown``: at least, likely, at most; an estimate, 0 where there is none of all.
    ``format`` is as ``fmt`` names it, ``extension`` has no dot; both are empty when they are not
    known. ``unknown_because`` says what is in the way of sizes. ``preview`` is the address at which
    one of the pictures can be looked at as it will be converted, if it is published; empty without
    an image server.
    """

    pictures: int
    unknown: int
    format: str
    extension: str
    least_width: int
    most_width: int
    least_height: int
    most_height: int
    least_bytes: int
    likely_bytes: int
    most_bytes: int
    flags: tuple[PictureFlag, ...] = ()
    unknown_because: tuple[str, ...] = ()
    preview: str = ""
