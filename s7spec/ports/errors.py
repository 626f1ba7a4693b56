"""The errors that may come through a port."""

from __future__ import annotations

from s7spec.model.ledger import Lease


class PortError(Exception):
    """Anything a port can fail with. ``str()`` is one plain sentence without secrets.

    ``remedy`` says what to do where an error knows that better than its kind does.
    """

    remedy: str = ""


class IpsUnreachable(PortError):
    """No connection: name, route, TLS or timeout before anything was answered."""


class CredentialsMissing(PortError):
    """No user or password was given, or IPS says that there was none (fault 10000)."""


class CredentialsRefused(PortError):
    """IPS does not accept this user and password (faults 10001, 10002)."""


class CompanyUnknown(PortError):
    """IPS does not know the company, or the user may not use it (faults 20000, 20006)."""


class IpsFault(PortError):
    """Any other fault IPS answered with (facts: IPS API section 4)."""

    def __init__(self, fault: str, code: int, reason: str) -> None:
        super().__init__(f"{fault} {code}: {reason}")
        self.fault = fault
        self.code = code
        self.reason = reason


class IpsAnswerUnreadable(PortError):
    """The answer was no SOAP answer we can read: a proxy's page, broken XML, a missing field."""


class SubmitRefused(PortError):
    """IPS certainly did not take the job: it may be sent again (semantics: section 4, step 4)."""


class SubmitInvalid(SubmitRefused):
    """IPS calls the request itself wrong: the same content is refused again (faults 30001 to
    30003)."""


class SubmitAmbiguous(PortError):
    """The job may or may not have been taken: never send again without looking for it."""


class LedgerError(PortError):
    """The ledger cannot be used. ``path`` is the file or the location, without secrets."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


class LedgerUnwritable(LedgerError):
    """Missing rights, a folder in the way, a full disk."""


class LedgerCorrupt(LedgerError):
    """Not a ledger, or a damaged one."""


class LedgerNewer(LedgerError):
    """Written by a newer s7spec."""


class LedgerConflict(PortError):
    """Another writer was faster: the attempt is no longer in the version we saw."""


class LeaseHeld(PortError):
    """Somebody else is applying in this environment."""

    def __init__(self, lease: Lease) -> None:
        super().__init__(
            f"{lease.holder.user}@{lease.holder.host} (pid {lease.holder.pid}) holds the lease "
            f"until {lease.expires_at:%Y-%m-%d %H:%M:%S} UTC"
        )
        self.lease = lease


class CodeHostRefused(PortError):
    """GitHub or GitLab does not do what it is asked, and would not do it the next time either.

    ``status`` is that of its answer, 0 without one.
    """

    def __init__(self, message: str, *, status: int = 0, remedy: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.remedy = remedy


class CodeHostForbids(CodeHostRefused):
    """The token is good, but not for this."""


class CodeHostUnavailable(PortError):
    """GitHub or GitLab did not do its work in the time that there was."""


class CodeHostUnanswered(CodeHostUnavailable):
    """What was asked may have been done all the same: look before asking again."""


class CommentGone(CodeHostRefused):
    """The comment that was to be changed is not there any more."""
