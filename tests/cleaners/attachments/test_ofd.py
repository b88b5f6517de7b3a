"""OFD packages written by hand (GB/T 33190-2016): pages, templates, geometry, damage."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.attachments.ofd import read_ofd
from cleaners.attachments.ofd_page import deltas

OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(*pages, common="", behind="", body="", extra=()):
    """A package of one document; pages are what stands inside Page."""
    listed = "".join(f'<ofd:Page ID="{at}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages)))
    members = {
        "OFD.xml": f'<ofd:OFD {OFD} DocType="OFD" Version="1.1"><ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot>{body}</ofd:DocBody></ofd:OFD>',
        "Doc_0/Document.xml": f"<ofd:Document {OFD}><ofd:CommonData>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{behind}</ofd:Document>",
        **{f"Doc_0/Pages/Page_{at}/Content.xml": page(inner) for at, inner in enumerate(pages)},
        **dict(extra),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, member in members.items():
            package.writestr(name, member)
    return packed.getvalue()


def page(inner):
    return f"<ofd:Page {OFD}>{inner}</ofd:Page>"


def content(*objects):
    return f'<ofd:Content><ofd:Layer ID="1">{"".join(objects)}</ofd:Layer></ofd:Content>'


def line(text, x, y, *, size=5.0, extra="", code=""):
    """A TextObject whose first character stands at x, with the baseline at y."""
    deltas = f'DeltaX="g {len(text) - 1} {size:g}"' if len(text) > 1 else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x:g} {y - size:g} 150 {size * 1.2:g}" Font="3" Size="{size:g}" {extra}>'
        f'<ofd:TextCode X="0" Y="{size:g}" {code or deltas}>{text}</ofd:TextCode></ofd:TextObject>'
    )


def text_of(*objects):
    return read_ofd(ofd(content(*objects))).text


def test_pages_are_read_in_order():
    record = read_ofd(ofd(content(line("第一页", 30, 40)), content(line("第二页", 30, 40))))
    assert record.text == "第一页\n第二页"
    assert (record.pages, record.media_type, record.flags) == (2, "application/ofd", ())


def test_lines_are_read_top_down_whatever_their_order_in_the_file():
    assert text_of(line("落款", 120, 90), line("标题", 80, 30, size=8), line("正文。", 40, 50)) == "标题\n正文。\n落款"


def test_shifted_baselines_stay_on_their_line():
    figures = '<ofd:TextObject ID="2" Boundary="55 44.8 20 6" Font="4" Size="5"><ofd:TextCode X="0" Y="5.02" DeltaX="2.5 2.5 2.5">2026</ofd:TextCode></ofd:TextObject>'
    assert text_of(line("年土地供应计划", 65, 50), line("本市的", 40, 50), figures) == "本市的2026年土地供应计划"


def test_lines_that_fill_the_width_make_paragraphs():
    full = "为进一步规范公共停车场所的管理工作方便市民出行"
    assert text_of(line("经研究决定如下。", 30, 58), line(full, 40, 50), line(full[:-2], 40, 42)) == f"{full[:-2]}\n{full}经研究决定如下。"


def test_wide_gaps_part_cells():
    assert text_of(line("单位", 30, 50), line("青山市民政局", 80, 50), line("岗位", 44, 50)) == "单位 岗位\t青山市民政局"


def test_one_code_may_hold_several_lines():
    code = 'DeltaX="5 -5 5" DeltaY="0 8 0"'
    assert text_of(line("甲乙丙丁", 40, 50, code=code)) == "甲乙\n丙丁"


def test_the_transformation_scales_what_it_holds():
    scaled = '<ofd:TextObject ID="2" CTM="0.5 0 0 0.5 0 0" Boundary="40 45 90 6" Font="4" Size="10"><ofd:TextCode X="0" Y="10" DeltaX="10 10">缩小的</ofd:TextCode></ofd:TextObject>'
    assert text_of(line("字", 55, 50), scaled) == "缩小的字"


def test_slanted_text_is_a_watermark():
    slanted = '<ofd:TextObject ID="2" CTM="0.7 -0.7 0.7 0.7 0 0" Boundary="0 0 200 200" Font="4" Size="20"><ofd:TextCode X="0" Y="20">严禁外传</ofd:TextCode></ofd:TextObject>'
    assert text_of(line("正文", 30, 50), slanted) == "正文"


def test_text_written_down_the_page_stays_together():
    assert text_of(line("竖排文字", 30, 50, code='DeltaX="0 0 0" DeltaY="6 6 6"')) == "竖排文字"


def test_bold_type_made_by_printing_twice_is_read_once():
    assert text_of(line("加粗标题", 30, 50), line("加粗标题", 30.1, 50.1)) == "加粗标题"


def test_what_fills_the_blanks_of_a_form_stands_in_them():
    form = line("2026年    月    日", 30, 50, code='DeltaX="2.5 2.5 2.5 2.5 5 2.5 2.5 2.5 2.5 5 2.5 2.5 2.5 2.5"')
    filled = (line(text, x, 50, code='DeltaX="2.5"') for text, x in (("03", 47), ("15", 62)))
    assert text_of(form, *filled).replace(" ", "") == "2026年03月15日"


def test_an_open_booklet_is_read_side_by_side():
    left = [line(f"左页第{sign}行" + "文字内容" * 4, 20, 30 + 40 * at) for at, sign in enumerate("一二三")]
    right = [line(f"右页第{sign}行" + "文字内容" * 4, 200, 30 + 40 * at) for at, sign in enumerate("一二三")]
    assert [text[0] for text in text_of(*right, *left).split("\n")] == ["左"] * 3 + ["右"] * 3


def test_templates_are_part_of_the_page():
    template = page(content(line("探矿权人：", 20, 50)))
    listed = '<ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0.xml" ZOrder="Background"/>'
    body = ofd(
        f'<ofd:Template TemplateID="9"/>{content(line("某公司", 46, 50))}', common=listed, extra=[("Doc_0/Tpls/Tpl_0.xml", template)]
    )
    assert read_ofd(body).text == "探矿权人：某公司"


def test_composite_objects_hold_text():
    unit = f'<ofd:Res {OFD}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="7"><ofd:Content>{line("盖章处", 0, 5)}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>'
    used = '<ofd:CompositeObject ID="8" ResourceID="7" Boundary="30 60 50 10"/>'
    body = ofd(content(line("正文", 30, 50), used), common="<ofd:DocumentRes>Res.xml</ofd:DocumentRes>", extra=[("Doc_0/Res.xml", unit)])
    assert read_ofd(body).text == "正文\n盖章处"


def test_composite_objects_that_hold_themselves_end():
    unit = f'<ofd:Res {OFD}><ofd:CompositeGraphicUnit ID="7"><ofd:Content><ofd:CompositeObject ResourceID="7"/><ofd:CompositeObject ResourceID="7"/></ofd:Content></ofd:CompositeGraphicUnit></ofd:Res>'
    body = ofd(
        content('<ofd:CompositeObject ResourceID="7"/>'), common="<ofd:PublicRes>Res.xml</ofd:PublicRes>", extra=[("Doc_0/Res.xml", unit)]
    )
    assert read_ofd(body).flags == ("empty",)


def test_annotations_are_no_text():
    annotation = f'<ofd:PageAnnot {OFD}><ofd:Annot Type="Watermark"><ofd:Appearance>{line("严禁复制", 30, 50)}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>'
    body = ofd(
        content(line("正文", 30, 50)), behind="<ofd:Annotations>Annots.xml</ofd:Annotations>", extra=[("Doc_0/Annots.xml", annotation)]
    )
    assert read_ofd(body).text == "正文"


def test_hidden_text_counts_only_where_there_is_no_other():
    assert text_of(line("看得见", 30, 50), line("看不见", 30, 70, extra='Visible="false"')) == "看得见"
    assert text_of('<ofd:ImageObject ID="5"/>', line("扫描件的文字层", 30, 70, extra='Visible="false"')) == "扫描件的文字层"


def test_pages_that_are_pictures_are_a_scan():
    record = read_ofd(ofd(content('<ofd:ImageObject ID="5" ResourceID="4" Boundary="0 0 210 297"/>')))
    assert (record.text, record.flags, record.pages) == ("", ("scanned",), 1)


def test_seals_and_attached_files_are_noted():
    listed = f'<ofd:Attachments {OFD}><ofd:Attachment ID="1" Name="附表.xlsx" Size="12"><ofd:FileLoc>a.xlsx</ofd:FileLoc></ofd:Attachment></ofd:Attachments>'
    body = ofd(
        content(line("正文", 30, 50)),
        body="<ofd:Signatures>/Doc_0/Signs.xml</ofd:Signatures>",
        behind="<ofd:Attachments>Attachs.xml</ofd:Attachments>",
        extra=[("Doc_0/Attachs.xml", listed)],
    )
    record = read_ofd(body)
    assert record.flags == ("signed",)
    assert [(file.name, file.size) for file in record.files] == [("附表.xlsx", 12)]


def test_the_current_version_is_read():
    versions = '<ofd:Versions><ofd:Version ID="1" Index="1" Current="true" BaseLoc="Doc_0/V1.xml"/></ofd:Versions>'
    extra = [
        ("Doc_0/V1.xml", f"<ofd:DocVersion {OFD}><ofd:DocRoot>Document_1.xml</ofd:DocRoot></ofd:DocVersion>"),
        ("Doc_0/Document_1.xml", f'<ofd:Document {OFD}><ofd:Pages><ofd:Page ID="1" BaseLoc="New.xml"/></ofd:Pages></ofd:Document>'),
        ("Doc_0/New.xml", page(content(line("新版", 30, 50)))),
    ]
    assert read_ofd(ofd(content(line("旧版", 30, 50)), body=versions, extra=extra)).text == "新版"


def test_glyph_numbers_instead_of_characters_are_flagged():
    assert read_ofd(ofd(content(line("\ue001\ue002\ue003", 30, 50)))).flags == ("garbled",)


def test_a_missing_page_leaves_the_others():
    listed = f'<ofd:Document {OFD}><ofd:Pages><ofd:Page BaseLoc="no.xml"/><ofd:Page BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>'
    record = read_ofd(ofd(content(line("正文", 30, 50)), extra=[("Doc_0/Document.xml", listed)]))
    assert record.text == "正文"
    assert record.flags == ("damaged", "partial")


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_ofd_is_a_record_with_a_reason(body):
    record = read_ofd(body)
    assert record.flags == ("damaged",)
    assert record.reason


@given(st.text("g 0123456789.-e", max_size=60), st.integers(0, 50))
def test_deltas_are_never_more_than_the_characters(text, most):
    assert len(deltas(text, most)) <= most


def test_repeated_deltas_are_written_short():
    assert deltas("g 3 5 2.5", 10) == [5, 5, 5, 2.5]
    assert deltas("g 999999999 1", 4) == [1, 1, 1, 1]


PAGE = content(line("正文内容", 30, 50), line("第二行", 30, 60))


@given(st.lists(st.tuples(st.integers(0, len(PAGE) - 1), st.text(max_size=5)), max_size=6))
@settings(max_examples=100, deadline=None)
def test_any_damage_gives_a_record(changes):
    inner = PAGE
    for at, replacement in changes:
        inner = inner[:at] + replacement + inner[at + len(replacement) :]
    assert read_ofd(ofd(inner.encode("utf-8", "replace").decode())).pages == 1
