"""While one page is written, however long that takes, others come; a page beyond all measure ends no run and is kept whole."""

SLOW = """
import threading
from archive.store import Archive
from crawler import run
from crawler.site_run import SiteRun
came, slow = threading.Event(), []
read, keep = Archive.read, SiteRun.keep
def hard_to_write(self, capture, notice, **more):
    if not slow:
        came.clear()
        slow.append(came.wait(20))
    return read(self, capture, notice, **more)
def coming(self, capture, *given, **more):
    came.set()
    return keep(self, capture, *given, **more)
Archive.read, SiteRun.keep = hard_to_write, coming
code = run.main()
assert slow == [True]
raise SystemExit(code)
"""


def test_pages_come_while_one_is_written(server, crawl, http):
    paths = [f"/a/{number}.html" for number in range(8)]
    server.answers |= {"/tzgg/": http.listing(*paths)} | {path: http.reply(http.page(number)) for number, path in enumerate(paths)}
    ran = crawl(site=http.site.replace("delay = 0.05", "delay = 0.3"), code=SLOW)
    assert (ran.code, ran.outcome) == (0, "complete"), ran.log
    assert ran.rows("select count(*) from notices") == [(8,)]


def test_what_is_beyond_all_measure_is_kept_whole_read_in_part_and_harms_no_other(server, crawl, http):
    text = "".join(chr(0x4E00 + number % 3001) for number in range(260_000))
    files = "".join(f'<p><a href="/f/{number}.doc">附件{number}.doc</a></p>' for number in range(300))
    pages = {
        "/a/1.html": http.page(1, text),
        "/a/2.html": http.page(2).replace("</div>", f"{files}</div>"),
        "/a/3.html": http.page(3),
    }
    server.answers |= {"/tzgg/": http.listing(*pages)} | {path: http.reply(body) for path, body in pages.items()}
    ran = crawl(site=http.site.replace("delay = 0.05", "delay = 0\nattachments = 'list'"))
    assert ran.outcome == "complete", ran.reason
    found = ran.by_path()
    assert {path: found[path][0].body.decode() for path in pages} == pages
    flags = dict(ran.rows("select a.url, r.flags from readings r join captures c on c.id = r.capture join addresses a on a.id = c.address"))
    assert {url.rsplit("/", 1)[-1]: "too_long" in kept for url, kept in flags.items()} == {"1.html": True, "2.html": False, "3.html": False}
    assert ran.rows("select count(*) from attachments") == [(300,)]


def test_a_list_of_many_rows_is_taken_no_faster_than_it_can_be_kept(server, crawl, http):
    listed = "".join(
        f"<li><a href='/a/{number}.html'>关于做好第{number}项工作的通知</a><span>2026-03-01</span></li>" for number in range(900)
    )
    server.answers["/tzgg/"] = http.reply(f"<html><body><ul class='list'>{listed}</ul></body></html>")
    counting = (
        "from crawler import batch, run\nput, most = batch.Batch.put, [0]\n"
        "def counted(self, *given, **more):\n    put(self, *given, **more)\n    most[0] = max(most[0], self._steps)\n"
        "batch.Batch.put = counted\nrun.main()\nassert most[0] < batch.STEPS + 64, most"
    )
    ran = crawl(site=http.site.replace("delay = 0.05", "delay = 0"), code=counting, DIBAO_BUDGET="5")
    assert ran.code == 0, ran.log
    assert ran.outcome == "incomplete"
    assert ran.rows("select count(*) from entries") == [(900,)]
    assert ran.rows("select count(*) > 800 from frontier") == [(1,)]
