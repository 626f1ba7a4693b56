"""Login, company and users."""

from __future__ import annotations

from s7spec.emulator.authentication import password_fits
from s7spec.emulator.catalog.model import Company
from s7spec.emulator.operations.call import Answer, Call
from s7spec.emulator.soap.faults import FaultCode, IpsFault, invalid_parameter, missing_parameter
from s7spec.emulator.soap.writing import Reply


def check_login(call: Call) -> Answer:
    """A wrong password is an answer and no fault; the caller itself is already authenticated."""
    call.company()
    user = call.catalog.user(call.params.required("email"))
    fits = password_fits(user, call.params.text("password") or "")
    return Answer(reply={"status": "ValidLogin" if fits else "InvalidLogin"})


def get_company_info(call: Call) -> Answer:
    name = call.params.text("companyName")
    if call.params.text("companyHandle") is not None:
        company = call.company()
        if name is not None and name != company.name:
            raise IpsFault(FaultCode.INVALID_COMPANY, f"{company.handle} is not called {name!r}")
    elif name is not None:
        named = (one for one in call.catalog.companies if one.name == name)
        company = call.open_company(next(named, None), f"company {name!r}")
    else:
        raise missing_parameter("one of companyHandle and companyName is needed")
    if call.params.text("imsOrgId"):
        raise invalid_parameter("imsOrgId: this server knows no IMS organisations")
    return Answer(reply={"companyInfo": _company(company)})


def get_company_membership(call: Call) -> Answer:
    user = call.user("userHandle")
    memberships = [
        {"company": _company(company), "role": one.role, "isActive": one.is_active}
        for one in user.memberships
        if (company := call.catalog.company(one.company)) is not None
    ]
    return Answer(reply={"membershipArray": memberships})


def get_user_info(call: Call) -> Answer:
    user = call.user("userHandle")
    email = call.params.text("email")
    if email:
        found = call.catalog.user(email)
        if found is None:
            raise IpsFault(FaultCode.INVALID_REQUEST_USER, f"email: there is no user {email!r}")
        user = found
    info = {
        "userHandle": user.handle,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "email": user.email,
        "defaultRole": user.memberships[0].role,
        "isValid": user.is_valid,
        "isIpsAdmin": user.is_ips_admin,
    }
    return Answer(reply={"userInfo": info})


def _company(company: Company) -> Reply:
    return {
        "companyHandle": company.handle,
        "name": company.name,
        "rootPath": company.root_path,
        "expires": company.expires,
    }
