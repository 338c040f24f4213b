import pytest

from cms.core.money import AmountRefused, capitals, parse_yuan, yuan_text


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (5_700_000, "57,000.00"),
        (0, "0.00"),
        (5, "0.05"),
        (22_050, "220.50"),
        (-300_000, "−3,000.00"),
        (123_456_789_012, "1,234,567,890.12"),
    ],
)
def test_yuan_have_two_decimals_commas_and_a_true_minus(fen, shown):
    assert yuan_text(fen) == shown


# The first five are the examples of 支付结算办法 (银发〔1997〕393号) 附一 with the optional 零 left
# out or put in as the annex allows; the rest follow from its rules.
CAPITALS = [
    (140_950, "壹仟肆佰零玖元伍角整"),
    (600_714, "陆仟零柒元壹角肆分"),
    (168_032, "壹仟陆佰捌拾元叁角贰分"),
    (10_700_053, "壹拾万柒仟元伍角叁分"),
    (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
    (5_700_000, "伍万柒仟元整"),
    (22_050, "贰佰贰拾元伍角整"),
    (0, "零元整"),
    (5, "伍分"),
    (10, "壹角整"),
    (56, "伍角陆分"),
    (1000, "壹拾元整"),
    (32_504, "叁佰贰拾伍元零肆分"),
    (10_010_000, "壹拾万零壹佰元整"),
    (100_050_000, "壹佰万零伍佰元整"),
    (10_000_000_100, "壹亿零壹元整"),
    (10_000_010_000, "壹亿零壹佰元整"),
    (100_100_000_000, "壹拾亿零壹佰万元整"),
    (120_000_000_000_000, "壹万贰仟亿元整"),
    (100_000_000_000_100, "壹万亿零壹元整"),
    (-18_000, "负壹佰捌拾元整"),
]


@pytest.mark.parametrize(("fen", "written"), CAPITALS)
def test_amounts_are_written_in_full(fen, written):
    assert capitals(fen) == written


def test_an_amount_too_large_to_write_is_refused():
    with pytest.raises(AmountRefused):
        capitals(10**18)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("57,000.00", 5_700_000),
        ("￥3000", 300_000),
        ("３０００元", 300_000),
        (" 220.5 元", 22_050),
        (0.29, 29),
        (3000.0, 300_000),
        ("−3,000.00", -300_000),
        ("人民币220元整", 22_000),
    ],
)
def test_amounts_are_read_as_people_write_them(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize("text", ["", "三千", "3,00", "1.005", "nan", "1e3", "--5", "12元5"])
def test_what_is_not_an_amount_is_refused(text):
    with pytest.raises(AmountRefused):
        parse_yuan(text)
