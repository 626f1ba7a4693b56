"""Finds the files that come with s7spec: JSON schemas, the IPS contract, the example specs.

A wheel carries them in ``s7spec/bundled`` (pyproject: wheel sources); an editable install and a
plain checkout have them at the checkout's root.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_SUFFIX = ".schema.json"


def schema_folder() -> Path:
    """The folder of our JSON schemas. Raises FileNotFoundError when the install is incomplete."""
    return find("schemas", places(_PACKAGE))


def schema_texts() -> Mapping[str, str]:
    """Every ``NAME.schema.json`` as ``{NAME: text}``, sorted by name."""
    paths = {path.name.removesuffix(_SUFFIX): path for path in schema_folder().glob(f"*{_SUFFIX}")}
    return {name: paths[name].read_text("utf-8") for name in sorted(paths)}


def contract_folder() -> Path:
    """The folder of the WSDL and the XSDs of the IPS API."""
    return find("schemas/ips", places(_PACKAGE))


def example_specs_folder() -> Path:
    """The folder of the example project and its manifests."""
    return find("specs", places(_PACKAGE))


def page_texts() -> tuple[str, str]:
    """The style sheet and the script of plans as HTML. They are parts of the package itself.

    The script stands in files by what they are about; later ones use what earlier ones name.
    """
    folder = _PACKAGE / "report" / "html"
    parts = [(folder / "script" / f"{name}.js").read_text("utf-8") for name in SCRIPT_PARTS]
    script = '"use strict";\n{\n' + "\n".join(parts) + "}\n"
    return (folder / "plan.css").read_text("utf-8"), script


SCRIPT_PARTS = ("elements", "jobs", "table", "filters", "detail", "pictures", "start")
"""In the order in which they run, in a scope of their own."""


def places(package: Path) -> tuple[Path, ...]:
    """Where to look, in order, when the package ``s7spec`` lies at ``package``."""
    checkout = package.parent
    # Without this check an installed package would take any site-packages/schemas for ours.
    is_checkout = (checkout / "pyproject.toml").is_file()
    return (package / "bundled", checkout) if is_checkout else (package / "bundled",)


def find(name: str, roots: Sequence[Path]) -> Path:
    """The first of ``roots`` that has a folder ``name``. Raises FileNotFoundError."""
    for root in roots:
        if (root / name).is_dir():
            return root / name
    looked = ", ".join(str(root / name) for root in roots)
    raise FileNotFoundError(
        f"s7spec's own files are missing (looked for {looked}): the installation is incomplete, "
        "install s7spec again"
    )
