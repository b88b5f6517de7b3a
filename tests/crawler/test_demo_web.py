"""The model web's server: virtual hosts on loopback, its clock, its log, validators, encodings and faults."""

import gzip
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cleaners.errors import NoticeError
from crawler.demo.content import notices
from crawler.demo.web import Fault, ModelWeb

LINSHUI, YUNBEI, QINGYU = "www.linshui.gov.example", "www.yunbei.gov.example", "www.qingyu.gov.example"


@pytest.fixture
def web():
    with ModelWeb() as running:
        yield running


def connect(web, host):
    ip, port = web.hosts[host].split(":")
    return http.client.HTTPConnection(ip, int(port), timeout=10)


def ask(web, host, path, method="GET", body=None, **headers):
    connection = connect(web, host)
    try:
        connection.request(
            method, path, body=body, headers={"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        )
        response = connection.getresponse()
        return response.status, dict(response.headers), response.read()
    finally:
        connection.close()


def path_of(url):
    return "/" + url.split("/", 3)[3]


def test_hosts_are_served_by_name_on_loopback(web):
    assert all(address.startswith("127.0.0.") for address in web.hosts.values())
    assert "临水市人民政府" in ask(web, LINSHUI, "/")[2].decode()
    assert "云陂县人民政府" in ask(web, YUNBEI, "/")[2].decode()


def test_two_names_share_one_address(web):
    assert web.hosts["www.yunbei.gov.example"] == web.hosts["jtj.yunbei.gov.example"]
    assert web.hosts[LINSHUI] == web.hosts["m.linshui.gov.example"]


def test_a_port_in_the_host_header_does_no_harm(web):
    connection = connect(web, LINSHUI)
    connection.request("GET", "/robots.txt", headers={"Host": f"{LINSHUI}:80"})
    assert b"Disallow" in connection.getresponse().read()
    connection.close()


def test_an_unknown_host_is_not_found(web):
    connection = connect(web, LINSHUI)
    connection.request("GET", "/", headers={"Host": "www.other.example"})
    assert connection.getresponse().status == 404
    connection.close()


def test_a_connection_carries_many_exchanges(web):
    connection = connect(web, LINSHUI)
    for path in ("/robots.txt", "/zwgk/tzgg/", "/nothing"):
        connection.request("GET", path, headers={"Host": LINSHUI})
        connection.getresponse().read()
    assert connection.sock is not None
    connection.close()


def test_head_sends_no_body_and_the_same_length(web):
    status, headers, body = ask(web, LINSHUI, "/zwgk/tzgg/", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) == len(ask(web, LINSHUI, "/zwgk/tzgg/")[2])


def test_the_log_is_what_was_asked(web):
    ask(web, LINSHUI, "/robots.txt")
    ask(web, YUNBEI, "/no?x=1")
    assert web.log == [(LINSHUI, "GET", "/robots.txt", 200), (YUNBEI, "GET", "/no?x=1", 404)]


def test_the_clock_turns_while_it_runs(web):
    gone = next(notice for notice in notices(2) if notice.outcome == "missing")
    host, path = gone.url.split("/")[2], path_of(gone.url)
    assert ask(web, host, path)[0] == 200
    web.day = 2
    assert ask(web, host, path)[0] == 404


def test_the_clock_can_be_posted(web):
    assert ask(web, LINSHUI, "/-/clock", "POST", b"2")[0] == 200
    assert web.day == 2
    assert ask(web, LINSHUI, "/-/clock", "POST", b"soon")[0] == 400
    assert web.day == 2


def test_a_form_pages_the_hanweb_list(web):
    form = b"columnid=1201&startrecord=15&endrecord=28&perpage=14"
    status, headers, body = ask(web, YUNBEI, "/module/web/jpage/dataproxy.jsp", "POST", form)
    assert (status, headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert body.count(b"<record>") == 14


def test_one_site_sends_gzip_to_those_who_take_it(web):
    path = "/col/col1201/index.html"
    plain, zipped = ask(web, YUNBEI, path), ask(web, YUNBEI, path, Accept_Encoding="gzip")
    assert "Content-Encoding" not in plain[1]
    assert zipped[1]["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped[2]) == plain[2]


def test_validators_hold_while_a_page_is_unchanged(web):
    notice = next(notice for notice in notices(1) if notice.site == "linshui" and notice.outcome == "ok")
    path = path_of(notice.url)
    _, headers, _ = ask(web, LINSHUI, path)
    web.day = 2
    for condition in ({"If_None_Match": headers["ETag"]}, {"If_Modified_Since": headers["Last-Modified"]}):
        status, again, body = ask(web, LINSHUI, path, **condition)
        assert (status, body) == (304, b"")
        assert again["ETag"] == headers["ETag"]
    assert ask(web, LINSHUI, path, If_None_Match='"other"')[0] == 200


def test_sites_without_validators_send_none(web):
    notice = next(notice for notice in notices(1) if notice.site == "qingyu")
    headers = ask(web, QINGYU, path_of(notice.url))[1]
    assert "ETag" not in headers
    assert "Last-Modified" not in headers


def test_a_server_of_gbk_pages_declares_no_charset(web):
    assert ask(web, "jtj.yunbei.gov.example", "/tzgg.htm")[1]["Content-Type"] == "text/html"


def test_many_clients_at_once(web):
    results = []
    threads = [threading.Thread(target=lambda: results.append(ask(web, LINSHUI, "/zwgk/zfwj/")[0])) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 16


def test_a_fault_replaces_the_status_and_adds_headers(web):
    web.faults[LINSHUI, "/zwgk/tzgg/"] = Fault(status=503, headers=(("Retry-After", "1"),))
    status, headers, _ = ask(web, LINSHUI, "/zwgk/tzgg/")
    assert (status, headers["Retry-After"]) == (503, "1")
    assert web.log[-1][3] == 503


def test_a_fault_cuts_the_body_short(web):
    web.faults[LINSHUI, "/zwgk/tzgg/"] = Fault(cut_at=100)
    with pytest.raises(http.client.IncompleteRead) as cut:
        ask(web, LINSHUI, "/zwgk/tzgg/")
    assert len(cut.value.partial) == 100


def test_a_fault_can_delay(web):
    web.faults[LINSHUI, "/robots.txt"] = Fault(delay=30)
    connection = connect(web, LINSHUI)
    connection.timeout = 0.2
    connection.request("GET", "/robots.txt", headers={"Host": LINSHUI})
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()


def test_a_fault_can_pass_away(web):
    web.faults[LINSHUI, "/robots.txt"] = Fault(status=500, times=2)
    assert [ask(web, LINSHUI, "/robots.txt")[0] for _ in range(3)] == [500, 500, 200]


def test_hosts_file_is_what_the_resolver_reads(web, tmp_path):
    web.write_hosts(tmp_path / "hosts.json")
    assert json.loads((tmp_path / "hosts.json").read_text()) == web.hosts


def test_ports_are_given_back():
    with ModelWeb() as web:
        ip, port = web.hosts[LINSHUI].split(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((ip, int(port)), timeout=5)


def test_a_taken_port_is_named():
    with ModelWeb() as web:
        port = int(web.hosts[LINSHUI].rsplit(":", 1)[1])
        with pytest.raises(NoticeError, match=f":{port}"):
            ModelWeb(port=port)


def test_it_runs_alone_until_it_is_told_to_stop(tmp_path):
    hosts = tmp_path / "hosts.json"
    command = [sys.executable, "-m", "crawler.demo.web", "--day", "2", "--hosts", str(hosts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        try:
            assert process.stdout.readline().startswith("ready:")
            ip, port = json.loads(hosts.read_text())[LINSHUI].split(":")
            connection = http.client.HTTPConnection(ip, int(port), timeout=10)
            connection.request("GET", "/robots.txt", headers={"Host": LINSHUI})
            assert connection.getresponse().status == 200
            connection.close()
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
