"""Damaged and hostile picture files: whatever decoders raise becomes one error with a reason."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, UnidentifiedImageError

from s7spec.emulator.render.contract import RenderError

BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    Warning,  # where the interpreter is told to raise them
    struct.error,
    zlib.error,
)
"""What decoders of hostile bytes raise besides OSError."""

_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Reads the picture file of that name.

    Raises:
        RenderError: for anything a decoder complains of; no path of the server is in it.
        UnidentifiedImageError: no decoder knows the file.
    """
    try:
        yield
    except UnidentifiedImageError:
        raise
    except _BOMB as error:
        raise RenderError(f"{name}: the picture claims too many pixels: {error}") from error
    except BROKEN as error:
        raise RenderError(f"{name}: the source cannot be read: {_reason(error)}") from error


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror  # str() of these would show a path of the server
    return str(error) or type(error).__name__
