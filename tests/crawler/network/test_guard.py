"""The resolver hands on public addresses only, the middleware refuses the rest, and a sink proves that nothing connects."""

import pytest
from scrapy import Request
from twisted.internet.address import IPv4Address, IPv6Address

from cleaners.errors import NoticeError
from crawler.network.guard import Guard, GuardedResolver, RefusedRequest, refused_hosts


class Receiver:
    def __init__(self):
        self.addresses, self.began, self.complete = [], 0, 0

    def resolutionBegan(self, _resolution):
        self.began += 1

    def addressResolved(self, address):
        self.addresses.append(address)

    def resolutionComplete(self):
        self.complete += 1


class System:
    """A system resolver whose answers the test gives; it counts how often it is asked."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def resolveHostName(self, receiver, name, port=0, types=None, semantics="TCP"):
        self.asked.append(name)
        receiver.resolutionBegan(self)
        for host in self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]:
            receiver.addressResolved((IPv6Address if ":" in host else IPv4Address)("TCP", host, port))
        receiver.resolutionComplete()
        return self


class Reactor:
    def __init__(self, system):
        self.nameResolver = system

    def installNameResolver(self, resolver):
        self.nameResolver = resolver


def resolve(system, name="www.gov.cn", port=80):
    reactor, receiver = Reactor(system), Receiver()
    GuardedResolver.from_crawler(None, reactor).install_on_reactor()
    reactor.nameResolver.resolveHostName(receiver, name, port)
    assert (receiver.began, receiver.complete) == (1, 1)
    return [(address.host, address.port) for address in receiver.addresses]


@pytest.fixture(autouse=True)
def no_model(monkeypatch):
    monkeypatch.delenv("DIBAO_MODEL_WEB", raising=False)
    refused_hosts.clear()


def test_public_answers_pass():
    assert resolve(System(["114.114.114.114", "2400:3200::1"])) == [("114.114.114.114", 80), ("2400:3200::1", 80)]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "fd00::1", "100.64.1.1"]
)
def test_a_name_that_answers_with_a_private_address_has_no_address(host):
    assert resolve(System([host])) == []
    assert "not a public address" in refused_hosts["www.gov.cn"]


def test_of_mixed_answers_only_the_public_ones_pass():
    assert resolve(System(["10.0.0.1", "114.114.114.114"])) == [("114.114.114.114", 80)]


def test_an_answer_that_flips_is_judged_each_time():
    system = System(["114.114.114.114"], ["127.0.0.1"])
    assert resolve(system)
    assert resolve(system) == []


def test_the_models_names_get_their_address_and_port_and_never_reach_the_system(monkeypatch, tmp_path):
    file = tmp_path / "hosts.json"
    file.write_text('{"www.linshui.gov.example": "127.0.0.2:4711"}')
    monkeypatch.setenv("DIBAO_MODEL_WEB", str(file))
    system = System(["127.0.0.1"])
    assert resolve(system, "www.linshui.gov.example") == [("127.0.0.2", 4711)]
    assert system.asked == []
    assert resolve(system, "www.gov.cn") == []
    assert resolve(system, "other.example") == []


def test_a_request_that_may_not_be_sent_is_refused():
    with pytest.raises(RefusedRequest, match="not a public address"):
        Guard("a@example.org").process_request(Request("http://127.0.0.1/"))
    assert Guard("a@example.org").process_request(Request("http://www.gov.cn/")) is None


def test_without_a_contact_nothing_starts():
    with pytest.raises(NoticeError, match="DIBAO_CONTACT"):
        Guard("")


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/secret",
        "http://2130706433:{port}/secret",
        "http://[::ffff:127.0.0.1]:{port}/secret",
        "http://localhost:{port}/secret",
    ],
)
def test_a_redirect_inwards_is_recorded_and_reaches_nothing(server, crawl, http, target):
    port = server.address.rsplit(":", 1)[1]
    server.answers |= {"/tzgg/": http.listing("/a/1.html"), "/secret": http.reply("secret")}
    server.answers["/a/1.html"] = http.reply(status="302 Found", headers=[("Location", target.format(port=port))])
    ran = crawl()
    assert "/secret" not in server.paths()
    refused = [capture for capture in ran.captures() if capture.outcome == "refused"]
    assert [(capture.phase, capture.status) for capture in refused] == [("guard", None)]
