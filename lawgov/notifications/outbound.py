"""The one HTTP client that leaves the house: to listed hosts, over TLS, one short answer.

Addresses come from people, so nothing of them is trusted: the host must be on the operator's
list, the address it resolves to is looked at when the connection is made (a name that changes
its mind in between changes nothing), redirects are not followed and no proxy of the environment
is used. Robustness guide, rule 27.
"""

from __future__ import annotations

import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

SECONDS = 5.0  # for everything: name, connection, answer
LARGEST = 64 * 1024  # bytes of an answer
PORTS = {"https": 443, "http": 80}

Address = IPv4Address | IPv6Address


class Refused(Exception):
    """The address may not be called; said before anything is sent."""


class Failed(Exception):
    """The call was made and did not come to a good end; whether it took effect is unknown."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, at most LARGEST bytes, and Retry-After where it was said."""

    status: int
    body: bytes
    retry_after: str = ""


def check(url: str) -> SplitResult:
    """The parts of an address that may be called; Refused says why it may not."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise Refused(_("不是一个完整的网址")) from error
    host = (parts.hostname or "").rstrip(".")
    if not host or not url.isascii() or not url.isprintable() or " " in url:
        raise Refused(_("不是一个完整的网址"))
    if parts.username is not None or parts.password is not None:
        raise Refused(_("网址里不能带账号和口令"))
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_relay(host, port)):
        raise Refused(_("只能用 https 网址"))
    if not _is_listed(host, port, parts.scheme):
        raise Refused(
            _("没有允许访问 %(host)s，请系统管理员把它写进 OUTBOUND_HOSTS") % {"host": host}
        )
    return parts


def _is_listed(host: str, port: int, scheme: str) -> bool:
    """Listed as `host`, which means the usual port, or as `host:port`."""
    listed = {entry.lower() for entry in settings.OUTBOUND_HOSTS}
    return f"{host}:{port}" in listed or (port == PORTS[scheme] and host in listed)


def _is_relay(host: str, port: int) -> bool:
    """Without TLS only to a program on this machine that the operator named as such."""
    try:
        here = ip_address(host).is_loopback
    except ValueError:
        return False
    return here and f"{host}:{port}" in settings.OUTBOUND_RELAYS


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send `body`; any status is an answer. Raises Refused before and Failed during the call."""
    parts = check(url)
    until = time.monotonic() + SECONDS
    host = (parts.hostname or "").rstrip(".")
    connection = _Connection(host, parts.port or PORTS[parts.scheme], parts.scheme, until)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    try:
        connection.request("POST", path, body, {"User-Agent": "lawgov", **headers})
        answer = connection.getresponse()
        later = answer.getheader("Retry-After", "")
        return Answer(answer.status, _read(answer, connection), later)
    except (OSError, http.client.HTTPException, ssl.SSLError) as error:
        raise Failed(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()


def _read(answer: http.client.HTTPResponse, connection: _Connection) -> bytes:
    found = bytearray()
    while True:
        connection.wait()
        part = answer.read1(8192)
        if not part:
            return bytes(found)
        found += part
        if len(found) > LARGEST:
            raise Failed(f"the answer is longer than {LARGEST} bytes")


class _Connection(http.client.HTTPConnection):
    """To one checked address of the host, with one deadline over all steps."""

    def __init__(self, host: str, port: int, scheme: str, until: float) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.default_port = PORTS[scheme]
        self._scheme, self._until = scheme, until
        self._raw: socket.socket | None = None

    def connect(self) -> None:
        found = allowed(resolve(self.host, self.port, self._left()), loopback=self._is_relay())
        self.sock = socket.create_connection((str(found), self.port), self._left())
        peer = ip_address(self.sock.getpeername()[0])
        allowed([peer], loopback=self._is_relay())
        if self._scheme == "https":
            self.sock.settimeout(self._left())
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        self._raw = self.sock  # an answer without a length outlives `sock`
        self.wait()

    def _is_relay(self) -> bool:
        return _is_relay(self.host, self.port)

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        return left

    def wait(self) -> None:
        """The next step may take as long as is left of the whole."""
        left = self._left()
        if self._raw is not None:
            self._raw.settimeout(left)


def resolve(host: str, port: int, seconds: float) -> list[Address]:
    """The addresses of a name, asked in a thread: the system's resolver knows no time limit."""
    answers: queue.Queue[list[Address] | OSError] = queue.Queue(1)

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([ip_address(str(row[4][0]).partition("%")[0]) for row in found])
        except OSError as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("the name was not resolved in time") from None
    if isinstance(found, OSError):
        raise found
    return found


def allowed(addresses: list[Address], *, loopback: bool = False) -> Address:
    """The first address, if all of them may be called; Refused names one that may not.

    All of them: a name that points inside with one of its addresses is not to be trusted.
    """
    for address in addresses:
        plain = _unwrapped(address)
        listed = any(plain in ip_network(net) for net in settings.OUTBOUND_NETWORKS)
        if not (is_public(plain) or listed or (loopback and plain.is_loopback)):
            raise Refused(_("%(address)s 是内部地址，没有放行") % {"address": address})
    if not addresses:
        raise Failed("the name has no address")
    return addresses[0]


def is_public(address: Address) -> bool:
    """An address of the open internet that is one machine's."""
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def _unwrapped(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that only carries it."""
    if isinstance(address, IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if address.teredo:
            carried = address.teredo[1]
        if address in ip_network("64:ff9b::/96"):
            carried = IPv4Address(int(address) & 0xFFFFFFFF)
        return carried or address
    return address
