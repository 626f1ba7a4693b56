"""A project that changes from round to round, and what it wants: known here without s7spec."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from PIL import Image

from tests.chaos.settings import QUARANTINE

COMPANY = "Acme"
ENVIRONMENT = "chaos"
MANIFEST = "shop"
FOLDERS = ("north", "south", "west")
MOST, LEAST = 30, 22
_FIRST_WIDTH = 8
_SIZE = (120, 90)

_PROJECT = """\
apiVersion: s7spec/v1
kind: Project
default_environment: {environment}
environments:
  {environment}:
    ips: "{url}"
    company: {company}
    quarantine_seconds: {quarantine}
    on_ambiguous: {on_ambiguous}
"""

_MANIFEST = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {{name: {manifest}}}
"""

_EXPORT = """\
  - id: {export.id}
    assets: {{folder: {company}/{export.folder}/, types: [Image]}}
    fmt: convert
    is_modifier: {{wid: {export.width}, fmt: jpeg}}
    emailSetting: {export.email}
    mode: {export.mode}
    on_partial: {export.on_partial}
    supersede: {export.supersede}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """``width`` tells its revisions apart: no two of one export have the same. ``formers`` are the
    ids it had before."""

    id: str
    folder: str
    width: int
    email: str = "None"
    mode: str = "full"
    on_partial: str = "repair"
    supersede: str = "queue"
    rerun: str = ""
    at: str = ""
    formers: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        rerun = f"    rerun: {self.rerun}\n" if self.rerun else ""
        schedule = f'    schedule: {{at: "{self.at}"}}\n' if self.at else ""
        return _EXPORT.format(company=COMPANY, export=self) + rerun + schedule


class Project:
    """``root`` holds s7spec.yaml, one manifest and a catalog. ``again``: exports that may rightly
    be exported once more with the same content."""

    def __init__(self, root: Path, *, url: str, chance: Random) -> None:
        self.root = root
        self.exports: dict[str, Export] = {}
        self.again: set[str] = set()
        self._chance = chance
        self._gone: list[Export] = []
        self._moved: dict[str, str] = {}
        self._number = 0
        root.mkdir(parents=True, exist_ok=True)
        text = _PROJECT.format(
            environment=ENVIRONMENT,
            url=url,
            company=COMPANY,
            quarantine=QUARANTINE,
            on_ambiguous=chance.choice(("retry", "retry", "retry", "hold")),
        )
        (root / "s7spec.yaml").write_text(text)
        for folder in FOLDERS:
            (root / "catalog" / folder).mkdir(parents=True, exist_ok=True)
            for _ in range(2):
                self._add_asset(folder)
        for _ in range(chance.randint(LEAST, MOST)):
            self._add_export()
        self.write()

    def write(self) -> None:
        moved = "".join(
            f"  - {{from: {before}, to: {now}}}\n" for before, now in self._moved.items()
        )
        texts = (export.text for export in self.exports.values())
        text = (f"moved:\n{moved}" if moved else "") + "exports:\n" + "".join(texts)
        text = _MANIFEST.format(manifest=MANIFEST) + text
        draft = self.root / ".draft"
        draft.write_text(text)
        draft.replace(self.root / "shop.yaml")

    def change(self, *, least: int) -> None:
        """At least so many exports are to be sent afterwards, and some other things differ."""
        chance = self._chance
        for _ in range(chance.choice((0, 0, 0, 1, 2))):
            self._remove_export()
        for _ in range(chance.choice((0, 0, 1, 2))):
            self._add_or_return_export()
        dice = chance.random()
        if dice < 0.1:
            self._add_asset(chance.choice(FOLDERS))
        elif dice < 0.2:
            self._edit_asset(chance.choice(FOLDERS))
        ids = sorted(self.exports)
        for identity in chance.sample(ids, chance.randint(min(len(ids), least), len(ids))):
            self.revise(identity)
        for do, numbers in self._whims:
            for identity in chance.sample(sorted(self.exports), chance.choice(numbers)):
                do(identity)
        self.write()

    @property
    def _whims(self) -> tuple[tuple[Callable[[str], None], tuple[int, ...]], ...]:
        """What else may happen to an export, and to how many."""
        return (
            (self._change_email, (0, 0, 2)),
            (self._rerun, (0, 0, 3)),
            (self._move_export, (0, 0, 0, 2)),
        )

    def _change_email(self, identity: str) -> None:
        email = self._chance.choice(("None", "Error", "All"))
        self.exports[identity] = replace(self.exports[identity], email=email)

    def _rerun(self, identity: str) -> None:
        self._number += 1
        self.exports[identity] = replace(self.exports[identity], rerun=f"r{self._number}")
        self.again.add(identity)

    def is_settled(self) -> None:
        """Nothing is left to do: entries of `moved` have served, and may go."""
        self._moved.clear()
        self.again.clear()

    def revise(self, identity: str) -> None:
        export = self.exports[identity]
        self.exports[identity] = replace(export, width=export.width + 1)

    def assets(self, folder: str) -> dict[str, float]:
        """Names of the files in a folder of the catalog, and when they were changed last."""
        found = (self.root / "catalog" / folder).glob("*.png")
        return {path.stem: path.stat().st_mtime for path in found}

    def _add_or_return_export(self) -> None:
        if len(self.exports) >= MOST:
            return
        if self._gone and self._chance.random() < 0.4:
            self._return_export()
        else:
            self._add_export()

    def _add_export(self) -> None:
        self._number += 1
        identity = f"e-{self._number}"
        chance = self._chance
        self.exports[identity] = Export(
            id=identity,
            folder=chance.choice(FOLDERS),
            width=_FIRST_WIDTH,
            mode=chance.choice(("full", "full", "delta")),
            on_partial=chance.choice(("repair", "repair", "full")),
            supersede=chance.choice(("queue", "queue", "stop-and-submit", "fail")),
        )

    def _remove_export(self) -> None:
        if len(self.exports) > LEAST:
            gone = self.exports.pop(self._chance.choice(sorted(self.exports)))
            self._gone.append(gone)
            self._moved = {old: now for old, now in self._moved.items() if now != gone.id}

    def _move_export(self, identity: str) -> None:
        """Another id for the same export, said in the manifest."""
        if identity in self._moved.values():
            return
        export = self.exports.pop(identity)
        self._number += 1
        now = f"e-{self._number}"
        formers = (*export.formers, identity)
        self.exports[now] = replace(export, id=now, formers=formers)
        self._moved[identity] = now
        if identity in self.again:
            self.again.add(now)

    def _return_export(self) -> None:
        """The same as before it went: a new run, as the design has it."""
        export = self._gone.pop()
        self.exports[export.id] = export
        self.again.add(export.id)

    def _add_asset(self, folder: str) -> None:
        self._number += 1
        self._draw(folder, f"{folder}_{self._number}")

    def _edit_asset(self, folder: str) -> None:
        self._draw(folder, self._chance.choice(sorted(self.assets(folder))))

    def _draw(self, folder: str, name: str) -> None:
        colour = tuple(self._chance.randrange(256) for _ in range(3))
        draft = self.root / f"{name}.png"
        Image.new("RGB", _SIZE, colour).save(draft)
        draft.replace(self.root / "catalog" / folder / f"{name}.png")

    def __iter__(self) -> Iterator[Export]:
        return iter(self.exports.values())
