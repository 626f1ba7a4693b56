"""Who calls: by the SOAP header or by HTTP Basic (facts: IPS API section 3)."""

from __future__ import annotations

import base64
import binascii
import hmac

from s7spec.emulator.catalog.model import User
from s7spec.emulator.company.view import Catalog
from s7spec.emulator.soap.envelope import AuthHeader
from s7spec.emulator.soap.faults import FaultCode, IpsFault


def authenticate(catalog: Catalog, header: AuthHeader, authorization: str) -> User:
    """By the SOAP header, else by HTTP Basic. Raises IpsFault 10000 to 10002, never a 401."""
    name, password = header.user, header.password
    if not name:
        name, password = _basic(authorization)
    if not name or password is None:
        raise IpsFault(FaultCode.NO_CREDENTIALS, "no user and password were sent")
    user = catalog.user(name)
    if not password_fits(user, password) or user is None:
        raise IpsFault(FaultCode.INVALID_CREDENTIALS, f"the credentials of {name!r} are not valid")
    if not user.is_valid:
        raise IpsFault(FaultCode.INVALID_USER, f"the user {name!r} is not valid any more")
    return user


def password_fits(user: User | None, password: str) -> bool:
    """Compares in constant time, for an unknown user too."""
    expected = user.password if user is not None else ""
    same = hmac.compare_digest(expected.encode(), password.encode())
    return same and user is not None


def _basic(authorization: str) -> tuple[str | None, str | None]:
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "basic":
        return None, None
    try:
        data = base64.b64decode(token.strip(), validate=True)
    except binascii.Error:
        return None, None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        # What older clients send; every byte is a character there.
        text = data.decode("latin-1")
    name, colon, password = text.partition(":")
    return (name, password) if colon else (None, None)
