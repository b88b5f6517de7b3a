"""`dibao probe` over loopback: home pages, lists that are frames, what is not content, and saved pages."""

import json
import re
from pathlib import Path

from click.testing import CliRunner

from crawler.cli import main
from crawler.demo.content import notices
from crawler.demo.pages import answer
from crawler.demo.pages.exchange import Request

HOST = "www.linshui.gov.example"
LIST = f"http://{HOST}/zwgk/tzgg/"
DOCS = Path(__file__).parents[2] / "docs" / "probe.md"


def probe(*words):
    return CliRunner().invoke(main, ["probe", *words])


def told(*words):
    result = probe(*words, "--json")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return json.loads(result.output)


def page(host, path):
    return answer(Request(host, path, path, "GET", {}), 1).body


def test_a_home_page_leads_to_its_columns(web):
    found = told(f"http://{HOST}/", "--delay", "0.01")
    assert found["kind"] == "home"
    columns = {candidate["name"]: candidate for candidate in found["candidates"]}
    assert columns["通知公告"]["url"] == LIST
    assert ["type", "政策文件"] in columns["政府文件"]["evidence"]
    assert ["list", "12"] in columns["政府文件"]["evidence"]
    assert "dibao add http" in found["next_step"]
    assert len([entry for entry in web.log if entry[0] == HOST]) <= 10


def test_a_frame_is_followed_to_its_rows_and_on_to_its_second_page(web):
    found = told("http://www.linglan.gov.example/gkmlpt/index#508", "--delay", "0.01")
    assert (found["kind"], found["listing"]["family"], found["column"]) == ("listing", "gkmlpt", "规范性文件")
    assert len(found["listing"]["entries"]) == 10
    assert found["second"]["fresh"] == 10
    assert found["notice"]["text"]


def test_what_is_not_content_is_said_with_what_to_do(web, monkeypatch):
    challenged = next(notice.url for notice in notices(2) if notice.outcome == "challenge")
    monkeypatch.setattr(web, "day", 2)
    result = probe(challenged, "--delay", "0.01")
    assert result.exit_code == 1
    assert "人机验证页 challenge" in result.output
    assert "不要绕过" in result.output


def test_nobody_is_asked_anonymously(web, monkeypatch):
    monkeypatch.delenv("DIBAO_CONTACT")
    result = probe(LIST)
    assert result.exit_code == 2
    assert "No contact" in result.output


def test_a_saved_page_asks_for_nothing(web, tmp_path):
    saved, before = tmp_path / "list.html", len(web.log)
    saved.write_bytes(page(HOST, "/zwgk/tzgg/"))
    found = told(str(saved), "--url", LIST)
    assert (found["kind"], found["listing"]["family"], found["column"], found["division_code"]) == ("listing", "trs", "通知公告", "990100")
    assert found["listing"]["next"]["url"] == LIST + "index_1.html"
    assert len(told(str(saved))["listing"]["entries"]) == 12  # without an address too
    assert len(web.log) == before
    assert "no such" in probe(str(tmp_path / "none.html")).output.lower()


def test_a_saved_notice_leads_to_its_column(tmp_path):
    notice = next(one for one in notices(1) if one.site == "linshui" and one.outcome == "ok" and "/zwgk/tzgg/" in one.url)
    saved = tmp_path / "notice.html"
    saved.write_bytes(page(HOST, notice.url.removeprefix(f"http://{HOST}")))
    found = told(str(saved), "--url", notice.url)
    assert found["kind"] == "notice"
    assert found["notice"]["title"] == notice.title
    assert found["column_url"] == LIST
    assert LIST in probe(str(saved), "--url", notice.url).output


def test_the_documented_look_at_a_column_is_what_is_shown(web):
    shown = re.search(r"```console\n\$ dibao probe (\S+/zfwj/) --delay 0.1\n(.*?)\n```", DOCS.read_text("utf-8"), re.DOTALL)
    assert probe(shown[1], "--delay", "0.1").output.strip() == shown[2].strip()
