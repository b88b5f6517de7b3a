"""Workbooks written as bare XML and bare records, and the texts that go by their names."""

import io
import random
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.attachments import read
from cleaners.attachments.sheets import read_sheets

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(*pairs):
    written = "".join(f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{target}"/>' for at, (kind, target) in enumerate(pairs, 1))
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{written}</Relationships>'


def styles(codes):
    formats = "".join(f'<numFmt numFmtId="{200 + at}" formatCode="{code}"/>' for at, code in enumerate(codes))
    cells = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{200 + at}" applyNumberFormat="1"/>' for at in range(len(codes)))
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>'


def xlsx(*sheets, codes=(), extra=()):
    """A workbook of sheets (name, rows as XML, attributes of the sheet, what stands behind the rows)."""
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": relations(
            *(("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)), ("styles", "styles.xml")
        ),
        "xl/styles.xml": styles(codes),
        **dict(extra),
    }
    listed = ""
    for at, (name, rows, attributes, behind) in enumerate(sheets, 1):
        listed += f'<sheet name="{name}" sheetId="{at}" r:id="r{at}" {attributes}/>'
        members[f"xl/worksheets/sheet{at}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{behind}</worksheet>'
    members["xl/workbook.xml"] = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as package:
        for name, member in members.items():
            package.writestr(name, member)
    return body.getvalue()


def text(place, value):
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def number(place, value, style=0):
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


def row(at, *cells):
    return f'<row r="{at}">{"".join(cells)}</row>'


def test_rows_are_lines_and_cells_parted_by_tabs():
    rows = row(2, text("B2", "序号"), text("C2", "单位"), text("D2", " "))
    rows += row(5, number("B5", "1"), text("C5", "青山市&#10;民政局"), text("D5", ""))
    record = read_sheets(xlsx(("Sheet1", rows, "", "")))
    assert record.text == "序号\t单位\n1\t青山市 民政局"
    assert record.tables == ((("序号", "单位"), ("1", "青山市\n民政局")),)
    assert record.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert record.flags == ()


def test_sheets_are_headed_by_their_names_where_several_have_content():
    one, empty = ("一季度", row(1, text("A1", "甲")), "", ""), ("Sheet2", "", "", "")
    assert read_sheets(xlsx(one, empty)).text == "甲"
    assert read_sheets(xlsx(one, empty, ("二季度", row(1, text("A1", "乙")), "", ""))).text == "一季度\n甲\n二季度\n乙"


def test_hidden_sheets_are_left_out_and_named():
    record = read_sheets(xlsx(("公示", row(1, text("A1", "甲")), "", ""), ("底稿", row(1, text("A1", "乙")), 'state="hidden"', "")))
    assert record.text == "甲"
    assert record.flags == ("hidden",)
    assert "底稿" in record.reason


def test_merged_cells_stand_once():
    rows = row(1, text("A1", "标题"), "<c r='B1'/>") + row(2, text("A2", "甲"), text("B2", "乙"))
    record = read_sheets(xlsx(("Sheet1", rows, "", '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>')))
    assert record.tables == ((("标题", ""), ("甲", "乙")),)


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("0.6", "0.00", "0.60"),
        ("0.60000000000000009", "General", "0.6"),
        ("3", "General", "3"),
        ("1234567.5", "#,##0.00", "1,234,567.50"),
        ("0.125", "0.0%", "12.5%"),
        ("2.5", "0", "3"),
        ("-3", "0.0_);(0.0)", "(3.0)"),
        ("0", '0;-0;"无"', "0"),
        ("5", '0"元/吨"', "5元/吨"),
        ("7", "000", "007"),
        ("12500", "0.0,", "12.5"),
        ("8", "￥#,##0", "￥8"),
        ("8", "[$￥-804]#,##0.0", "￥8.0"),
        ("0.5", "#.##", ".5"),
        ("450000199001011200", "General", "450000199001011200"),
        ("45000019900101", "0.00E+00", "45000019900101"),
        ("43831", "yyyy\\-m\\-d", "2020-1-1"),
        ("43831", 'yyyy"年"m"月"d"日"', "2020年1月1日"),
        ("43831", 'yyyy"年"m"月"', "2020年1月"),
        ("43831.5", "yyyy/m/d h:mm", "2020/1/1 12:00"),
        ("43831.25", "h:mm AM/PM", "6:00 AM"),
        ("1.5", "[Red]0.0", "1.5"),
        ("1.5", "# ?/?", "1.5"),
    ],
)
def test_numbers_and_dates_stand_as_people_see_them(value, code, shown):
    assert read_sheets(xlsx(("Sheet1", row(1, number("A1", value, 1)), "", ""), codes=[code.replace('"', "&quot;")])).text == shown


def test_formulas_without_results_are_flagged():
    record = read_sheets(xlsx(("Sheet1", row(1, text("A1", "合计"), '<c r="B1"><f>SUM(B2:B9)</f></c>'), "", "")))
    assert record.text == "合计"
    assert record.flags == ("partial",)
    assert read_sheets(xlsx(("Sheet1", row(1, '<c r="B1"><f>1+1</f><v>2</v></c>'), "", ""))).flags == ()


def test_macros_are_noted():
    assert read_sheets(xlsx(("Sheet1", row(1, text("A1", "甲")), "", ""), extra=[("xl/vbaProject.bin", "x")])).flags == ("macro",)


def test_a_workbook_without_content_is_empty():
    assert read_sheets(xlsx(("Sheet1", "", "", ""))).flags == ("empty",)


def record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def wide(text, width="B"):
    return struct.pack(f"<{width}B", len(text), 1) + text.encode("utf-16-le")


def biff(cells, *, code="0.00", before=b""):
    """A binary workbook of one sheet; cells are records."""
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + before
    known = record(0x041E, struct.pack("<H", 200) + wide(code, "H"))
    known += record(0x00E0, struct.pack("<HH", 0, 0) + b"\0" * 16) + record(0x00E0, struct.pack("<HH", 0, 200) + b"\0" * 16)
    name = wide("价格")
    place = len(start) + len(known) + 4 + 6 + len(name) + 4
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + b"".join(cells) + record(0x000A)
    return start + known + record(0x0085, struct.pack("<IBB", place, 0, 0) + name) + record(0x000A) + sheet


def label(at, column, text):
    return record(0x0204, struct.pack("<HHH", at, column, 0) + wide(text, "H"))


def stored(workbook):
    """A compound file ([MS-CFB]) with the one stream Workbook."""
    body = workbook.ljust(4096, b"\0")
    body += b"\0" * (-len(body) % 512)
    count = len(body) // 512
    fat = struct.pack(f"<{count + 2}I", 0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE).ljust(512, b"\xff")
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<10I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0) + b"\xff" * 4 * 108
    listing = b""
    for name, kind, child, start, size in (("Root Entry", 5, 1, 0xFFFFFFFE, 0), ("Workbook", 2, 0xFFFFFFFF, 2, len(body))):
        encoded = (name + "\0").encode("utf-16-le")
        listing += encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        listing += b"\0" * 36 + struct.pack("<IQ", start, size)
    return header + fat + listing.ljust(512, b"\0") + body


def test_binary_workbooks_keep_the_decimals_they_show():
    cells = [label(0, 0, "晚籼米"), record(0x0203, struct.pack("<HHHd", 0, 1, 1, 0.6)), record(0x0203, struct.pack("<HHHd", 0, 2, 0, 0.6))]
    cells.append(record(0x00BD, struct.pack("<HHHIHIH", 1, 0, 1, (2 << 2) | 2, 0, (3 << 2) | 2, 1)))
    got = read_sheets(stored(biff(cells)))
    assert got.text == "晚籼米\t0.60\t0.6\n2.00\t3"
    assert got.media_type == "application/vnd.ms-excel"


def test_a_password_is_said_and_not_asked():
    got = read_sheets(stored(biff([label(0, 0, "密")], before=record(0x002F, b"\0" * 54))))
    assert (got.text, got.flags) == ("", ("encrypted",))


HTML = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"><style>td{mso-number-format:"@"}</style></head><body><table>
<tr style="display:none"><td>列宽</td></tr>
<tr><th colspan="2">岗位表</th><th>备注</th></tr>
<tr><td rowspan="2">青山市<br>一中</td><td>数 学</td><td></td></tr>
<tr><td>英语</td><td>兼班主任<table><tr><td>内</td></tr></table></td></tr>
</table></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_pages_named_as_workbooks_give_their_tables(encoding):
    got = read_sheets(HTML.replace("utf-8", encoding).encode(encoding))
    assert got.tables == ((("岗位表", "", "备注"), ("青山市\n一中", "数 学", ""), ("", "英语", "兼班主任内")),)
    assert got.media_type == "text/html"


def test_workbooks_saved_as_xml():
    body = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
    <Worksheet ss:Name="表"><Table><Row><Cell ss:MergeAcross="1"><Data ss:Type="String">标题</Data></Cell></Row>
    <Row ss:Index="4"><Cell ss:MergeDown="1"><Data ss:Type="Number">0.30000000000000004</Data></Cell><Cell ss:Index="3"><Data ss:Type="DateTime">2026-03-01T00:00:00.000</Data></Cell></Row>
    <Row><Cell><Data ss:Type="String">乙</Data></Cell></Row></Table></Worksheet></Workbook>"""
    assert read_sheets(body.encode()).tables == ((("标题", "", ""), ("0.3", "", "2026-03-01"), ("", "乙", "")),)


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        ('序号,名称\n1,"甲,乙"\n', (("序号", "名称"), ("1", "甲,乙"))),
        ("序号\t名称\n1\t甲、乙，丙\n", (("序号", "名称"), ("1", "甲、乙，丙"))),
        ('编号;数\n="0012";3\n', (("编号", "数"), ("0012", "3"))),
        ("只有一列\n第二行\n", (("只有一列",), ("第二行",))),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_separated_values(body, rows, encoding):
    assert read_sheets(body.encode(encoding)).tables == (rows,)


def test_an_open_quotation_mark_does_not_swallow_the_rest():
    body = "a,b\n" + '1,"' + "x,y\n" * 40_000
    assert len(read_sheets(body.encode()).text.splitlines()) > 1000


@pytest.mark.parametrize("body", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_workbook_is_a_record_with_a_reason(body):
    got = read_sheets(body)
    assert got.flags == ("damaged",)
    assert got.reason


def test_bombs_are_refused_with_a_reason():
    got = read_sheets(xlsx(("Sheet1", " " * (70 << 20), "", "")))
    assert got.flags == ("too_large",)


def test_cells_too_far_apart_are_refused_before_memory_is_taken():
    assert read_sheets(xlsx(("Sheet1", row(1, text("A1", "甲")) + row(1048576, text("XFD1048576", "乙")), "", ""))).flags == ("too_large",)
    assert read_sheets(stored(biff([label(0, 0, "甲"), label(65535, 65535, "乙")]))).flags == ("too_large",)


BOOK = xlsx(("Sheet1", row(1, text("A1", "甲"), number("B1", "0.5", 1)), "", ""), codes=["0.00"])
OLD = stored(biff([label(0, 0, "甲"), record(0x0203, struct.pack("<HHHd", 0, 1, 1, 0.6))]))


@given(st.sampled_from([BOOK, HTML.encode()]), st.lists(st.tuples(st.integers(0, 1 << 12), st.binary(max_size=8)), max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_damage_gives_a_record(body, changes):
    for place, replacement in changes:
        at = place % len(body)
        body = body[:at] + replacement + body[at + len(replacement) :]
    assert read_sheets(body).media_type


@pytest.mark.parametrize("seed", range(4))
def test_damaged_binary_workbooks_cost_their_child_at_most(seed):
    """In a child, for the library asks for as much memory as a broken count says."""
    chance = random.Random(seed)
    body = bytearray(OLD)
    for _ in range(10):
        body[chance.randrange(1536, 1536 + 400)] = chance.choice((0, 1, 127, 255))
    assert read(bytes(body), name="价格.xls").media_type
