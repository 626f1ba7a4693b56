"""The seams: few methods, nouns in and out, and the errors that may come through them."""

from s7spec.ports.errors import (
    CompanyUnknown,
    CredentialsMissing,
    CredentialsRefused,
    IpsAnswerUnreadable,
    IpsFault,
    IpsUnreachable,
    LeaseHeld,
    LedgerConflict,
    LedgerCorrupt,
    LedgerError,
    LedgerNewer,
    LedgerUnwritable,
    PortError,
    SubmitAmbiguous,
    SubmitInvalid,
    SubmitRefused,
)
from s7spec.ports.ips import AssetCatalog, IpsGateway
from s7spec.ports.ledger import Ledger, LedgerView, LedgerWriter
from s7spec.ports.run import Clock, Observer

__all__ = [
    "AssetCatalog",
    "Clock",
    "CompanyUnknown",
    "CredentialsMissing",
    "CredentialsRefused",
    "IpsAnswerUnreadable",
    "IpsFault",
    "IpsGateway",
    "IpsUnreachable",
    "LeaseHeld",
    "Ledger",
    "LedgerConflict",
    "LedgerCorrupt",
    "LedgerError",
    "LedgerNewer",
    "LedgerUnwritable",
    "LedgerView",
    "LedgerWriter",
    "Observer",
    "PortError",
    "SubmitAmbiguous",
    "SubmitInvalid",
    "SubmitRefused",
]
