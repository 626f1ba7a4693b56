"""Who may call what: by the documentation pages of the operations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from s7spec.emulator import EmbeddedIps, EmbeddedIpsOptions
from s7spec.emulator.catalog.model import Membership, User
from s7spec.emulator.operations.authorisation import DOCUMENTED, authorise, role_of
from s7spec.emulator.operations.table import OPERATIONS
from s7spec.emulator.soap.faults import IpsFault
from tests.emulator.conftest import CONTRACT, V, Wire, make_catalog

if TYPE_CHECKING:
    from tests.emulator.conftest import Reply

FACTS = json.loads(
    (Path(__file__).parents[1] / "contract" / "data" / "ips_api.json").read_text(encoding="utf-8")
)
ROLES = FACTS["constants"]["User_Roles"]["values"]


def refused(operation: str, role: str) -> bool:
    try:
        authorise(operation, role)
    except IpsFault:
        return True
    return False


def test_the_fault_says_who_may_not_do_what() -> None:
    with pytest.raises(IpsFault, match=r"role ImagePortalUser .* operation submitJob") as caught:
        authorise("submitJob", "ImagePortalUser")
    assert (caught.value.element, int(caught.value.code)) == ("authorizationFault", 20003)


def test_the_table_has_every_operation_and_documented_roles_only() -> None:
    assert list(DOCUMENTED) == list(FACTS["operations"])
    assert set(DOCUMENTED) >= set(OPERATIONS)
    for roles in DOCUMENTED.values():
        assert roles <= set(ROLES)


# Lines copied as facts from pages that differ from each other, to hold the sets of the table.
@pytest.mark.parametrize(
    ("operation", "unlisted"),
    [
        ("checkLogin", {"WebServiceUser"}),
        ("submitJob", {"WebServiceUser", "ImagePortalUser"}),
        ("getJobLogDetails", {"WebServiceUser", "TrialSiteAdmin"}),
        ("searchAssetsByMetadata", {"WebServiceUser", "TrialSiteAdmin", "TrialSiteUser"}),
        ("getAssetsByName", {"WebServiceUser", "ImagePortalUser"}),
        ("getFolderTree", {"WebServiceUser", "ImagePortalAdmin", "ImagePortalUser"}),
        ("getProjects", {"WebServiceUser", "ImagePortalAdmin", "ImagePortalUser"}),
        ("moveAsset", {"WebServiceUser", "TrialSiteAdmin", "TrialSiteUser", "ImagePortalUser"}),
        (
            "saveImageFormat",
            set(ROLES) - {"IpsUser", "IpsAdmin", "IpsCompanyAdmin", "ImagePortalAdmin"},
        ),
    ],
)
def test_roles_that_are_refused(operation: str, unlisted: set[str]) -> None:
    assert {role for role in ROLES if refused(operation, role)} == unlisted


@pytest.mark.parametrize("role", ["IpsAdmin", "IpsCompanyAdmin", "IpsUser"])
@pytest.mark.parametrize("operation", DOCUMENTED)
def test_the_roles_of_a_company_may_do_everything(operation: str, role: str) -> None:
    assert not refused(operation, role)


@pytest.mark.parametrize("role", [*ROLES, "unheard of"])
def test_operations_without_a_page_are_open(role: str) -> None:
    assert not refused("uploadPost", role)


def user(*roles: str) -> User:
    """A member of company 1, 2, ... with these roles."""
    memberships = tuple(Membership(company=n, role=role) for n, role in enumerate(roles, 1))
    return User(email="a@example.com", password="x", memberships=memberships)


@pytest.mark.parametrize(
    ("roles", "handle", "role"),
    [
        (("IpsUser", "ImagePortalUser"), "c|1", "IpsUser"),
        (("IpsUser", "ImagePortalUser"), "c|2", "ImagePortalUser"),
        (("IpsUser", "ImagePortalUser"), None, "IpsUser"),
        (("IpsUser", "ImagePortalUser"), "c|3", "IpsUser"),
        (("IpsUser", "ImagePortalUser"), "", "IpsUser"),
        (("ImagePortalUser", "IpsAdmin"), "c|1", "IpsAdmin"),
    ],
)
def test_the_role_is_that_in_the_company(
    roles: tuple[str, ...], handle: str | None, role: str
) -> None:
    assert role_of(user(*roles), handle) == role


USERS = "users:\n" + "".join(
    f"  - {{email: {role}@example.com, password: demo, role: {role}}}\n" for role in ROLES
)


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    folder = tmp_path_factory.mktemp("authorisation")
    catalog = make_catalog(folder / "catalog")
    (catalog / "catalog.yaml").write_text(USERS)
    options = EmbeddedIpsOptions(catalog=catalog, data=folder / "data", contract=CONTRACT)
    with EmbeddedIps(options) as server:
        yield Wire(server.endpoint)


def called(wire: Wire, operation: str, role: str, children: str = "") -> Reply:
    header = (
        f'<a:authHeader xmlns:a="{V}"><a:user>{role}@example.com</a:user>'
        "<a:password>demo</a:password></a:authHeader>"
    )
    return wire.call(operation, children, header=header)


@pytest.mark.parametrize("role", ROLES)
def test_the_server_refuses_by_role(wire: Wire, role: str) -> None:
    reply = called(wire, "getImageFormats", role, "<companyHandle>c|110</companyHandle>")
    if refused("getImageFormats", role):
        assert reply.status == 500
        assert reply.fault[:2] == ("authorizationFault", 20003)
        assert reply.content.findtext("faultcode") == "soapenv:Client"
        assert reply.content.findtext("faultstring") == "AuthorizationException"
    else:
        assert reply.status == 200


def test_permission_comes_before_the_form_of_the_request(wire: Wire) -> None:
    assert called(wire, "submitJob", "ImagePortalUser", "<wrong/>").fault[1] == 20003
    assert called(wire, "submitJob", "IpsUser", "<wrong/>").fault[1] == 30003


def test_credentials_come_before_permission(wire: Wire) -> None:
    assert called(wire, "submitJob", "nobody").fault[1] == 10001
