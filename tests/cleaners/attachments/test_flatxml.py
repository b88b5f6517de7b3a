"""Word and Excel saved as one XML file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.attachments import read_here

WORD = """<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Word.Document"?>
<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:x="urn:x"><w:body><x:sect>
<w:p><w:r><w:t>关于做好</w:t></w:r><w:r><w:t>防汛工作的通知</w:t></w:r></w:p>
<w:p><w:r><w:t>一、</w:t><w:tab/><w:t>压实责任</w:t><w:delText>旧</w:delText></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>单位</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>金额</w:t></w:r></w:p><w:p><w:r><w:t>（万元）</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
</x:sect></w:body></w:wordDocument>"""
EXCEL = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="表一"><Table><Row><Cell><Data ss:Type="String">单位</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">2.60</Data></Cell></Row>
<Row/><Row><Cell><Data ss:Type="String">水务局</Data></Cell><Cell ss:Index="999999999"><Data>5</Data></Cell></Row></Table></Worksheet>
<Worksheet ss:Name="空"><Table/></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_paragraphs_and_tables_of_word_come_in_order(encoding):
    found = read_here(WORD.format(encoding=encoding).encode(encoding), "application/msword", "通知.doc")
    assert found.text == "关于做好防汛工作的通知\n一、\t压实责任\n单位\t金额 （万元）"
    assert (found.media_type, found.flags) == ("application/xml", ())


def test_cells_of_excel_keep_their_columns():
    found = read_here(EXCEL.encode(), name="表.xls")
    assert found.text == "单位\t\t2.60\n水务局\t5"
    assert found.tables == ((("单位", "", "2.60"), ("水务局", "5", "")),)
    assert found.flags == ()


def test_a_cut_file_gives_what_it_has():
    found = read_here(EXCEL[: EXCEL.index("<Row/>")].encode(), name="表.xls")
    assert found.text == "单位\t\t2.60"
    assert found.flags == ("damaged", "partial")


@given(st.integers(0, len(EXCEL)), st.text('<>/&;CellRowata "=', max_size=20))
def test_any_bytes_give_a_record(place, patch):
    for whole in (EXCEL, WORD):
        found = read_here((whole[:place] + patch + whole[place:]).encode(), name="a.xls")
        assert found.text or found.flags
