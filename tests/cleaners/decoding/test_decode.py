from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.decoding.decode import decode, encoding_evidence
from cleaners.records import Evidence

HANS = (
    "示例县人民政府办公室关于印发《示例县农村公路管理办法》的通知。各乡镇人民政府，县直有关单位：为进一步加强农村公路管理，"
    "保障农村公路完好畅通，根据有关法律法规，结合我县实际，制定本办法。请认真贯彻执行。联系人：王小明。"
)
HANT = (
    "示例縣人民政府辦公室關於印發農村公路管理辦法的通知。各鄉鎮人民政府，縣直有關單位：為進一步加強農村公路管理，"
    "保障農村公路完好暢通，根據有關法律法規，結合我縣實際，制定本辦法。請認真貫徹執行。"
)


def page(text: str, label: str = "") -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""
    return f"<html><head>{meta}<title>{text[:12]}</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("label", ["", "gb2312", "gbk", "utf-8", "big5", "iso-8859-1", "no-such-charset", "utf-16", "base64", "shift_jis"])
@pytest.mark.parametrize(
    ("text", "encoding"), [(HANS, "gb18030"), (HANS, "utf-8"), (HANT, "big5hkscs"), (HANT, "gb18030"), (HANT, "utf-8")]
)
def test_a_wrong_label_never_makes_mojibake(text, encoding, label):
    decoded = decode(page(text, label).encode(encoding))
    assert decoded.text == page(text, label)
    assert decoded.encoding == encoding
    assert decoded.replacements == 0


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (b"\x84\x31\x95\x33", "gb18030"),
    ],
)
def test_a_byte_order_mark_wins_over_every_label(mark, encoding):
    decoded = decode(mark + page(HANS, "gb2312").encode(encoding), (("Content-Type", "text/html; charset=big5"),))
    assert (decoded.text, decoded.encoding, decoded.method) == (page(HANS, "gb2312"), encoding, "bom")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_known_without_its_mark(encoding):
    assert decode(page(HANS).encode(encoding)).text == page(HANS)


@pytest.mark.parametrize(
    "title", ["关于召开全县脱贫攻坚工作会议的通知", "通知公告", "示例市交通运输局", "政务公开 2020 Transport Notice ICP 12345"]
)
def test_a_short_title_in_gbk_is_read(title):
    assert decode(title.encode("gb18030")).text == title


@pytest.mark.parametrize("cut", [1, 2])
def test_a_character_cut_off_at_the_end_costs_only_itself(cut):
    decoded = decode(HANS.encode()[:-cut])
    assert decoded.text == HANS[:-1] + "\ufffd"
    assert (decoded.encoding, decoded.replacements) == ("utf-8", 1)


@pytest.mark.parametrize(("encoding", "text"), [("gb18030", HANS), ("utf-8", HANS), ("big5hkscs", HANT)])
@pytest.mark.parametrize("damage", ["lost", "broken"])
@pytest.mark.parametrize("position", [0, 9, 30, 61])
def test_one_broken_byte_costs_a_character_and_not_the_page(encoding, text, damage, position):
    body = bytearray(page(text, encoding).encode(encoding))
    at = page(text, encoding).encode(encoding).index(text[14:18].encode(encoding)) + position
    body[at : at + 1] = b"" if damage == "lost" else b"\xff"
    decoded = decode(bytes(body))
    assert decoded.encoding == encoding
    whole = page(text, encoding)
    before = next(i for i, (one, other) in enumerate(zip(decoded.text, whole, strict=False)) if one != other)
    after = next(i for i, (one, other) in enumerate(zip(decoded.text[::-1], whole[::-1], strict=False)) if one != other)
    # a byte lost from Big5 leaves pairs that read as other characters up to the next one with an ASCII half
    assert len(whole) - before - after <= (10 if encoding == "big5hkscs" else 4)


def test_labels_are_read_in_every_spelling():
    assert decode(b"<meta charset=gb2312>").declared == "gb18030"
    assert decode(b"<META http-equiv='Content-Type' content='text/html; charset=GBK'/>").declared == "gb18030"
    assert decode(b'<?xml version="1.0" encoding="Big5"?>').declared == "big5hkscs"
    assert decode(b"", (("content-type", 'text/html; Charset="UTF-8"'),)).declared == "utf-8"
    assert decode(b"<meta charset=gbk>", (("Content-Type", "text/html; charset=ISO-8859-1"),)).declared == "gb18030"
    assert decode(b" " * 5000 + b"<meta charset=gbk>").declared == ""


def test_nul_never_reaches_the_text():
    decoded = decode(b"a\x00b" + "通知".encode())
    assert decoded.text == "a\ufffdb通知"
    assert decoded.replacements == 1


def test_nothing_is_nothing():
    assert decode(b"").text == ""


def test_other_languages_keep_their_label():
    text = "Постановление правительства о дорогах. " * 5
    assert decode(f"<meta charset=windows-1251>{text}".encode("cp1251")).text.endswith(text)


@given(st.binary(max_size=300), st.sampled_from(["", "gbk", "big5", "utf-8", "hz", "punycode", "idna", "unicode_escape"]))
def test_no_bytes_are_too_broken(body, label):
    decoded = decode(body, (("Content-Type", f"text/html; charset={label}"),))
    assert "\x00" not in decoded.text
    decoded.text.encode("utf-8")
    assert decoded.replacements == decoded.text.count("\ufffd")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffd")))
def test_utf8_is_always_read_as_it_is(text):
    decoded = decode(text.encode())
    assert decoded.text == text.removeprefix("\ufeff")


def test_contradicting_labels_are_kept_as_evidence_with_what_was_lost():
    decoded = decode(page(HANS, "big5").encode("gb18030")[:-30] + b"\xff", (("Content-Type", "text/html; charset=utf-8"),))
    assert decoded.labels == (("utf-8", "header"), ("big5", "meta"))
    assert encoding_evidence(decoded) == Evidence("gb18030", "", "1 U+FFFD", "lossy", decoded.labels)


RARE = "经研究，决定授予王䶮、李㼆、陈𠮷三名同志称号，镕、喆、堃各字照旧，特此通知。"


@pytest.mark.parametrize(
    ("text", "encoding"), [(RARE, "gb18030"), (HANS, "gb18030"), (HANT, "big5hkscs"), (HANS, "utf-8"), (HANT, "utf-16-le")]
)
@pytest.mark.parametrize("damage", ["deleted", "inserted", "replaced"])
@pytest.mark.parametrize("at", [3, 12, 21, 27])
def test_one_bad_byte_costs_its_character_and_at_most_a_neighbour(text, encoding, damage, at):
    whole = page(text)
    place = whole.index(text) + at
    where = len(whole[:place].encode(encoding))
    body = whole.encode(encoding)
    body = body[:where] + (b"" if damage == "deleted" else b"\xfe") + body[where + (damage != "inserted") :]
    read = decode(body).text
    assert read.startswith(whole[: place - 1])
    assert read.endswith(whole[place + 2 :])


@pytest.mark.parametrize("title", ["公告", "公示", "人事任免", "示例县统计局"])
@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "utf-8"])
def test_a_short_text_with_a_broken_byte_is_still_chinese(title, encoding):
    if encoding == "big5hkscs":
        title = title.replace("县统计", "縣統計")
    body = f"<p>{title}</p><p>{title}</p>".encode(encoding)
    read = decode(body.replace(b"</p>", b"\xff</p>", 1))
    assert (read.encoding, read.text.count(title)) == (encoding, 2)


def test_what_no_page_needs_mending_is_left_alone():
    text = "甲A栋、维生素C，桂B12345，车n台；Windows系统[注]_示例网<br>"
    assert decode((text * 5).encode("gb18030")).text == text * 5
    assert decode((HANT + "甲A棟、維生素C，第B座[註]" * 3).encode("big5")).text == HANT + "甲A棟、維生素C，第B座[註]" * 3


def test_zero_bytes_between_characters_of_utf8_do_not_make_it_utf16():
    decoded = decode(b"<html><body>" + "一\0".encode() * 2000)
    assert (decoded.encoding, decoded.text.count("一"), decoded.replacements) == ("utf-8", 2000, 2000)
