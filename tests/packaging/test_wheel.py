"""The wheel works outside the checkout, the sdist builds the same wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from s7spec.adapters.bundled import SCRIPT_PARTS

ROOT = Path(__file__).resolve().parents[2]


def _run(*arguments: str | Path, cwd: Path, **environ: str) -> str:
    done = subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _build(kind: str, source: Path, target: Path) -> Path:
    _run(
        sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "--outdir", target, source,
        cwd=target.parent,
    )  # fmt: skip
    return next(target.iterdir())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    return _build("wheel", ROOT, folder / "dist")


def test_wheel_holds_schemas_and_example_specs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder, pattern in (
        ("schemas", "**/*.*"),
        ("specs", "*.yaml"),
        ("specs", "catalog/**/*.*"),
        ("specs", "data/*.*"),
        ("specs", "templates/*.*"),
    ):
        expected = {
            f"s7spec/bundled/{path.relative_to(ROOT)}" for path in (ROOT / folder).glob(pattern)
        }
        assert expected
        assert expected <= names
    page = {f"s7spec/report/html/script/{name}.js" for name in SCRIPT_PARTS}
    assert {"s7spec/report/html/plan.css", *page} <= names
    assert not [name for name in names if "picture_studio" in name or name.startswith("tests/")]


def test_installed_wheel_works_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    _run(
        sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index",
        "--target", site, wheel, cwd=tmp_path, HOME=str(tmp_path),
    )  # fmt: skip
    where = _run(
        sys.executable,
        "-c",
        "import s7spec, s7spec.adapters.bundled as b;"
        "print(s7spec.__file__, b.schema_folder(), b.contract_folder(), b.example_specs_folder())",
        cwd=tmp_path,
        PYTHONPATH=str(site),
    )
    assert all(path.startswith(str(site)) for path in where.split())
    s7spec = (sys.executable, "-m", "s7spec")
    _run(*s7spec, "init", "shop", cwd=tmp_path, PYTHONPATH=str(site))
    _run(*s7spec, "plan", "--html", "plan.html", cwd=tmp_path / "shop", PYTHONPATH=str(site))
    assert "2 of 2 jobs have pictures" in (tmp_path / "shop" / "plan.html").read_text()
    out = _run(*s7spec, "apply", "--yes", cwd=tmp_path / "shop", PYTHONPATH=str(site))
    assert "Done: 2 ok" in out


def test_sdist_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sdist = _build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source")
    source = next((tmp_path / "source").iterdir())
    again = _build("wheel", source, tmp_path / "dist")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert {(entry.filename, entry.CRC) for entry in one.infolist()} == {
            (entry.filename, entry.CRC) for entry in other.infolist()
        }
