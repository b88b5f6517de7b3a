"""Word documents made with python-docx, and with the markup that it does not write."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.attachments.docx import read_docx

W, V = nsdecls("w"), 'xmlns:v="urn:schemas-microsoft-com:vml"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def saved(document):
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


def with_paragraph(markup, namespaces=""):
    """A document of one paragraph with this inside."""
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:p {W} {namespaces}>{markup}</w:p>"))
    return saved(document)


def text_of(markup, namespaces=""):
    return read_docx(with_paragraph(markup, namespaces)).text


def run(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def changed(body, changes):
    """The package with some members changed (a function of their bytes), or added (bytes)."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            change = changes.get(info.filename)
            new.writestr(info.filename, change(old.read(info)) if callable(change) else old.read(info))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return made.getvalue()


def test_paragraphs_and_tables_stand_in_order():
    document = docx.Document()
    document.add_paragraph("附件1")
    table = document.add_table(rows=2, cols=3)
    for at, text in enumerate(("序号", "单位", "备注", "1", "青山市民政局", "")):
        table.cell(at // 3, at % 3).text = text
    document.add_paragraph("2026年3月1日")
    record = read_docx(saved(document))
    assert record.text == "附件1\n序号\t单位\t备注\n1\t青山市民政局\n2026年3月1日"
    assert record.tables == ((("序号", "单位", "备注"), ("1", "青山市民政局", "")),)
    assert record.flags == ()


def test_merged_cells_stand_once_and_keep_the_columns():
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for at in range(9):
        table.cell(at // 3, at % 3).text = f"格{at}"
    for cell in (table.cell(0, 0), table.cell(0, 1), table.cell(1, 0), table.cell(2, 0)):
        cell.text = ""
    table.cell(0, 0).merge(table.cell(0, 1)).text = "横跨"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "竖跨"
    assert read_docx(saved(document)).tables == ((("横跨", "", "格2"), ("竖跨", "格4", "格5"), ("", "格7", "格8")),)


def test_a_table_in_a_cell_is_a_part_of_the_cell():
    document = docx.Document()
    cell = document.add_table(rows=1, cols=2).cell(0, 0)
    cell.text = "外"
    inner = cell.add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "左", "右"
    record = read_docx(saved(document))
    assert record.text == "外 左 右"
    assert len(record.tables) == 1


def test_a_box_around_text_leaves_its_paragraphs():
    document = docx.Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "第一段。"
    cell.add_paragraph("第二段。")
    assert read_docx(saved(document)).text == "第一段。\n第二段。"


def numbered(levels, entries, *, overrides=""):
    """A document whose list has levels (format, text, what follows) and paragraphs (text, list, level)."""
    document = docx.Document()
    part = document.part.numbering_part.element
    for element in list(part):
        part.remove(element)
    written = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text, extra) in enumerate(levels)
    )
    part.append(parse_xml(f'<w:abstractNum {W} w:abstractNumId="7">{written}</w:abstractNum>'))
    part.append(parse_xml(f'<w:num {W} w:numId="1"><w:abstractNumId w:val="7"/></w:num>'))
    part.append(parse_xml(f'<w:num {W} w:numId="2"><w:abstractNumId w:val="7"/>{overrides}</w:num>'))
    for text, number, depth in entries:
        properties = parse_xml(f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')
        document.add_paragraph(text)._p.get_or_add_pPr().append(properties)
    return read_docx(saved(document)).text.split("\n")


LEVELS = [("chineseCountingThousand", "第%1条", ""), ("chineseCounting", "（%2）", ""), ("decimal", "%1.%3", "<w:isLgl/>")]


def test_automatic_numbers_are_written():
    entries = [("总则", 1, 0), ("目的", 1, 1), ("范围", 1, 1), ("职责", 1, 0), ("分工", 1, 1), ("细则", 1, 2), ("无号", 0, 0)]
    assert numbered(LEVELS, entries) == ["第一条总则", "（一）目的", "（二）范围", "第二条职责", "（一）分工", "2.1细则", "无号"]


def test_a_list_begins_afresh_where_it_says_so():
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    assert numbered(LEVELS, [("甲", 1, 0), ("乙", 2, 0), ("丙", 2, 0)], overrides=start) == ["第一条甲", "第五条乙", "第六条丙"]


def test_levels_that_never_restart_count_on():
    levels = [LEVELS[0], ("decimal", "%2.", '<w:lvlRestart w:val="0"/>')]
    assert numbered(levels, [("甲", 1, 0), ("a", 1, 1), ("乙", 1, 0), ("b", 1, 1)]) == ["第一条甲", "1.a", "第二条乙", "2.b"]


def test_styles_number_their_paragraphs():
    document = docx.Document()
    part = document.part.numbering_part.element
    part.append(
        parse_xml(
            f'<w:abstractNum {W} w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="Heading2"/><w:suff w:val="nothing"/>'
            '<w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'
        )
    )
    part.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    document.styles["Heading 2"].element.get_or_add_pPr().append(parse_xml(f'<w:numPr {W}><w:numId w:val="90"/></w:numPr>'))
    for text in ("工作目标", "工作措施"):
        document.add_paragraph(text, style="Heading 2")
    assert read_docx(saved(document)).text == "（一）工作目标\n（二）工作措施"


BOX = "<w:txbxContent><w:p><w:r><w:t>青山市人民政府文件</w:t></w:r></w:p></w:txbxContent>"


DRAWN = f"<w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict>"
TWICE = f'<mc:Choice Requires="wps"><wps:txbx>{BOX}</wps:txbx></mc:Choice><mc:Fallback>{DRAWN}</mc:Fallback>'
SECOND = f'<mc:Choice Requires="wpg"/><mc:Fallback>{DRAWN}</mc:Fallback>'


@pytest.mark.parametrize(
    "box", [DRAWN, f"<mc:AlternateContent>{TWICE}</mc:AlternateContent>", f"<mc:AlternateContent>{SECOND}</mc:AlternateContent>"]
)
def test_a_letterhead_in_a_text_box_is_read_once_and_first(box):
    assert text_of(f"{run('青政〔2026〕3号')}<w:r>{box}</w:r>", f"{V} {MC}") == "青山市人民政府文件\n青政〔2026〕3号"


def test_lettering_drawn_as_a_picture_is_text():
    assert text_of('<w:r><w:pict><v:shape><v:textpath string="青山市水利局"/></v:shape></w:pict></w:r>', V) == "青山市水利局"


def test_deleted_text_is_left_out_inserted_text_kept():
    mark = 'w:id="1" w:author="甲" w:date="2026-01-01T00:00:00Z"'
    body = with_paragraph(
        f"{run('共')}<w:del {mark}><w:r><w:delText>三</w:delText></w:r></w:del><w:ins {mark}>{run('五')}</w:ins>{run('项')}"
    )
    record = read_docx(body)
    assert (record.text, record.flags) == ("共五项", ("revisions",))


def test_a_deleted_paragraph_mark_joins_what_it_parted():
    document = docx.Document()
    mark = f'<w:rPr {W}><w:del w:id="1" w:author="甲" w:date="2026-01-01T00:00:00Z"/></w:rPr>'
    document.add_paragraph("上半句")._p.get_or_add_pPr().append(parse_xml(mark))
    document.add_paragraph("下半句")
    assert read_docx(saved(document)).text == "上半句下半句"


def test_hidden_text_is_left_out_and_flagged():
    record = read_docx(with_paragraph(run("看得见") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>"))
    assert (record.text, record.flags) == ("看得见", ("hidden",))
    assert text_of('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>看得见</w:t></w:r>') == "看得见"


def mark(kind, inner=""):
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{inner}</w:fldChar></w:r>'


def code(text):
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def test_only_the_result_of_a_field_is_shown():
    nested = mark("begin") + code("IF ") + mark("begin") + code("PAGE") + mark("separate") + run("9") + mark("end") + mark("separate")
    assert text_of(run("第") + nested + run("1") + mark("end") + run("页")) == "第1页"


def test_a_field_that_does_not_end_hides_nothing():
    assert text_of(run("前") + mark("begin") + code("PAGE") + run("后文")) == "前后文"


def test_signs_that_fields_draw_are_kept():
    assert text_of(mark("begin") + code(r"eq \o\ac(○,12)") + mark("end") + run("项")) == "⑫项"
    checked = "<w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData>"
    assert text_of(mark("begin", checked) + code("FORMCHECKBOX") + mark("end") + run("同意")) == "☑同意"


def test_breaks_tabs_hyphens_and_symbols():
    assert text_of("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>A</w:t><w:noBreakHyphen/><w:t>1</w:t></w:r>") == "甲\n乙 A-1"
    assert text_of('<w:r><w:sym w:font="Wingdings" w:char="F0A8"/><w:t>是</w:t></w:r>') == "□是"


def test_equations_are_text():
    fraction = "<m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
    power = "<m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
    assert text_of(run("按") + fraction + run("计，") + power, M) == "按(a+b)/2计，x^2"


def test_phonetic_guides_leave_their_base():
    ruby = "<w:r><w:ruby><w:rt><w:r><w:t>yōng</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>邕</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    assert text_of(ruby + run("江")) == "邕江"


def test_running_headers_are_left_out_the_first_pages_own_is_read():
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "内部资料"
    document.add_paragraph("正文")
    assert read_docx(saved(document)).text == "正文"
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "青山市财政局文件"
    assert read_docx(saved(document)).text == "青山市财政局文件\n正文"


def test_strict_documents_are_read_like_others():
    def strict(member):
        return member.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main"
        )

    assert read_docx(changed(with_paragraph(run("正文")), {"word/document.xml": strict})).text == "正文"


def with_chunk(body):
    """A document whose second paragraph is a file of another kind."""
    relation = b'<Relationship Id="r99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk" Target="chunk"/>'
    chunk = b'<w:altChunk xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="r99"/>'
    changes = {
        "word/document.xml": lambda member: member.replace(b"<w:sectPr", chunk + b"<w:sectPr", 1),
        "word/_rels/document.xml.rels": lambda member: member.replace(b"</Relationships>", relation + b"</Relationships>"),
        "word/chunk": body,
    }
    return read_docx(changed(with_paragraph(run("正文")), changes))


def test_pages_put_in_as_they_are_are_read():
    page = "<html><body><p>青山市人民政府决定开展安全检查，各单位应当配合。</p><p>特此通知。</p></body></html>"
    assert with_chunk(page.encode()).text == "正文\n青山市人民政府决定开展安全检查，各单位应当配合。\n特此通知。"
    record = with_chunk(with_paragraph(run("内")))
    assert (record.text, record.flags) == ("正文", ("partial",))


def test_macros_and_embedded_files_are_noted():
    record = read_docx(changed(with_paragraph(run("正文")), {"word/vbaProject.bin": b"x", "word/embeddings/oleObject1.bin": b"x"}))
    assert record.flags == ("macro",)
    assert [file.name for file in record.files] == ["word/embeddings/oleObject1.bin"]


def test_documents_without_text():
    assert read_docx(saved(docx.Document())).flags == ("empty",)
    picture = '<w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/></w:drawing></w:r>'
    assert read_docx(with_paragraph(picture)).flags == ("scanned",)


def test_a_cut_off_part_is_read_as_far_as_it_goes():
    record = read_docx(
        changed(
            with_paragraph(run("开头") + run("结尾" * 50)), {"word/document.xml": lambda member: member[: member.index("结尾".encode())]}
        )
    )
    assert record.text == "开头"
    assert record.flags == ("damaged",)
    assert record.reason


def test_entities_are_not_expanded():
    def bomb(member):
        return (
            b'<!DOCTYPE d [<!ENTITY a "'
            + b"x" * 1000
            + b'"><!ENTITY b "'
            + b"&a;" * 1000
            + b'">]>'
            + member.split(b"?>", 1)[1].replace("正文".encode(), b"ok&b;")
        )

    assert len(read_docx(changed(with_paragraph(run("正文")), {"word/document.xml": bomb})).text) < 10


def test_bombs_are_refused_with_a_reason():
    record = read_docx(changed(with_paragraph(run("正文")), {"word/document.xml": lambda member: member + b" " * (70 << 20)}))
    assert record.flags == ("too_large",)
    assert "word/document.xml" in record.reason


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"x" * 100])
def test_what_is_no_document_is_a_record_with_a_reason(body):
    record = read_docx(body)
    assert record.flags == ("damaged",)
    assert record.reason


def test_tables_nested_without_end_do_not_stop_the_reader():
    nested = "<w:tbl><w:tr><w:tc>" * 400 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 400
    assert read_docx(
        changed(with_paragraph(run("正文")), {"word/document.xml": lambda m: m.replace(b"<w:sectPr", nested.encode() + b"<w:sectPr")})
    ).flags


TEMPLATE = with_paragraph(run("正文") + mark("begin") + code("PAGE") + mark("separate") + run("1") + mark("end"))
with zipfile.ZipFile(io.BytesIO(TEMPLATE)) as package:
    DOCUMENT = package.read("word/document.xml")


@given(st.lists(st.tuples(st.integers(0, len(DOCUMENT) - 1), st.binary(max_size=6)), max_size=6))
@settings(max_examples=80, deadline=None)
def test_any_damage_gives_a_record(changes):
    member = DOCUMENT
    for at, replacement in changes:
        member = member[:at] + replacement + member[at + len(replacement) :]
    assert read_docx(changed(TEMPLATE, {"word/document.xml": lambda _: member})).media_type


@given(st.integers(0, len(TEMPLATE) - 1), st.binary(max_size=40))
@settings(max_examples=80, deadline=None)
def test_any_damage_of_the_package_gives_a_record(at, replacement):
    assert read_docx(TEMPLATE[:at] + replacement + TEMPLATE[at + len(replacement) :]).media_type
