"""What every flight of a run works with."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.apply.books import Books
from s7spec.apply.contact import Contact
from s7spec.apply.options import ApplyOptions
from s7spec.apply.stopwatch import Stopwatch
from s7spec.ports import IpsGateway, Observer


@dataclass(frozen=True, slots=True, kw_only=True)
class Tower:
    gateway: IpsGateway
    books: Books
    watch: Stopwatch
    observer: Observer
    options: ApplyOptions
    contact: Contact
