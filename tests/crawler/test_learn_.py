"""`dibao learn`: counts, proposes, lists, pins and unpins."""

import json

from click.testing import CliRunner

from archive import Archive
from crawler.cli import main

MENU = ("北岸政务一览", "北岸掌上办事", "北岸便民地图", "北岸热线为您服务")
PAGE = """<html><head><title>关于{place}第{number}段维修的通知</title></head><body><h1>关于{place}第{number}段维修的通知</h1>
<div class=content><p>根据今年第{number}次会议的安排，{place}周边道路将于近期维修，请过往车辆注意绕行，给您带来不便，敬请谅解。</p>{menu}</div></body></html>"""


def run(*arguments, code=0):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result


def test_learned_pinned_and_in_force_with_the_next_rebuild(tmp_path):
    db, folder = tmp_path / "a.db", tmp_path / "pages"
    folder.mkdir()
    menu = "".join(f"<p>{line}</p>" for line in MENU)
    for number in range(32):
        (folder / f"{number}.html").write_text(PAGE.format(place="东西南北"[number % 4] + "湖", number=number, menu=menu), "utf-8")
        (folder / f"{number}.json").write_text(json.dumps({"url": f"https://www.linshui.gov.example/tzgg/{number}.html"}), "utf-8")
    run("import", folder, "--db", db)
    with Archive.open(db) as archive:
        archive.keep_site("linshui")
        with archive.write() as connection:
            connection.execute("update addresses set site = 'linshui'")
            connection.execute("update captures set site = 'linshui'")
    assert "4 lines newly proposed" in run("learn", "--db", db).stderr
    run("learn", "unpin", MENU[0], "--site", "linshui", "--db", db)
    run("learn", "pin", "返回北岸首页", "--site", "linshui", "--db", db)
    assert "own words" in run("learn", "pin", "临水市水利局", "--site", "linshui", "--db", db, code=2).stderr
    run("learn", "pin", "返回北岸首页", "--db", db, code=2)
    listed = run("learn", "list", "--db", db).stdout
    assert "32/32" in listed
    assert "www.linshui.gov.example/tzgg/" in listed or "www.linshui.gov.example density" in listed
    run("rebuild", "--site", "linshui", "--db", db, "--jobs", "0")
    known = {row["line"]: row for row in json.loads(run("learn", "list", "--json", "--db", db).stdout)}
    assert {line: (row["state"], row["in_force"]) for line, row in known.items()} == {
        MENU[0]: ("unpinned", False),
        **dict.fromkeys(MENU[1:], ("active", True)),
        "返回北岸首页": ("pinned", True),
    }
    with Archive.open(db) as archive:
        assert archive.count(MENU[1]) == 32  # the first one, which was unpinned, sets three apart from the text: they may be its own
