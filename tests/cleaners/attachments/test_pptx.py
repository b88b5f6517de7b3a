"""Presentations written as bare XML."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.attachments.pptx import read_pptx

SPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(*pairs):
    written = "".join(f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{target}"/>' for at, (kind, target) in enumerate(pairs, 1))
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{written}</Relationships>'


def pptx(*slides, order=None, extra=()):
    """A presentation of slides (what stands in the shape tree, attributes of the slide); `order` counts from 1."""
    listed = "".join(f'<p:sldId id="{255 + at}" r:id="r{at}"/>' for at in order or range(1, len(slides) + 1))
    members = {
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {SPACES}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(*(("slide", f"slides/slide{at}.xml") for at in range(1, len(slides) + 1))),
        **dict(extra),
    }
    for at, (shapes, attributes) in enumerate(slides, 1):
        members[f"ppt/slides/slide{at}.xml"] = f"<p:sld {SPACES} {attributes}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as package:
        for name, member in members.items():
            package.writestr(name, member)
    return body.getvalue()


def shape(*paragraphs, place=""):
    text = "".join(f"<a:p><a:r><a:t>{paragraph}</a:t></a:r></a:p>" for paragraph in paragraphs)
    return f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{place}"/></p:nvPr></p:nvSpPr><p:txBody>{text}</p:txBody></p:sp>'


def test_slides_are_read_in_the_order_they_are_shown():
    record = read_pptx(pptx((shape("第二张"), ""), (shape("第一张"), ""), order=[2, 1]))
    assert (record.text, record.pages, record.flags) == ("第一张\n第二张", 2, ())


def test_the_title_comes_first_and_what_every_slide_repeats_is_left_out():
    slide = shape("要点一", "要点二") + shape("3", place="sldNum") + shape("青山市政务公开", place="ftr") + shape("政策解读", place="title")
    assert read_pptx(pptx((slide, ""))).text == "政策解读\n要点一\n要点二"


def test_groups_and_tables_are_read():
    def cell(text, extra=""):
        return f"<a:tc {extra}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"

    rows = f"<a:tr>{cell('标题', 'gridSpan=' + chr(34) + '2' + chr(34))}{cell('', 'hMerge=' + chr(34) + '1' + chr(34))}</a:tr><a:tr>{cell('甲')}{cell('乙')}</a:tr>"
    frame = f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    record = read_pptx(pptx((f"<p:grpSp>{shape('组内')}</p:grpSp>{frame}", "")))
    assert record.text == "组内\n标题\n甲\t乙"
    assert record.tables == ((("标题", ""), ("甲", "乙")),)


def test_diagrams_hold_text():
    points = f"<d:dataModel xmlns:d='urn:d' {SPACES}><d:ptLst><d:pt><d:t><a:p><a:r><a:t>申请</a:t></a:r></a:p></d:t></d:pt></d:ptLst></d:dataModel>"
    extra = [("ppt/slides/_rels/slide1.xml.rels", relations(("diagramData", "../diagrams/data1.xml"))), ("ppt/diagrams/data1.xml", points)]
    assert read_pptx(pptx((shape("流程"), ""), extra=extra)).text == "流程\n申请"


def test_hidden_slides_are_left_out_and_flagged():
    record = read_pptx(pptx((shape("正片"), ""), (shape("备用"), 'show="0"')))
    assert (record.text, record.pages, record.flags) == ("正片", 1, ("hidden",))


def test_slides_that_are_pictures_are_a_scan():
    assert read_pptx(pptx(("<p:pic/>", ""))).flags == ("scanned",)
    assert read_pptx(pptx(("", ""))).flags == ("empty",)


def test_a_missing_slide_leaves_the_others():
    record = read_pptx(pptx((shape("正片"), ""), order=[1, 7]))
    assert (record.text, record.flags) == ("正片", ("damaged", "partial"))


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_presentation_is_a_record_with_a_reason(body):
    record = read_pptx(body)
    assert record.flags == ("damaged",)
    assert record.reason


SLIDE = shape("正文", "第二段")


@given(st.lists(st.tuples(st.integers(0, len(SLIDE) - 1), st.text('<>/ap:"tbl正', max_size=5)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_damage_gives_a_record(changes):
    slide = SLIDE
    for at, replacement in changes:
        slide = slide[:at] + replacement + slide[at + len(replacement) :]
    assert read_pptx(pptx((slide, ""))).media_type
