"""Word 97-2003 documents made by hand: a compound file, a FIB, a piece table, pages of properties, lists."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.attachments.doc import read_doc

IN_TABLE = bytes.fromhex("162401")
ROW_END = bytes.fromhex("162401172401")
DELETED, HIDDEN = bytes.fromhex("000801"), bytes.fromhex("3c0801")


def compound(streams):
    """A compound file ([MS-CFB]) of version 3 whose streams are all padded past the mini stream's limit."""
    bodies = {name: body.ljust(4096, b"\0") for name, body in streams.items()}
    bodies = {name: body + b"\0" * (-len(body) % 512) for name, body in bodies.items()}
    fat, sectors, entries, at = [0xFFFFFFFD], [], [], 2 + len(streams) // 4
    fat += [*range(2, at), 0xFFFFFFFE]
    for name, body in bodies.items():
        entries.append((name, at, len(body)))
        count = len(body) // 512
        fat += [*range(at + 1, at + count), 0xFFFFFFFE]
        sectors.append(body)
        at += count
    assert len(fat) <= 128
    directory = [entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for number, (name, start, size) in enumerate(entries, 1):
        directory.append(entry(name, 2, start, size, right=number + 1 if number < len(entries) else 0xFFFFFFFF))
    listing = b"".join(directory)
    listing += b"\0" * (-len(listing) % 512)
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0) + b"\xff" * 4 * 108
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    return header + table + listing + b"".join(sectors)


def entry(name, kind, start, size, *, child=0xFFFFFFFF, right=0xFFFFFFFF):
    encoded = (name + "\0").encode("utf-16-le")
    packed = encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, right, child)
    return packed + b"\0" * 36 + struct.pack("<IQ", start, size)


def utf16(text):
    return text.encode("utf-16-le")


def clx(pieces):
    """Pieces as (characters, file position, one byte a character)."""
    ends = [0]
    for count, _, _ in pieces:
        ends.append(ends[-1] + count)
    plc = struct.pack(f"<{len(ends)}I", *ends)
    for _, position, narrow in pieces:
        plc += struct.pack("<HIH", 0, 2 * position | 0x40000000 if narrow else position, 0)
    return b"\x02" + struct.pack("<I", len(plc)) + plc


def page(runs, *, paragraphs):
    """One page of properties ([MS-DOC] 2.9.33, 2.9.174); runs as (first position, last position, grpprl)."""
    edges = [run[0] for run in runs] + [runs[-1][1]]
    size = 13 if paragraphs else 1
    block = bytearray(512)
    struct.pack_into(f"<{len(edges)}I", block, 0, *edges)
    free = 510
    for number, (_, _, grpprl) in enumerate(runs):
        body = grpprl
        if paragraphs:
            body = b"\0\0" + grpprl
            body += b"\0" * (len(body) % 2)
            body = bytes([0, len(body) // 2]) + body
        else:
            body = bytes([len(body)]) + body
        free = (free - len(body)) & ~1
        block[free : free + len(body)] = body
        block[4 * len(edges) + size * number] = free // 2
    block[511] = len(runs)
    return bytes(block)


def word(paragraphs, *, runs=(), lengths=(), structures=(), flags=0x0200, pieces=None, extra=b"", main=None, long=b""):
    """A document of (text with its mark, grpprl); `lengths` are the areas behind the main text, `structures` (number, bytes)."""
    text = "".join(text for text, _ in paragraphs)
    body = utf16(text)
    positions, at = [], 1024
    for part, grpprl in paragraphs:
        positions.append((at, at + len(utf16(part)), grpprl))
        at += len(utf16(part))
    first_page = -(-at // 512)
    stream = bytearray(first_page * 512)
    stream[1024 : 1024 + len(body)] = body
    stream += page(positions, paragraphs=True)
    struct.pack_into("<HH", stream, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", stream, 10, flags)
    units = len(body) // 2
    struct.pack_into("<8i", stream, 76, *((*lengths, 0, 0, 0, 0, 0, 0, 0, 0)[:8] if lengths else (units, 0, 0, 0, 0, 0, 0, 0)))
    struct.pack_into("<H", stream, 152, 93)
    tables = [(33, clx(pieces or [(units, 1024, False)])), (13, struct.pack("<III", 1024, at, first_page)), *structures]
    if runs:
        stream += page([(1024 + 2 * first, 1024 + 2 * last, grpprl) for first, last, grpprl in runs], paragraphs=False)
        tables.append((12, struct.pack("<III", 1024, at, first_page + 1)))
    table = bytearray()
    for number, block in tables:
        struct.pack_into("<II", stream, 154 + 8 * number, len(table), len(block))
        table += block + (extra if number == 73 else b"")
    return compound({"WordDocument": bytes(stream), "1Table": bytes(table), "Data": long} if main is None else {"WordDocument": main})


def plain(*lines):
    return word([(line + "\r", b"") for line in lines])


def test_paragraphs_are_lines():
    record = read_doc(plain("关于开展安全检查的通知", "各单位：", "", "请于6月1日前报送。"))
    assert record.text == "关于开展安全检查的通知\n各单位：\n请于6月1日前报送。"
    assert record.media_type == "application/msword"
    assert record.flags == ()


def test_pieces_of_one_and_two_bytes_are_put_together_in_order():
    narrow = b"2026 \x93plan\x94\r"
    stream = word([("年工作要点\r" + narrow.decode("latin-1"), b"")], pieces=[(12, 1200, True), (6, 1024, False)])
    at = stream.index(utf16("年工作要点")) + 1200 - 1024
    assert read_doc(stream[:at] + narrow + stream[at + 12 :]).text == "2026 “plan”\n年工作要点"


def test_rows_end_where_the_file_says_so_even_when_their_last_cell_is_empty():
    rows = [("序号\x07", IN_TABLE), ("名称\x07", IN_TABLE), ("\x07", IN_TABLE), ("\x07", ROW_END)]
    rows += [("1\x07", IN_TABLE), ("甲\r", IN_TABLE), ("乙\x07", IN_TABLE), ("备注\x07", IN_TABLE), ("\x07", ROW_END)]
    record = read_doc(word([("附件1\r", b""), *rows, ("说明\r", b"")]))
    assert record.text == "附件1\n序号\t名称\n1\t甲 乙\t备注\n说明"
    assert record.tables == ((("序号", "名称", ""), ("1", "甲\n乙", "备注")),)


def test_rows_of_many_cells_keep_their_properties_elsewhere():
    elsewhere = struct.pack("<HI", 0x6646, 6)
    rows = [("甲\x07", IN_TABLE), ("乙\x07", IN_TABLE), ("\x07", elsewhere), ("丙\x07", IN_TABLE), ("\x07", IN_TABLE), ("\x07", elsewhere)]
    record = read_doc(word(rows, long=b"\0" * 6 + struct.pack("<H", len(ROW_END)) + ROW_END))
    assert record.tables == ((("甲", "乙"), ("丙", "")),)


def row_end(*edges):
    operand = struct.pack(f"<B{len(edges)}h", len(edges) - 1, *edges)
    return ROW_END + struct.pack("<HH", 0xD608, len(operand) + 1) + operand


def test_cells_that_span_columns_keep_the_columns():
    top = [("单位\x07", IN_TABLE), ("资格条件\x07", IN_TABLE), ("备注\x07", IN_TABLE), ("\x07", row_end(0, 1000, 3000, 4000))]
    low = [
        ("甲\x07", IN_TABLE),
        ("专业\x07", IN_TABLE),
        ("学历\x07", IN_TABLE),
        ("无\x07", IN_TABLE),
        ("\x07", row_end(10, 990, 2000, 3000, 4000)),
    ]
    assert read_doc(word([*top, *low])).tables == ((("单位", "资格条件", "", "备注"), ("甲", "专业", "学历", "无")),)


def test_tables_inside_cells_are_lines_of_the_cell():
    depth, inner, inner_end = bytes.fromhex("496602000000"), bytes.fromhex("4b2401"), bytes.fromhex("4c2401")
    nested = [("内1\r", IN_TABLE + depth + inner), ("内2\r", IN_TABLE + depth + inner), ("\r", IN_TABLE + depth + inner_end)]
    record = read_doc(word([*nested, ("外\x07", IN_TABLE), ("右\x07", IN_TABLE), ("\x07", ROW_END), ("尾\r", b"")]))
    assert record.tables == ((("内1 内2\n外", "右"),),)


def test_only_the_result_of_a_field_is_shown():
    link = '见\x13 HYPERLINK "http://www.example.gov.cn/" \x14网站\x15。\r'
    assert read_doc(word([(link, b"")])).text == "见网站。"


def test_a_field_that_does_not_end_hides_nothing():
    assert read_doc(plain("前\x13 PAGE", "后文")).text == "前 PAGE\n后文"


def test_a_sign_in_a_circle_is_kept():
    assert read_doc(plain("\x13 eq \\o\\ac(○,5)\x15项")).text == "⑤项"


def test_deleted_and_hidden_text_is_left_out_and_flagged():
    record = read_doc(word([("留下删去隐藏结尾\r", b"")], runs=[(0, 2, b""), (2, 4, DELETED), (4, 6, HIDDEN), (6, 9, b"")]))
    assert record.text == "留下结尾"
    assert record.flags == ("hidden", "revisions")


def test_a_deleted_paragraph_mark_joins_what_it_parted():
    record = read_doc(word([("上半句\r", b""), ("下半句\r", b"")], runs=[(0, 3, b""), (3, 4, DELETED), (4, 8, b"")]))
    assert record.text == "上半句下半句"


def test_boxes_of_forms_are_signs():
    ticked = struct.pack("<HHH", 0x6A09, 3, 0xF0FE)
    record = read_doc(word([("(同意\r", b"")], runs=[(0, 1, ticked), (1, 4, b"")]))
    assert record.text == "☑同意"


def test_characters_beyond_the_first_plane_do_not_shift_what_follows():
    record = read_doc(word([("𠮷林\r", b""), ("删\r", b"")], runs=[(0, 4, b""), (4, 5, DELETED), (5, 6, b"")]))
    assert record.text == "𠮷林"


def level(text, code=0, start=1, flags=0):
    numbers = bytes(at + 1 for at, sign in enumerate(text) if ord(sign) < 9).ljust(9, b"\0")
    return struct.pack("<iBB", start, code, flags) + numbers + b"\x02" + b"\0" * 8 + bytes(4) + struct.pack("<H", len(text)) + utf16(text)


def listed(number, depth=0):
    return struct.pack("<HHHB", 0x460B, number, 0x260A, depth)


def lists(levels, restarts=()):
    """PlfLst with one list of nine levels, PlfLfo with one override more for each restart."""
    header = struct.pack("<H", 1) + struct.pack("<ii9hBB", 77, 0, *[0] * 9, 0, 0)
    table = b"".join(levels) + b"".join(level("") for _ in range(9 - len(levels)))
    overrides = struct.pack("<I", 1 + len(restarts)) + struct.pack("<iIIBBBB", 77, 0, 0, 0, 0, 0, 0)
    overrides += b"".join(struct.pack("<iIIBBBB", 77, 0, 0, 1, 0, 0, 0) for _ in restarts)
    overrides += b"\0" * 4 + b"".join(b"\0" * 4 + struct.pack("<iI", start, 0x10) for start in restarts)
    return {"structures": [(73, header), (74, overrides)], "extra": table}


def test_automatic_numbers_are_written():
    levels = [level("第\x00条", 39), level("（\x01）", 37), level("\x00.\x02", 0, flags=4)]
    paragraphs = [("总则\r", listed(1)), ("目的\r", listed(1, 1)), ("范围\r", listed(1, 1)), ("正文\r", b""), ("职责\r", listed(1))]
    paragraphs += [("分工\r", listed(1, 1)), ("细则\r", listed(1, 2)), ("另起\r", listed(2))]
    record = read_doc(word(paragraphs, **lists(levels, restarts=[1])))
    assert record.text.split("\n") == [
        "第一条总则",
        "（一）目的",
        "（二）范围",
        "正文",
        "第二条职责",
        "（一）分工",
        "2.1细则",
        "第一条另起",
    ]


def test_a_style_numbers_its_paragraphs():
    name = utf16("条")
    properties = b"\0\0" + listed(1)
    style = struct.pack("<HHHHH", 0, 0x1 | 0xFFF0, 1, 0, 0) + struct.pack("<H", 1) + name + b"\0\0"
    style += struct.pack("<H", len(properties)) + properties
    sheet = struct.pack("<HHH", 4, 1, 10) + struct.pack("<H", len(style)) + style
    made = lists([level("第\x00条", 39)])
    made["structures"].append((1, sheet))
    assert read_doc(word([("甲\r", b""), ("乙\r", b"")], **made)).text == "第一条甲\n第二条乙"


def test_headers_and_comments_are_left_out_and_notes_stand_behind():
    paragraphs = [("正文\x02\r", b""), ("脚注\r", b""), ("页眉\r", b""), ("批注\r", b""), ("尾注\r", b"")]
    record = read_doc(word(paragraphs, lengths=(4, 3, 3, 0, 3, 3)))
    assert record.text == "正文\n脚注\n尾注"


def test_a_text_box_stands_before_the_paragraph_it_is_anchored_in():
    box = b"\0" * 14 + struct.pack("<I", 1025) + b"\0" * 4
    structures = [
        (56, struct.pack("<III", 0, 5, 6) + box + b"\0" * 22),
        (40, struct.pack("<II", 3, 7) + struct.pack("<I", 1025) + b"\0" * 22),
    ]
    paragraphs = [("甲乙\r", b""), ("\x08正文\r", b""), ("红头文件\r", b"")]
    record = read_doc(word(paragraphs, lengths=(7, 0, 0, 0, 0, 0, 5), structures=structures))
    assert record.text == "甲乙\n红头文件\n正文"


def test_a_text_box_in_a_cell_leaves_the_table_whole():
    box = b"\0" * 14 + struct.pack("<I", 1025) + b"\0" * 4
    structures = [
        (56, struct.pack("<III", 0, 3, 4) + box + b"\0" * 22),
        (40, struct.pack("<II", 2, 9) + struct.pack("<I", 1025) + b"\0" * 22),
    ]
    cells = [("甲\x07", IN_TABLE), ("\x08乙\x07", IN_TABLE), ("\x07", ROW_END), ("丙\x07", IN_TABLE), ("\x07", IN_TABLE), ("\x07", ROW_END)]
    record = read_doc(word([*cells, ("框内\r", b"")], lengths=(10, 0, 0, 0, 0, 0, 3), structures=structures))
    assert record.text == "框内\n甲\t乙\n丙"
    assert record.tables == ((("甲", "乙"), ("丙", "")),)


def test_pictures_alone_are_a_scan():
    assert read_doc(plain("\x01")).flags == ("scanned",)
    assert read_doc(plain("")).flags == ("empty",)


def test_a_password_is_said_and_not_asked():
    record = read_doc(word([("密\r", b"")], flags=0x0300))
    assert (record.text, record.flags) == ("", ("encrypted",))
    assert "password" in record.reason


def test_word_95_is_read_in_the_code_page_of_its_language():
    body = "关于放假的通知\r表\x07格\x07\x07".encode("gb18030")
    header = bytearray(768)
    struct.pack_into("<HHH", header, 0, 0xA5DC, 0x68, 0)
    struct.pack_into("<H", header, 6, 0x0804)
    struct.pack_into("<II", header, 24, 768, 768 + len(body))
    assert read_doc(word([("\r", b"")], main=bytes(header) + body)).text == "关于放假的通知\n表\t格"


def test_a_cut_off_document_gives_what_is_left():
    body = plain(*["段落内容" * 20] * 30)
    record = read_doc(body[:3500])
    assert "damaged" in record.flags
    assert record.reason


@pytest.mark.parametrize(
    "body", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000, compound({"Workbook": b"x"})]
)
def test_what_is_no_document_is_a_record_with_a_reason(body):
    record = read_doc(body)
    assert record.text == ""
    assert record.reason


TEMPLATE = word(
    [("一\r", listed(1)), ("甲\x07", IN_TABLE), ("\x07", ROW_END), ("见\x13 X \x14网\x15\r", b"")],
    runs=[(0, 2, DELETED), (2, 9, b"")],
    **lists([level("\x00")]),
)


@given(st.lists(st.tuples(st.integers(0, len(TEMPLATE) - 1), st.integers(0, 255)), max_size=12), st.integers(0, 1 << 14))
@settings(max_examples=150, deadline=None)
def test_any_damage_gives_a_record(changes, cut):
    body = bytearray(TEMPLATE)
    for at, byte in changes:
        body[at] = byte
    record = read_doc(bytes(body[: len(body) - cut] if cut < len(body) // 2 else body))
    assert record.flags == tuple(sorted(record.flags))
    assert "\x00" not in record.text
