"""A small project on a small catalog, and the real command line run in it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest
from PIL import Image, ImageDraw

from s7spec.cli.boundary import run
from s7spec.emulator import running_server

PROJECT = """\
apiVersion: s7spec/v1
kind: Project
default_environment: local
environments:
  local: {ips: embedded, company: Acme, catalog: catalog, quarantine_seconds: 1}
  nowhere: {ips: "http://127.0.0.1:9/", company: Acme}
  narrow: {ips: embedded, company: Acme, catalog: catalog, limits: {jobs: 1, assets: 1}}
  stranger: {ips: embedded, company: Nobody, catalog: catalog}
"""

MANIFEST = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: shop}
exports:
  - id: "{{ matrix.size.id }}"
    matrix: {size: [{id: large, wid: 80}, {id: small, wid: 20}]}
    assets: {folder: Acme/, types: [Image]}
    fmt: convert
    is_modifier: {wid: "{{ matrix.size.wid }}", fmt: jpeg, qlt: 90}
    emailSetting: None
  - id: masters
    assets: {names: [PS_1, PS_2]}
    fmt: orig
    emailSetting: None
"""

CATALOG = """\
company: {name: Acme, number: 110, rootPath: Acme/}
presets:
  - {name: Thumb, urlModifier: "wid=10&hei=10&fmt=png"}
assets:
  - {name: PS_spin, type: SpinSet, folder: sets/}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


Command: TypeAlias = Callable[..., Finished]


def picture(path: Path, size: tuple[int, int] = (120, 90), colour: str = "navy") -> None:
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    ImageDraw.Draw(image).ellipse((10, 10, size[0] - 10, size[1] - 10), outline=colour, width=5)
    image.save(path)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder that is also the current one."""
    root = tmp_path / "project"
    catalog = root / "catalog"
    catalog.mkdir(parents=True)
    (root / "s7spec.yaml").write_text(PROJECT)
    (root / "shop.yaml").write_text(MANIFEST)
    (catalog / "catalog.yaml").write_text(CATALOG)
    picture(catalog / "PS_1.png")
    picture(catalog / "PS_2.png", size=(90, 150), colour="maroon")
    monkeypatch.chdir(root)
    return root


@contextmanager
def serving(root: Path, *further: str) -> Iterator[subprocess.Popen[str]]:
    """`s7spec ips serve` in a process of its own, up and running."""
    data = root / ".s7spec" / "ips"
    arguments = ["ips", "serve", "--catalog", "catalog", "--data", str(data), "--port", "0"]
    with subprocess.Popen(
        [sys.executable, "-m", "s7spec", *arguments, *further],
        cwd=root,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            deadline = time.monotonic() + 20
            while running_server(data) is None and time.monotonic() < deadline:
                time.sleep(0.05)
            assert running_server(data) is not None
            yield process
        finally:
            if process.poll() is None:
                process.kill()


@pytest.fixture
def served(project: Path) -> Iterator[str]:
    """The address of an embedded IPS that outlives the commands of a test."""
    with serving(project):
        url = running_server(project / ".s7spec" / "ips")
        assert url is not None
        yield url


@pytest.fixture
def s7spec(capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs one command as the entry point would, in this process."""

    def invoke(*arguments: str | Path) -> Finished:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Finished(code=code, out=captured.out, err=captured.err)

    return invoke
