"""The one client that leaves the house: what it may call, and what it does with the answer."""

import socket
import time
from ipaddress import ip_address

import pytest

from lawgov.notifications import outbound

HOST = "robot.example.com"

REFUSED_URLS = [
    "http://robot.example.com/",
    "https://other.example.com/",
    "https://sub.robot.example.com/",
    "https://robot.example.com.evil.test/",
    "https://user@robot.example.com/",
    "https://robot.example.com@evil.test/",
    "https://user:pass@robot.example.com/",
    "https://robot.example.com:8443/",
    "https://robot.example.com:99999/",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://localhost/",
    "https://169.254.169.254/latest/meta-data/",
    "https://metadata.google.internal/",
    "https://robot.example.com\\@evil.test/",
    "https://robot。example。com/",
    "https://ｒobot.example.com/",
    "https://xn--robt-1na.example.com/",
    "https://robot.example.com/a b",
    "https://robot.example.com/\r\nX: y",
    "file:///etc/passwd",
    "gopher://robot.example.com/",
    "ftp://robot.example.com/",
    "//robot.example.com/",
    "robot.example.com",
    "https://",
    "",
    "http://127.0.0.1:80/",
]

INNER = [
    "127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "172.31.255.254", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1",
    "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
    "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
]  # fmt: skip


@pytest.fixture(autouse=True)
def listed(settings):
    settings.OUTBOUND_HOSTS, settings.OUTBOUND_RELAYS = [HOST], []
    settings.OUTBOUND_NETWORKS = []


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_addresses_that_may_not_be_called(url):
    with pytest.raises(outbound.Refused):
        outbound.post(url, b"", {})


@pytest.mark.parametrize(
    "url", [f"https://{HOST}/x?key=1", f"https://{HOST}:443/", f"https://{HOST}./"]
)
def test_listed_hosts_may_be_called(url):
    outbound.check(url)


@pytest.mark.parametrize("address", INNER)
def test_a_listed_name_that_points_inside_is_not_called(address, monkeypatch):
    made = []
    monkeypatch.setattr(outbound, "resolve", lambda *given: [ip_address(address)])
    monkeypatch.setattr("socket.create_connection", lambda *given: made.append(given))
    with pytest.raises(outbound.Refused):
        outbound.post(f"https://{HOST}/", b"", {})
    assert not made, "no connection is made"


def test_control_without_the_look_at_addresses_the_inside_would_be_called(monkeypatch):
    made = []

    def connect(where, *rest):
        made.append(where)
        raise OSError("far enough")

    monkeypatch.setattr(outbound, "resolve", lambda *given: [ip_address("10.1.2.3")])
    monkeypatch.setattr(outbound, "is_public", lambda address: True)
    monkeypatch.setattr("socket.create_connection", connect)
    with pytest.raises(outbound.Failed):
        outbound.post(f"https://{HOST}/", b"", {})
    assert made == [("10.1.2.3", 443)]


def test_a_name_with_one_inner_address_among_others_is_not_called():
    with pytest.raises(outbound.Refused):
        outbound.allowed([ip_address("93.184.216.34"), ip_address("10.0.0.1")])


def test_networks_that_the_operator_lists_may_be_called(settings):
    settings.OUTBOUND_NETWORKS = ["10.1.0.0/16"]
    assert str(outbound.allowed([ip_address("10.1.2.3")])) == "10.1.2.3"
    with pytest.raises(outbound.Refused):
        outbound.allowed([ip_address("10.2.2.3")])


def test_a_name_that_changes_its_mind_meets_the_check_at_the_connection(
    sink, monkeypatch, settings
):
    """The resolver says a public address, the socket ends up inside: the peer is looked at."""
    settings.OUTBOUND_HOSTS, settings.OUTBOUND_RELAYS = [f"{HOST}:{sink.port}"], []
    create = socket.create_connection
    monkeypatch.setattr(outbound, "resolve", lambda *given: [ip_address("93.184.216.34")])
    monkeypatch.setattr(
        "socket.create_connection", lambda where, *rest: create(("127.0.0.1", sink.port), *rest)
    )
    with pytest.raises(outbound.Refused):
        outbound.post(f"https://{HOST}:{sink.port}/", b"", {})
    assert not sink.calls


def test_a_relay_on_this_machine_is_called_without_tls_only_when_listed(sink, settings):
    assert outbound.post(sink.url, b"{}", {}).status == 200
    settings.OUTBOUND_RELAYS = []
    with pytest.raises(outbound.Refused):
        outbound.post(sink.url, b"{}", {})
    assert len(sink.calls) == 1


def test_redirects_are_not_followed(sink):
    sink.answers = [(302, b"", {"Location": sink.url})]
    assert outbound.post(sink.url, b"{}", {}).status == 302
    assert len(sink.calls) == 1


def test_a_long_answer_is_cut_off(sink):
    sink.answers = [(200, b"x" * (outbound.LARGEST + 1), {})]
    with pytest.raises(outbound.Failed, match="longer"):
        outbound.post(sink.url, b"{}", {})
    sink.answers = [(200, b"x" * outbound.LARGEST, {})]
    assert len(outbound.post(sink.url, b"{}", {}).body) == outbound.LARGEST


def test_a_slow_answer_is_given_up(sink, monkeypatch):
    monkeypatch.setattr(outbound, "SECONDS", 0.2)
    sink.delay = 0.8
    with pytest.raises(outbound.Failed):
        outbound.post(sink.url, b"{}", {})


def test_no_proxy_of_the_environment_is_used(sink, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    assert outbound.post(sink.url, b"{}", {}).status == 200


def test_a_name_nobody_knows_fails_and_says_so(monkeypatch):
    def unknown(*given, **more):
        raise OSError("Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    with pytest.raises(outbound.Failed, match="not known"):
        outbound.post(f"https://{HOST}/", b"", {})


def test_a_resolver_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *given, **more: time.sleep(1) or [])
    monkeypatch.setattr(outbound, "SECONDS", 0.1)
    with pytest.raises(outbound.Failed, match="in time"):
        outbound.post(f"https://{HOST}/", b"", {})
