"""PDF: text of its pages in order, and an honest word on what is missing."""

from __future__ import annotations

import zlib

import pytest

from cleaners.attachments import read, read_here

FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0"
    b"/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000/FontDescriptor<</Type/FontDescriptor"
    b"/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>]>>"
)
PICTURE = b"q 500 0 0 700 40 60 cm /I Do Q\n"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def shown(*lines: tuple[float, float, str], size: float = 16) -> bytes:
    """Show lines at (x, y), each character as wide as high."""
    return b"".join(b"BT /F %g Tf %g %g Td <%s> Tj ET\n" % (size, x, y, text.encode("utf-16-be").hex().encode()) for x, y, text in lines)


def pdf(*pages: bytes, trailer: bytes = b"") -> bytes:
    """Write a document of pages with these contents (bytes, or a whole stream)."""
    picture = stream(b"\xff" * 64, b"/Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8")
    objects, kids = [b"<</Type/Catalog/Pages 2 0 R>>", b"", FONT, picture], []
    for page in pages:
        objects.append(page if page.startswith(b"<<") else stream(page))
        resources = b"<</Font<</F 3 0 R>>/XObject<</I 4 0 R>>>>"
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources%s>>" % (len(objects), resources))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    body, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Root 1 0 R/Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(body))
    return bytes(body) + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, end)


NOTICE = shown(
    (150, 750, "关于做好防汛工作的通知"),
    (60, 700, "各县（区）人民政府："),
    (92, 670, "为做好今年防汛工作，保障人民群众生命财产安全和社会稳定"),
    (60, 640, "大局，根据有关规定，现就有关事项通知如下，请你们认真贯彻执行。"),
    (60, 610, "执行中的问题请及时报告。"),
    (92, 580, "一、压实责任。各地要落实行政首长负责制，细化工作措施，"),
    (60, 550, "做到守土有责。"),
    (300, 500, "临水市人民政府"),
    (300, 470, "2031年5月7日"),
)
PARAGRAPHS = [
    "关于做好防汛工作的通知",
    "各县（区）人民政府：",
    "为做好今年防汛工作，保障人民群众生命财产安全和社会稳定大局，根据有关规定，现就有关事项通知如下，请你们认真贯彻执行。执行中的问题请及时报告。",
    "一、压实责任。各地要落实行政首长负责制，细化工作措施，做到守土有责。",
    "临水市人民政府",
    "2031年5月7日",
]


def test_lines_of_one_paragraph_are_joined_and_others_are_not():
    found = read(pdf(NOTICE))
    assert found.text.split("\n") == PARAGRAPHS
    assert (found.pages, found.media_type, found.flags, found.reason) == (1, "application/pdf", (), "")


@pytest.mark.parametrize(
    ("angle", "matrix"), [(0, b""), (90, b"0 1 -1 0 842 0 cm "), (180, b"-1 0 0 -1 595 842 cm "), (270, b"0 -1 1 0 0 595 cm ")]
)
def test_pages_shown_turned_are_read_as_seen(angle, matrix):
    page = shown(
        (60, 500, "单位"),
        (200, 500, "金额"),
        (60, 470, "水务局"),
        (200, 470, "3"),
        (60, 440, "为做好今年防汛工作，保障人民群众生命财产安"),
        (60, 410, "全。"),
    )
    body = pdf(matrix + page).replace(b"/MediaBox", b"/Rotate %d/MediaBox" % angle)
    assert read(body).text == "单位\t金额\n水务局\t3\n为做好今年防汛工作，保障人民群众生命财产安全。"


def test_text_written_down_a_page_stays_apart():
    down = b"".join(b"BT /F 16 Tf 0 -1 1 0 %d 700 Tm <%s> Tj ET\n" % (x, "竖排文字".encode("utf-16-be").hex().encode()) for x in (100, 130))
    assert read(pdf(down)).text == "竖排文字\n竖排文字"


def test_pages_come_in_order_and_one_that_is_a_picture_is_named():
    found = read(pdf(NOTICE, PICTURE, shown((60, 700, "第三页的正文")), PICTURE, PICTURE))
    assert found.pages == 5
    assert found.text.split("\n") == [*PARAGRAPHS, "第三页的正文"]
    assert found.flags == ("partial", "scanned")
    assert "Pages 2, 4-5 of 5" in found.reason


def test_a_page_number_on_a_picture_is_no_text_of_it():
    found = read(pdf(PICTURE + shown((280, 40, "－1－"))))
    assert found.flags == ("scanned",)
    assert found.text == "－1－"


def test_a_picture_is_not_read_unless_that_was_asked_for(monkeypatch):
    from cleaners.attachments import ocr
    from cleaners.attachments import pdf as module

    monkeypatch.setattr(ocr, "is_installed", lambda: True)
    monkeypatch.setattr(ocr, "read_image", lambda image: f"读出的文字 {image}")
    monkeypatch.setattr(module, "_rendered", lambda page: tuple(map(round, page.get_size())))
    assert read_here(pdf(PICTURE)).text == ""
    found = read_here(pdf(PICTURE, PICTURE), ocr_pages=1)
    assert found.text == "读出的文字 (595, 842)"
    assert found.flags == ("ocr", "partial", "scanned")
    assert "Page 1 of 2 is read by OCR" in found.reason


def test_letters_drawn_as_shapes_are_pictures_too():
    assert read(pdf(b"10 10 5 5 re f\n" * 200)).flags == ("scanned",)


def test_an_empty_page_is_no_scan():
    assert read(pdf(b"")).flags == ("empty",)


def test_a_password_is_asked_for():
    locked = b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")>>"
    found = read(pdf(NOTICE, trailer=locked))
    assert (found.text, found.flags) == ("", ("encrypted",))
    assert "password" in found.reason


def test_a_document_without_its_end_gives_the_pages_it_has():
    whole = pdf(NOTICE, NOTICE)
    found = read(whole[: whole.index(b"\nxref") - 60])  # into the last page's record
    assert found.text.split("\n") == PARAGRAPHS
    assert found.flags == ("damaged", "partial")
    for length in range(0, len(whole), 97):
        assert read_here(whole[:length]).flags


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7" + bytes(range(256)) * 10,
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 2/Kids[2 0 R 2 0 R]>>endobj trailer<</Root 1 0 R>>",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids" + b"[" * 100_000 + b"]" * 100_000 + b">>endobj trailer<</Root 1 0 R>>",
        b"%PDF-1.4\n" + b"".join(b"%d 0 obj<</A %d 0 R>>endobj\n" % (number, number + 1) for number in range(20_000)),
    ],
    ids=["garbage", "pages in a circle", "deep", "many objects"],
)
def test_what_is_hostile_costs_one_record(body):
    found = read(body)
    assert found.text == ""
    assert found.flags == ("damaged",)
    assert found.reason


def test_a_page_that_unpacks_without_end_is_stopped():
    bomb = zlib.compress(b" " * (200 << 20))
    found = read(pdf(stream(bomb, b"/Filter/FlateDecode")), memory=100 << 20)
    assert found.flags == ("memory_limit",)


def test_a_page_that_draws_without_end_is_stopped_and_the_next_file_is_read():
    drawn = zlib.compress(shown((60, 700, "甲")) * 400_000)
    assert read(pdf(stream(drawn, b"/Filter/FlateDecode")), seconds=0.1).flags == ("time_limit",)
    assert read(pdf(NOTICE)).text.split("\n") == PARAGRAPHS


def test_what_is_late_is_partial_and_not_lost():
    found = read_here(pdf(*[NOTICE] * 300), seconds=0.05)
    assert found.text.startswith("关于做好防汛工作的通知")
    assert found.flags == ("partial", "time_limit")
    assert found.pages == 300


def test_glyph_numbers_are_no_text_and_bullets_are():
    glyphs = shown(*((60, 700 - 20 * line, "\ue001\ue002\ue003\ue004\ue005\ue006") for line in range(8)))
    assert read(pdf(glyphs)).flags == ("garbled",)
    bullets = shown(*((60, 700 - 20 * line, "\uf06c 落实各项防汛措施") for line in range(30)))
    assert read(pdf(bullets)).flags == ()
