from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.document.dates import SHANGHAI, find_dates, parse_date, url_date


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]


FORMS = [
    ("2020年9月15日", date(2020, 9, 15), "day"),
    ("2006年04月3日", date(2006, 4, 3), "day"),
    ("2020年 9 月 15 日", date(2020, 9, 15), "day"),
    ("２０２０年９月１５日", date(2020, 9, 15), "day"),
    ("2026年元月1日", date(2026, 1, 1), "day"),
    ("2020年9月15號", date(2020, 9, 15), "day"),
    ("2016年07月08日 06:20:34", at(2016, 7, 8, 6, 20, 34), "second"),
    ("2024年04月06日 16:40", at(2024, 4, 6, 16, 40), "minute"),
    ("2020年09月13日08:12", at(2020, 9, 13, 8, 12), "minute"),
    ("2020年9月13日（星期日）下午3时05分", at(2020, 9, 13, 15, 5), "minute"),
    ("2020-09-15 10:11", at(2020, 9, 15, 10, 11), "minute"),
    ("2020-09-15 10:11:09", at(2020, 9, 15, 10, 11, 9), "second"),
    ("2020-09-15T02:11:09Z", at(2020, 9, 15, 10, 11, 9), "second"),
    ("2020-09-15T10:11:09+08:00", at(2020, 9, 15, 10, 11, 9), "second"),
    ("2023-10-23  08:59", at(2023, 10, 23, 8, 59), "minute"),
    ("2011-06-18 00:00:00", date(2011, 6, 18), "day"),
    ("2016-10-28 00:00", date(2016, 10, 28), "day"),
    ("2020/9/15", date(2020, 9, 15), "day"),
    ("2020/12/31 14:29:32", at(2020, 12, 31, 14, 29, 32), "second"),
    ("2020.9.15", date(2020, 9, 15), "day"),
    ("2020.09.15", date(2020, 9, 15), "day"),
    ("24.05.2017  05:11", at(2017, 5, 24, 5, 11), "minute"),
    ("05.10.2014  19:06", at(2014, 10, 5, 19, 6), "minute"),
    ("二〇二〇年九月十五日", date(2020, 9, 15), "day"),
    ("二○一一年四月八日", date(2011, 4, 8), "day"),
    ("二OO八年四月十一日", date(2008, 4, 11), "day"),
    ("二ＯＯ八年四月十一日", date(2008, 4, 11), "day"),
    ("二0一九年十二月三十一日", date(2019, 12, 31), "day"),
    ("二零二零年一月二十日", date(2020, 1, 20), "day"),
    ("二〇二〇年十一月二十三日", date(2020, 11, 23), "day"),
    ("二◯二一年十月廿一日", date(2021, 10, 21), "day"),
    ("20200313", date(2020, 3, 13), "day"),
    ("20201012101112", at(2020, 10, 12, 10, 11, 12), "second"),
    ("1586422800", at(2020, 4, 9, 17, 0), "second"),
    ("1586422800000", at(2020, 4, 9, 17, 0), "second"),
    ("2020-05-07-10:11:12", at(2020, 5, 7, 10, 11, 12), "second"),
    ("2017——04——12 21:37", at(2017, 4, 12, 21, 37), "minute"),
    ("2020－05－07", date(2020, 5, 7), "day"),
    ("2020—05—07", date(2020, 5, 7), "day"),
    ("[2018-01-02]", date(2018, 1, 2), "day"),
    ("(2019-06-04 09:48:26)", at(2019, 6, 4, 9, 48, 26), "second"),
    ("【2020-05-07】", date(2020, 5, 7), "day"),
    ("民國109年3月4日", date(2020, 3, 4), "day"),
    ("民国一〇九年三月四日", date(2020, 3, 4), "day"),
    ("民國109.03.04", date(2020, 3, 4), "day"),
    ("发布时间：2026年03月05日 来源：示例县人民政府", date(2026, 3, 5), "day"),
    ("（2020年9月15日）", date(2020, 9, 15), "day"),
    ("2 0 2 0 年 9 月 1 5 日", date(2020, 9, 15), "day"),
    ("2020年1 2月5日", date(2020, 12, 5), "day"),
    ("二 〇 二 〇 年 九 月 十 五 日", date(2020, 9, 15), "day"),
    ("二〇二〇年\n九月\u3000十五日", date(2020, 9, 15), "day"),
    ("贰零贰零年玖月拾伍日", date(2020, 9, 15), "day"),
    ("二〇二〇年五月卅一日", date(2020, 5, 31), "day"),
    ("二〇二〇年五月三十一日", date(2020, 5, 31), "day"),
    ("二о二о年正月二日", date(2020, 1, 2), "day"),
    ("公历2020年1月25日（农历正月初一）", date(2020, 1, 25), "day"),
    ("农历正月初一 2020年1月25日", date(2020, 1, 25), "day"),
    ("2020年9月15日（星期二）上午9点30分", at(2020, 9, 15, 9, 30), "minute"),
    ("2020年9月15日 周二 10:11", at(2020, 9, 15, 10, 11), "minute"),
    ("2020-09-15T10:11:09.123+0800", at(2020, 9, 15, 10, 11, 9), "second"),
    ("/Date(1586422800000)/", at(2020, 4, 9, 17, 0), "second"),
    ("民国元年以来，民國一百零九年三月四日", date(2020, 3, 4), "day"),
]


@pytest.mark.parametrize(("text", "value", "precision"), FORMS)
def test_every_form_pages_use_is_read(text, value, precision):
    (found,) = find_dates(text)
    assert (found.value, found.precision) == (value, precision)
    assert text[found.start : found.end] == found.text
    assert parse_date(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "xxxx年xx月xx日",
        "x月xx日",
        "××年×月×日",
        "某年某月",
        "20XX年5月3日",
        "2020年xx月xx日",
        "2026-02-00018",
        "11500383009338112H/2021-00021",
        "113325000026455663/2023-43887",
        "20191202-189769",
        "〔2026〕7号",
        "〔2020〕17号",
        "[2020]11号",
        "2020年度",
        "九十年代",
        "昨日 近日 上周五",
        "农历正月初三",
        "109年3月4日",
        "2020年13月45日",
        "2019-02-29",
        "1912年5月4日",
        "192.168.10.2020",
        "版本2020.9.15.3",
        "电话 010-20200315",
        "2020101210",
        "20201345",
        "10:30",
        "农历二〇二〇年五月八日",
        "农历二〇二〇年（庚子年）五月八日",
        "2020年X月8日",
        "2020年9月_日",
        "某年5月8日",
        "2020年2月30日",
        "二〇二〇年十三月一日",
        "表1 2月31日",
    ],
)
def test_what_is_no_date_gives_none(text):
    assert parse_date(text) is None
    assert all(found.value is None for found in find_dates(text))


@pytest.mark.parametrize(
    ("text", "precision"),
    [("2020年5月", "month"), ("截至2020年", "year"), ("二〇二〇年五月", "month"), ("5月23日", "day")],
)
def test_a_coarse_date_keeps_its_precision_but_has_no_value(text, precision):
    (found,) = find_dates(text)
    assert (found.value, found.precision) == (None, precision)


@pytest.mark.parametrize(
    ("text", "anchor", "value"),
    [
        ("5月23日，全厅会议召开", date(2017, 5, 24), date(2017, 5, 23)),
        ("12月30日", date(2021, 1, 3), date(2020, 12, 30)),
        ("1月5日", date(2020, 12, 20), date(2021, 1, 5)),
        ("[ 01-27]", date(2021, 2, 1), date(2021, 1, 27)),
        ("04-12", date(2021, 4, 13), date(2021, 4, 12)),
        ("今年5月23日", date(2017, 9, 1), date(2017, 5, 23)),
        ("去年5月23日", date(2017, 9, 1), None),
        ("2月29日", date(2020, 3, 1), date(2020, 2, 29)),
        ("2月29日", date(2021, 3, 20), None),
        ("5月23日", at(2017, 5, 24, 5, 11), date(2017, 5, 23)),
        ("农历五月初八", date(2017, 5, 24), None),
        ("农历五月八日", date(2017, 5, 24), None),
        ("xx年5月23日", date(2017, 5, 24), None),
        ("表1 2月3日", date(2017, 2, 4), date(2017, 2, 3)),
    ],
)
def test_a_day_without_year_takes_it_from_the_page_s_own_date(text, anchor, value):
    assert parse_date(text, anchor) == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2019年10月28日至11月18日，县委巡察组", [date(2019, 10, 28), date(2019, 11, 18)]),
        ("2019年12月28日至1月18日", [date(2019, 12, 28), date(2020, 1, 18)]),
        ("2020年5月24日至27日", [date(2020, 5, 24), date(2020, 5, 27)]),
        ("2020年5月24—27日", [date(2020, 5, 24), date(2020, 5, 27)]),
        ("2020年5月24、25日", [date(2020, 5, 24), date(2020, 5, 25)]),
        ("2020.5.24-6.3", [date(2020, 5, 24), date(2020, 6, 3)]),
        ("2020/12/28至1/3", [date(2020, 12, 28), date(2021, 1, 3)]),
        ("2020年5月24日—6月3日", [date(2020, 5, 24), date(2020, 6, 3)]),
    ],
)
def test_the_second_half_of_a_range_inherits(text, values):
    assert [found.value for found in find_dates(text)] == values


@pytest.mark.parametrize(
    ("url", "value", "precision"),
    [
        ("http://a.gov.cn/xxgk/202001/t20200115_123.html", date(2020, 1, 15), "day"),
        ("http://a.gov.cn/art/2020/5/7/art_12_345.html", date(2020, 5, 7), "day"),
        ("http://a.gov.cn/2020-05/07/c_123.htm", date(2020, 5, 7), "day"),
        ("http://a.gov.cn/n1/2020/0508/c14-1.html", date(2020, 5, 8), "day"),
        ("http://a.gov.cn/xw/20200313/9f0c.html", date(2020, 3, 13), "day"),
        ("http://a.gov.cn/zwgk/202005/abc.shtml", None, "month"),
        ("http://a.gov.cn/2020/05/abc.shtml", None, "month"),
    ],
)
def test_addresses_carry_dates(url, value, precision):
    found = url_date(url)
    assert found is not None
    assert (found.value, found.precision) == (value, precision)
    assert url[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "url",
    [
        "http://a.gov.cn/info/1001/1234.htm",
        "http://a.gov.cn/egov/2018-1220012.htm",
        "http://a.gov.cn/201399/x.html",
        "http://a.cn/content_5501234.htm",
    ],
)
def test_numbers_in_addresses_are_not_all_dates(url):
    assert url_date(url) is None


DAYS = st.dates(date(1949, 10, 1), date(2099, 12, 31))


@given(
    DAYS,
    st.sampled_from(
        ["{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}", "{0.day}.{0.month}.{0.year}", "{0:%Y%m%d}"]
    ),
)
def test_every_day_written_is_the_day_read(day, form):
    assert parse_date(form.format(day)) == day


@given(DAYS)
def test_every_day_in_chinese_numerals_is_the_day_read(day):
    digits = "〇一二三四五六七八九"

    def spell(number: int) -> str:
        tens, ones = divmod(number, 10)
        return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")

    year = "".join(digits[int(figure)] for figure in str(day.year))
    assert parse_date(f"{year}年{spell(day.month)}月{spell(day.day)}日") == day


@given(DAYS, st.integers(-330, 30))
def test_a_resolved_day_lies_near_its_anchor(anchor, days):
    day = anchor + timedelta(days)
    found = parse_date(f"{day.month}月{day.day}日", anchor)
    assert found is None or -330 <= (found - anchor).days <= 45


@given(st.text(alphabet="0123456789年月日至-./:〇一二十 t_x[]民国上下午时分", max_size=60), st.none() | DAYS)
def test_no_text_breaks_the_reader_and_offsets_hold(text, anchor):
    found = find_dates(text, anchor)
    assert all(text[each.start : each.end] == each.text for each in found)
    assert [each.start for each in found] == sorted(each.start for each in found)
    url_date("http://a.cn/" + text)


@given(
    DAYS,
    st.sampled_from([" ", "\n", "\u3000", "\xa0", ""]),
    st.sampled_from(["", "上午", "（星期五）", " 08:30", "T08:30:09+08:00", "起", "。", "印发"]),
)
def test_blanks_inside_and_words_behind_change_no_day(written, blank, behind):
    text = blank.join(f"{written.year}年{written.month}月{written.day}日") + behind
    found = parse_date(text)
    assert found is not None
    assert (found.year, found.month, found.day) == (written.year, written.month, written.day)


@given(st.integers(1990, 2040), st.integers(13, 99), st.integers(32, 99))
def test_impossible_days_never_become_dates(year, month, day):
    texts = [f"{year}年{month}月1日", f"{year}年1月{day}日", f"{year}-{month}-01", f"{year}-01-{day}", f"{year}.{month}.1"]
    assert [parse_date(text, date(year, 1, 1)) for text in texts] == [None] * 5


@pytest.mark.parametrize("pump", ["2020年", "二〇", "1 2 ", "2020-", "2020年5月 ", "农历(", "民国", "5月8", "[" * 3, "20200915"])
def test_time_goes_with_the_length(pump):
    find_dates(pump * 20000)
    url_date("http://a.cn/" + pump * 2000)


@given(st.text(max_size=80))
def test_any_text_is_read_without_error(text):
    find_dates(text)
    url_date(text)
