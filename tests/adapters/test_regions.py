"""Which endpoint a region's name or a URL means."""

import subprocess
import sys

import pytest

from s7spec.adapters.ips_soap.regions import REGIONS, endpoint_for

SERVICE = "/scene7/services/IpsApiService"


@pytest.mark.parametrize(
    ("ips", "endpoint"),
    [
        ("na", f"https://s7sps1apissl.scene7.com{SERVICE}"),
        ("emea", f"https://s7sps3apissl.scene7.com{SERVICE}"),
        ("apac", f"https://s7sps5apissl.scene7.com{SERVICE}"),
        ("na-staging", f"https://s7sps1apissl-staging.scene7.com{SERVICE}"),
        ("emea-staging", f"https://s7sps3apissl-staging.scene7.com{SERVICE}"),
        ("apac-staging", f"https://s7sps5apissl-staging.scene7.com{SERVICE}"),
        ("http://127.0.0.1:8080", f"http://127.0.0.1:8080{SERVICE}"),
        ("http://127.0.0.1:8080/", f"http://127.0.0.1:8080{SERVICE}"),
        ("http://[::1]:8080", f"http://[::1]:8080{SERVICE}"),
        ("https://ips.example.com/own/path", "https://ips.example.com/own/path"),
        ("https://ips.example.com/own/path?x=1", "https://ips.example.com/own/path?x=1"),
    ],
)
def test_endpoint(ips: str, endpoint: str) -> None:
    assert endpoint_for(ips) == endpoint


def test_every_region_has_an_endpoint() -> None:
    endpoints = {endpoint_for(region) for region in REGIONS}
    assert len(endpoints) == len(REGIONS) == 6


@pytest.mark.parametrize(
    "ips",
    [
        "",
        "NA",
        "europe",
        "embedded",
        "ips.example.com",
        "ftp://ips.example.com",
        "file:///etc/passwd",
        "http://",
        "https:///path",
        "http://host:99999",
        "http://host:port",
        "http://[::1",
        "https://ips.example.com/a b",
        "https://ips.example.com/a\nb",
        "https://ips.example.com/#part",
        "https://ann:s3cret@ips.example.com/",
        "https://ann:s3cret@/",
    ],
)
def test_anything_else_is_refused_without_repeating_logins(ips: str) -> None:
    with pytest.raises(ValueError, match="IPS") as caught:
        endpoint_for(ips)
    assert "s3cret" not in str(caught.value)


def test_regions_and_limits_load_no_soap_library() -> None:
    program = (
        "import sys; import s7spec.adapters.ips_soap.regions; "
        "from s7spec.adapters.ips_soap import Timeouts; "
        "sys.exit(bool({'zeep', 'requests', 'lxml'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
