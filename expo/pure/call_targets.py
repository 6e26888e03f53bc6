"""Where a call to an address that somebody else chose may go: nobody may reach our own network through it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from expo.errors import Invalid

MAX_URL_LENGTH = 2000
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IPv6 addresses that contain the IPv4 address that is really called (RFC 6052), in their last four bytes.
_TRANSLATED = ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Target:
    """Where a call goes, taken from its URL."""

    scheme: str
    host: str
    port: int
    # The path with its query.
    path: str

    @property
    def host_header(self) -> str:
        """The value of the Host header: the port only if it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"https": 443, "http": 80}[self.scheme] else f"{host}:{self.port}"


def read_url(url: str, *, needs_https: bool) -> Target:
    """Return the parts of a webhook's URL. Raises Invalid `webhook_url_invalid` or `webhook_url_insecure`."""
    url = url.strip()
    is_plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid("webhook_url_invalid", field="url") from None
    is_good = is_plain and len(url) <= MAX_URL_LENGTH and parts.scheme in {"http", "https"} and parts.hostname
    if not is_good or parts.username is not None or parts.password is not None or port == 0:
        raise Invalid("webhook_url_invalid", field="url")
    if needs_https and parts.scheme != "https":
        raise Invalid("webhook_url_insecure", field="url")
    path = parts.path or "/"
    return Target(
        scheme=parts.scheme,
        host=str(parts.hostname),
        port=port or {"https": 443, "http": 80}[parts.scheme],
        path=f"{path}?{parts.query}" if parts.query else path,
    )


def choose_address(found: Sequence[str], allowed: Iterable[Network] = ()) -> str:
    """Return the address to connect to. Raises Invalid `webhook_address_private` unless every address is public.

    A name with a public and a private address is refused too, since which one answers is up to its owner. `allowed`
    networks may be private.
    """
    networks = tuple(allowed)
    addresses = [ip_address(each.partition("%")[0]) for each in found]
    if not addresses or not all(_is_allowed(each, networks) for each in addresses):
        raise Invalid("webhook_address_private", field="url")
    return str(addresses[0])


def _is_allowed(address: Address, networks: Sequence[Network]) -> bool:
    if any(address in each for each in networks):
        return True
    return all(each.is_global and not each.is_multicast and not each.is_reserved for each in _unwrap(address))


def _unwrap(address: Address) -> list[Address]:
    """Return the addresses that a call may really go to."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _TRANSLATED:
        return [IPv4Address(address.packed[-4:])]
    inner: list[Address] = [address]
    if address.sixtofour is not None:
        inner.append(address.sixtofour)
    if address.teredo is not None:
        inner.extend(address.teredo)
    return inner


def read_networks(text: str) -> tuple[Network, ...]:
    """Return networks separated by commas, such as `10.1.0.0/16, fd00::/8`. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
