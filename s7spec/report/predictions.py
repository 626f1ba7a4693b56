"""What is foretold of a job's pictures, in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from s7spec.model.pictures import PredictedPictures
from s7spec.model.plan import PlanItem
from s7spec.report.figures import byte_size, count


def becomes_text(items: Iterable[PlanItem]) -> str:
    """``40 jpg of 800x533 to 800x800, about 5.2 MB (3.1 to 9.4 MB) but for 5 files nobody can
    foretell; 12 upscaled``; empty when nothing is converted."""
    predicted = [item.predicted for item in items if item.predicted is not None]
    return "; ".join(part for part in _parts(predicted) if part) if predicted else ""


def _parts(predicted: list[PredictedPictures]) -> Iterator[str]:
    pictures = sum(each.pictures for each in predicted)
    unknown = sum(each.unknown for each in predicted)
    kinds = sorted({each.extension for each in predicted})
    kind = kinds[0] if len(kinds) == 1 and kinds[0] else "picture"
    if pictures:
        shown = f"{pictures:,} {kind}" if kind != "picture" else count(pictures, kind)
        yield f"{shown} of {_sides(predicted)}{_bytes(predicted)}"
    if unknown:
        because = dict.fromkeys(each for one in predicted for each in one.unknown_because)
        why = f" ({'; '.join(because)})" if because else ""
        yield f"{count(unknown, 'picture')} of unknown size{why}"
    flags: dict[str, int] = {}
    for each in predicted:
        for flag in each.flags:
            flags[flag.flag] = flags.get(flag.flag, 0) + flag.pictures
    yield ", ".join(
        f"{number:,} {_WORDS.get(flag, flag)}" for flag, number in sorted(flags.items())
    )


def flag_words(flag: str) -> str:
    """``enlarged`` for ``upscaled``; a flag that has no words of its own is its own."""
    return _WORDS.get(flag, flag)


_WORDS = {
    "upscaled": "enlarged",
    "nothing of the picture left": "showing only background",
    "padded": "with margins",
    "cropped": "cut",
    "aspect changed": "distorted",
    "alpha flattened": "without their transparency",
    "colour converted": "in other colours",
}


def _sides(predicted: list[PredictedPictures]) -> str:
    known = [each for each in predicted if each.pictures]
    least = f"{min(each.least_width for each in known)}x{min(each.least_height for each in known)}"
    most = f"{max(each.most_width for each in known)}x{max(each.most_height for each in known)}"
    return least if least == most else f"{least} to {most}"


def _bytes(predicted: list[PredictedPictures]) -> str:
    likely = sum(each.likely_bytes for each in predicted)
    if not likely:
        return ""
    least, most = (sum(getattr(each, name) for each in predicted) for name in _BOUNDS)
    text = f", about {byte_size(likely)} ({byte_size(least)} to {byte_size(most)})"
    # Those without a size are told beside it.
    missing = sum(each.pictures for each in predicted if not each.likely_bytes)
    return f"{text} but for {count(missing, 'file')} nobody can foretell" if missing else text


_BOUNDS = ("least_bytes", "most_bytes")


def preview_of(items: Iterable[PlanItem]) -> str:
    """The address at which one of the pictures can be looked at; empty without one."""
    addresses = (item.predicted.preview for item in items if item.predicted is not None)
    return next(filter(None, addresses), "")
