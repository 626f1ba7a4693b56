"""What the goldens are drawn for."""

from __future__ import annotations

from s7spec.report.view import View

VIEWS = {
    "80": View(width=80),
    "200": View(width=200),
    "80-ascii": View(width=80, unicode=False),
    "80-colour": View(width=80, colour=True),
}
