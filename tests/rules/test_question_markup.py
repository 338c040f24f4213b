import pytest

from quizzes.bank.markup import as_html, as_plain, clean, has_image


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("若 A<B 且 C>D & E", "若 A&lt;B 且 C&gt;D &amp; E"),
        ("第一行\n第二行", "第一行<br>第二行"),
        ("<p>社会<b onclick=x()>工作</b></p>", "<p>社会<b>工作</b></p>"),
        ("一<script>alert(1)</script>二", "一二"),
        ('<img src="http://evil/track.png">看图', "看图"),
        ('<a href="javascript:x()">链接</a>', "链接"),
        ("<div>一</div><div>二</div>", "一<br>二"),
        ('<p style="color:red" id="x">红</p>', "<p>红</p>"),
        ("甲&nbsp;乙", "甲 乙"),
    ],
)
def test_only_the_allowed_tags_are_left(written, safe):
    assert as_html(written) == safe
    assert clean(safe) == safe


@pytest.mark.parametrize(
    "payload",
    [
        "<svg onload=alert(1)>",
        "<iframe src=//evil>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<p><style>@import 'x'</style></p>",
        '<td background="javascript:x">a</td>',
        "<b/onmouseover=alert(1)>x</b>",
        "&lt;script&gt;alert(1)&lt;/script&gt;<p>x</p>",
    ],
)
def test_nothing_that_runs_is_left(payload):
    safe = as_html(payload).casefold()
    assert not any(
        word in safe for word in ("<script", "<svg", "<img", "<iframe", "<style", "=alert")
    )


def test_plain_text_comes_back():
    assert as_plain("<p>一&lt;二</p><p>三<br>四</p>") == "一<二\n三\n四"


def test_images_are_noticed():
    assert has_image('<img src="a.png">')
    assert not has_image("图片")
