"""Companies and users of catalog.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator

from s7spec.emulator.catalog.model import Company, Membership, User
from s7spec.emulator.catalog.positions import YamlSection
from s7spec.emulator.options import DEFAULT_PASSWORD, DEFAULT_USER

DEFAULT_COMPANY = Company()
_DEFAULT_ROLE = "IpsCompanyAdmin"
_COMPANY = ("name", "number", "rootPath", "expires")
_USER = ("email", "password", "firstName", "lastName", "role", "isValid", "memberships")
_MEMBERSHIP = ("company", "role", "isActive")
# facts: IPS API section 7, user roles.
ROLES = (
    "IpsAdmin",
    "IpsCompanyAdmin",
    "IpsUser",
    "WebServiceUser",
    "TrialSiteAdmin",
    "TrialSiteUser",
    "ImagePortalAdmin",
    "ImagePortalUser",
    "ImagePortalContrib",
    "ImagePortalContribUser",
)


def read_companies(top: YamlSection | None) -> tuple[Company, ...]:
    """``company`` first, then those of ``companies``. Names, numbers and folders are unique."""
    if top is None:
        return (DEFAULT_COMPANY,)
    main = top.section("company", _COMPANY)
    found = [DEFAULT_COMPANY if main is None else _company(main, folder="")]
    for section in top.sections("companies", (*_COMPANY, "folder")):
        folder = section.text("folder", "").strip("/")
        if folder and any(part in ("", ".", "..") for part in folder.split("/")):
            section.fail_at("folder", f"{folder!r} is not a folder below the catalog folder")
        company = _company(section, folder=f"{folder}/" if folder else None)
        for other in found:
            _refuse_twins(section, company, other)
        found.append(company)
    return tuple(found)


def _company(section: YamlSection, *, folder: str | None) -> Company:
    name = section.text("name", DEFAULT_COMPANY.name if folder == "" else None)
    root = section.text("rootPath", f"{name}/")
    if not re.fullmatch(r"[\w][\w .-]*/", root):
        hint = "one folder name with a slash at its end, such as Acme/"
        section.fail_at("rootPath", f"{root!r} is not a root path", hint)
    if "number" not in section and folder != "":
        section.fail("'number' is missing", hint="the number behind the company's handle")
    number = section.number("number", DEFAULT_COMPANY.number, least=1)
    return Company(
        name=name,
        number=number,
        root_path=root,
        folder=folder,
        expires=section.moment("expires"),
    )


def _refuse_twins(section: YamlSection, company: Company, other: Company) -> None:
    for key, here, there in (
        ("name", company.name, other.name),
        ("number", company.number, other.number),
        ("rootPath", company.root_path, other.root_path),
        ("folder", company.folder, other.folder),
    ):
        if here == there and here is not None:
            section.fail_at(key, f"company {other.name!r} has the {key} {here!r} already")


def read_users(top: YamlSection | None, companies: tuple[Company, ...]) -> tuple[User, ...]:
    """The users, or the one default login when the file names none."""
    users = () if top is None else tuple(_users(top, companies))
    return users or (_default_user(companies),)


def _default_user(companies: tuple[Company, ...]) -> User:
    return User(
        email=DEFAULT_USER,
        password=DEFAULT_PASSWORD,
        first_name="Demo",
        last_name="User",
        memberships=_everywhere(companies, _DEFAULT_ROLE),
    )


def _everywhere(companies: tuple[Company, ...], role: str) -> tuple[Membership, ...]:
    return tuple(Membership(company=company.number, role=role) for company in companies)


def _users(top: YamlSection, companies: tuple[Company, ...]) -> Iterator[User]:
    seen = set()
    for section in top.sections("users", _USER):
        email = section.text("email")
        if re.search(r"[\s|]", email):
            section.fail_at("email", f"{email!r} is not a mail address")
        if email in seen:
            section.fail_at("email", f"user {email!r} stands here twice")
        seen.add(email)
        role = section.choice("role", ROLES, _DEFAULT_ROLE)
        yield User(
            email=email,
            password=section.text("password"),
            first_name=section.text("firstName", ""),
            last_name=section.text("lastName", ""),
            is_valid=section.flag("isValid", default=True),
            memberships=tuple(_memberships(section, companies, role))
            or _everywhere(companies, role),
        )


def _memberships(
    user: YamlSection, companies: tuple[Company, ...], role: str
) -> Iterator[Membership]:
    for section in user.sections("memberships", _MEMBERSHIP):
        yield Membership(
            company=company_named(section, companies).number,
            role=section.choice("role", ROLES, role),
            is_active=section.flag("isActive", default=True),
        )


def company_named(section: YamlSection, companies: tuple[Company, ...]) -> Company:
    """The company that the key ``company`` names; the first one without it."""
    name = section.text("company", companies[0].name)
    named = next((company for company in companies if company.name == name), None)
    if named is None:
        hint = f"one of {', '.join(company.name for company in companies)}"
        section.fail_at("company", f"there is no company {name!r}", hint)
    return named
