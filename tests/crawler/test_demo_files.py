"""The model web's attachments open in the libraries people use, hold their text, and are the same bytes every time."""

import io
import re
import zipfile
from xml.etree import ElementTree as ET

import pytest

from cleaners.attachments import read
from crawler.demo import files
from crawler.demo.content import notices

LINES = ("临水市关于做好扶贫项目资产管理工作的通知", "序号\t村名\t金额(万元)", "1\t上槿村\t12.5", 'A & B < C > "D"', "长" * 100)


def folded(text):
    return re.sub(r"\s", "", text)


def test_pdf_holds_its_text():
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(files.pdf(LINES))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert folded(text) == folded("".join(LINES))


def test_pdf_draws_its_text():
    pdfium = pytest.importorskip("pypdfium2")
    page = pdfium.PdfDocument(files.pdf(LINES))[0]
    assert len(set(bytes(page.render(scale=0.5).buffer))) > 1


def test_long_pdf_has_pages():
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(files.pdf([f"第{k}行" for k in range(100)]))
    assert len(document) == 3
    assert "第99行" in document[2].get_textpage().get_text_range()


def test_docx_holds_a_paragraph_a_line():
    docx = pytest.importorskip("docx")
    document = docx.Document(io.BytesIO(files.docx([line.replace("\t", " ") for line in LINES])))
    assert [paragraph.text for paragraph in document.paragraphs] == [line.replace("\t", " ") for line in LINES]


def test_xlsx_holds_a_row_a_line():
    calamine = pytest.importorskip("python_calamine")
    sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(files.xlsx(LINES))).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert rows[1] == ["序号", "村名", "金额(万元)"]
    assert rows[2] == [1.0, "上槿村", "12.5"]
    assert rows[3][0] == LINES[3]


def test_ofd_leads_from_its_root_to_its_text():
    ofd = "{http://www.ofdspec.org/2016}"
    with zipfile.ZipFile(io.BytesIO(files.ofd(LINES))) as package:
        root = ET.fromstring(package.read("OFD.xml")).find(f".//{ofd}DocRoot").text
        page = ET.fromstring(package.read(root)).find(f".//{ofd}Page").get("BaseLoc")
        content = ET.fromstring(package.read(f"Doc_0/{page}"))
    assert "".join(code.text for code in content.iter(f"{ofd}TextCode")) == "".join(LINES)


def test_png_is_well_formed():
    body = files.png(LINES)
    assert body.startswith(b"\x89PNG\r\n\x1a\n")
    assert body.endswith(b"IEND\xaeB`\x82")


@pytest.mark.parametrize("kind", files.MEDIA_TYPES)
def test_bytes_are_the_same_every_time(kind):
    assert files.write(kind, LINES) == files.write(kind, LINES)


def test_every_published_file_opens():
    pdfium, docx, calamine = (pytest.importorskip(name) for name in ("pypdfium2", "docx", "python_calamine"))
    openers = {
        "pdf": lambda body: len(pdfium.PdfDocument(body)),
        "docx": lambda body: len(docx.Document(io.BytesIO(body)).paragraphs),
        "xlsx": lambda body: len(calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()),
        "ofd": lambda body: len(zipfile.ZipFile(io.BytesIO(body)).namelist()),
        "zip": lambda body: len(zipfile.ZipFile(io.BytesIO(body)).namelist()),
    }
    for notice in notices(2):
        for file in notice.attachments:
            assert openers[file.kind](files.write(file.kind, file.lines)) >= 1, file.url


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx", "ofd", "zip"])
def test_the_readers_of_files_read_what_is_published(kind):
    for notice in notices(2):
        for file in notice.attachments:
            if file.kind == kind:
                found = read(files.write(kind, file.lines), files.MEDIA_TYPES[kind], file.title)
                text = folded(found.text)
                assert [line for line in file.lines if folded(line) not in text] == [], file.url
                assert (found.flags, found.reason) == ((), ""), file.url
