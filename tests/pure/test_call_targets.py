"""Which addresses may be called for somebody else: only public ones, however they are written."""

import pytest

from expo.errors import Invalid
from expo.pure.call_targets import choose_address, read_networks, read_url

PRIVATE = (
    "127.0.0.1",
    "10.0.0.5",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.5",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2002:a00:5::1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_address_when_private_in_any_spelling_then_refused(address: str) -> None:
    with pytest.raises(Invalid, match="webhook_address_private"):
        choose_address([address])


def test_address_when_one_of_several_is_private_or_none_found_then_refused() -> None:
    for found in (["93.184.215.14", "10.0.0.5"], []):
        with pytest.raises(Invalid, match="webhook_address_private"):
            choose_address(found)


def test_address_when_public_or_in_an_allowed_network_then_chosen() -> None:
    assert choose_address(["93.184.215.14", "2606:2800:21f::1"]) == "93.184.215.14"
    assert choose_address(["2606:2800:21f::1"]) == "2606:2800:21f::1"
    assert choose_address(["10.1.2.3"], read_networks("10.1.0.0/16, fd00::/8")) == "10.1.2.3"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "crm.example.com",
        "ftp://crm.example.com",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@crm.example.com",
        "https://user@crm.example.com",
        "https://crm.example.com:0/",
        "https://crm.example.com:99999/",
        "https://crm.example.com/a b",
        "https://crm.example.com/\r\nX: y",
        "https://crm.example.com\\@evil.example",
        "https://例子.example",
        "https://[::1",
        "https://crm.example.com/" + "x" * 2000,
    ],
)
def test_url_when_not_plainly_an_address_then_refused(url: str) -> None:
    with pytest.raises(Invalid, match="webhook_url_invalid"):
        read_url(url, needs_https=False)


def test_url_when_read_then_its_parts_and_http_only_where_allowed() -> None:
    target = read_url(" https://CRM.example.com:8443/hook?key=1#x ", needs_https=True)

    assert (target.host, target.port, target.path) == ("crm.example.com", 8443, "/hook?key=1")
    assert target.host_header == "crm.example.com:8443"
    assert read_url("https://[2606:2800:21f::1]", needs_https=True).host_header == "[2606:2800:21f::1]"
    assert read_url("http://crm.example.com", needs_https=False).path == "/"
    with pytest.raises(Invalid, match="webhook_url_insecure"):
        read_url("http://crm.example.com", needs_https=True)
