"""Who wrote under a number: equal for copies of one document on different sites, different for places that share a code."""

from __future__ import annotations

import pytest

from cleaners.document.authority import Publisher, identify

CITY = Publisher("临水市人民政府", "city", "990100")
NEIGHBOUR = Publisher("临山市人民政府", "city", "990200")
COUNTY = Publisher("示例县人民政府", "county", "990123")
MINISTRY = Publisher("中华人民共和国交通运输部", "central")


def authority(*given):
    identity = identify(*given)
    assert identity
    return identity.authority, identity.basis


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("国发〔2019〕5号", "", "", COUNTY), ("cn", "code")),
        (("国办发〔2019〕5号", "示例县人民政府", "", COUNTY), ("cn", "code")),
        (("国务院令第711号",), ("cn", "code")),
        (("国家发展和改革委员会令2020年第31号",), ("cn", "code")),
        (("工信部联节〔2020〕7号", "", "", CITY), ("cn", "code")),
        (("粤府令第184号", "", "", CITY), ("cn-44", "code")),
        (("黔府发〔2018〕第7号",), ("cn-52", "code")),
        (("广东省人民代表大会常务委员会公告第3号",), ("cn-44", "code")),
        (("临府〔2020〕5号", "", "", CITY), ("临水市", "site")),
        (("临府〔2020〕5号", "", "", NEIGHBOUR), ("临山市", "site")),
        (("临府〔2020〕5号", "广东省临水市人民政府办公室", "", NEIGHBOUR), ("临水市", "issuer")),
        (("市政府令第7号", "", "", CITY), ("临水市", "site")),
        (("临水市人民政府令第7号", "", "", NEIGHBOUR), ("临水市", "code")),
        (("民发〔2020〕5号", "示例县民政局", "", CITY), ("示例县", "issuer")),
        (("民发〔2020〕5号", "民政部", "", CITY), ("cn", "issuer")),
        (("临政发〔2020〕5号", "临水市沿河区人民政府"), ("临水市沿河区", "issuer")),
        (("示例发〔2020〕5号", "", "", Publisher("示例网", "city", "990100")), ("990100", "site")),
        (("示例发〔2020〕5号",), ("", "")),
    ],
)
def test_an_authority_is_read_from_the_code_then_the_issuer_then_the_site(given, told):
    assert authority(*given) == told


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        (("公告2019年第1号", "交通运输部"), "交通运输部公告2019年第1号"),
        (("2019年第1号", "", "公告", MINISTRY), "交通运输部公告2019年第1号"),
        (("第711号", "国务院", "令"), "国务院令第711号"),
        (("第九号", "示例省人民代表大会常务委员会", "公告"), "示例省人大常委会公告第9号"),
        (("第九号", "", "公告", CITY), "第9号"),
    ],
)
def test_a_number_without_an_issuer_takes_that_of_its_page(given, canonical):
    identity = identify(*given)
    assert identity
    assert identity.key.canonical == canonical


@pytest.mark.parametrize("name", ["杭州市人民政府", "浙江省杭州市人民政府办公厅"])
def test_a_place_may_have_a_unit_in_its_name(name):
    assert authority("杭政函〔2020〕1号", name) == ("杭州市", "issuer")


def test_an_office_for_markets_is_no_city():
    assert authority("示市监〔2020〕1号", "市场监督管理局") == ("", "")


def test_no_number_is_nobodys():
    assert identify("总第12期", "临水市人民政府") is None
