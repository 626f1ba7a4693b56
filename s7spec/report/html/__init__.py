"""A plan as one HTML file for a browser: nothing is fetched, everything is in it.

What matters stands in it as HTML. The jobs stand in it as data, of which a script of ours makes a
table: ten thousand rows of HTML would take seconds to open.
"""

from s7spec.report.html.page import PageAssets, plan_html
from s7spec.report.html.pictures import (
    NO_PICTURES,
    Comparison,
    ContactSheet,
    Picture,
    kind_of_change,
)

__all__ = [
    "NO_PICTURES",
    "Comparison",
    "ContactSheet",
    "PageAssets",
    "Picture",
    "kind_of_change",
    "plan_html",
]
