"""Pictures of a plan: how samples look before and after, rendered by somebody who can."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from s7spec.model.job import JobKey
from s7spec.model.plan import PlanItem
from s7spec.report.figures import byte_size, count
from s7spec.report.html.markup import data, in_turn, plain, plain_name
from s7spec.report.html.numbered import Numbered
from s7spec.report.html.room import Room, bytes_of
from s7spec.report.plan_outline import changes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """``uri`` is a ``data:`` address of a small copy; sides, bytes and format are those of the
    picture itself, 0 bytes where they do not matter."""

    uri: str
    width: int
    height: int
    size_bytes: int = 0
    format: str = ""

    @property
    def words(self) -> str:
        """``800x533 jpeg, 58 kB``."""
        size = f", {byte_size(self.size_bytes)}" if self.size_bytes else ""
        return f"{self.width}x{self.height}{f' {self.format}' if self.format else ''}{size}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One asset before and after. ``traits`` are why it was chosen: ``largest``, ``CMYK``.

    ``before_is`` says what stands before: the source, or what the last attempt's settings gave.
    ``problem`` is why there is no picture after; ``notes`` are what the renderer had to say.
    """

    path: str
    traits: tuple[str, ...]
    before: Picture | None
    before_is: str
    after: Picture | None
    problem: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSheet:
    """``jobs`` convert pictures; those in ``by_job`` have samples here. ``marker`` says who
    rendered them, ``remark`` why not all have any."""

    by_job: Mapping[JobKey, tuple[Comparison, ...]] = field(default_factory=dict)
    jobs: int = 0
    marker: str = ""
    remark: str = ""

    @property
    def words(self) -> str:
        """``12 of 300 jobs have pictures``; empty when nobody was asked for any."""
        if not self.jobs:
            return ""
        have = "has" if self.jobs == 1 else "have"
        return f"{len(self.by_job):,} of {count(self.jobs, 'job')} {have} pictures"


NO_PICTURES = ContactSheet()


def kind_of_change(item: PlanItem) -> Hashable:
    """Equal of jobs that do the same to pictures: what decides their pixels changes alike or,
    where none of it changes, is the same."""
    changed = tuple(each for each in changes_of(item) if _decides_pixels(each.field))
    job = item.export_job
    if changed or job is None:
        return changed
    return job.fmt, job.is_modifier, job.macro, job.preset, job.presets


def _decides_pixels(field_: str) -> bool:
    return field_ in ("fmt", "is_modifier", "macro") or field_.startswith("preset")


MOST_BYTES = 4_200_000
"""Of all small copies together, and of what is said about them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FittingPictures:
    """The samples of jobs that find room in a page, as data, and what they take. Each picture
    stands in ``uris`` once."""

    sheet: ContactSheet
    samples: Mapping[JobKey, str]
    uris: tuple[str, ...]
    size: int

    def lines(self, listed: Sequence[PlanItem]) -> Iterator[str]:
        """The samples of each job that is listed, by its number, the kinds of change of these jobs
        in the same order, and their pictures. Other jobs are counted: nobody can open them."""
        kinds: Numbered[Hashable] = Numbered()
        numbered, kind_of = [], []
        for place, item in enumerate(listed):
            if item.key in self.samples:
                numbered.append((place, item.key))
                kind_of.append(kinds.number(kind_of_change(item)))
        used = {
            picture.uri
            for _, key in numbered
            for each in self.sheet.by_job[key]
            for picture in (each.before, each.after)
            if picture is not None
        }
        yield '{"jobs":{'
        yield from in_turn(f'"{place}":{self.samples[key]}' for place, key in numbered)
        yield '},"kinds":['
        yield from in_turn(map(str, kind_of))
        yield f'],"left_out":{len(self.samples) - len(numbered)},"uris":['
        yield from in_turn(data(uri if uri in used else "") for uri in self.uris)
        yield "]}"


def fitting_pictures(sheet: ContactSheet, *, most: int = MOST_BYTES) -> FittingPictures:
    """Those of the first jobs, when not all find room; the sheet then says so."""
    pictures: Numbered[str] = Numbered()
    room = Room(most)
    samples: dict[JobKey, str] = {}
    for key, comparisons in sheet.by_job.items():
        before = len(pictures)
        text = data([_comparison(each, pictures) for each in comparisons])
        fresh = sum(len(uri) + _AROUND for uri in pictures.since(before))
        if not room.take(bytes_of(text) + fresh + 2 * _AROUND):
            pictures.forget_since(before)
            continue
        samples[key] = text
    if len(samples) < len(sheet.by_job):
        remark = "; ".join(filter(None, (sheet.remark, "the page has no room for more")))
        shown = {key: sheet.by_job[key] for key in samples}
        sheet = replace(sheet, by_job=shown, remark=remark)
    return FittingPictures(
        sheet=sheet, samples=samples, uris=pictures.values, size=most - room.left
    )


_AROUND = 12
"""Bytes around a picture or an entry: quotes, a comma, the number of a job or its kind."""


def _comparison(each: Comparison, pictures: Numbered[str]) -> list[object]:
    return [
        plain_name(each.path),
        [plain(trait) for trait in each.traits],
        _picture(each.before, pictures),
        each.before_is,
        _picture(each.after, pictures),
        plain(each.problem),
        [plain(note) for note in each.notes],
    ]


def _picture(picture: Picture | None, pictures: Numbered[str]) -> list[object] | None:
    if picture is None:
        return None
    return [pictures.number(picture.uri), picture.words, picture.width, picture.height]
