"""Text that no catalogue knows is found, in templates and islands alike; what is fine is left."""

from pathlib import Path

import pytest

from cms.core.bare_text import in_code, in_component, in_files, in_template, unsaid

ROOT = Path(__file__).parents[2]


def test_no_template_and_no_island_says_anything_outside_the_catalogues():
    apps = [ROOT / name for name in ("cms", "courses", "quizzes", "cohorts")]
    found = list(in_files(apps, ROOT / "frontend" / "src"))
    assert [f"{path.relative_to(ROOT)}:{bare.line} {bare.text}" for path, bare in found] == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Results</p>",
        "<p>成绩</p>",
        "<p>{{ count }} rows</p>",
        '<img alt="A picture">',
        '<input placeholder="姓名">',
        '<a aria-label="Back" href="/x/">‹</a>',
        '{{ name|default:"none" }}',
        '{% include "x.html" with title="标题" %}',
        "{% if a %}Yes{% endif %}",
        "<p>&nbsp;Total</p>",
    ],
)
def test_it_finds_what_a_person_would_read(source):
    assert in_template(source)


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Results" %}</p>',
        "<p>{% blocktranslate count n=rows %}1 row{% plural %}{{ n }} rows{% endblocktranslate %}",
        '<img alt="{% translate "A picture" %}">',
        "{# a note of ours: 说明 #}<p>{{ page.title }}</p>",
        "{% comment %}not shown{% endcomment %}",
        '{% include "x.html" with title=_("Refused rows") %}',
        '{{ size|default:"steps-long" }}',
        '{% if "公示" in title %}·{% endif %}',
        "<td>{{ a }}–{{ b }}（{{ n }}）</td>",
        "<button>中文</button>",
        "{% block body_class %}desk{% endblock %}",
        '<a{% if x %} aria-current="page"{% endif %} href="/cms/">{{ y }}</a>',
    ],
)
def test_it_leaves_what_is_translated_or_no_word(source):
    assert in_template(source) == []


def test_it_names_the_line():
    assert [bare.line for bare in in_template("<p>\n{{ a }}\n\n  Total\n</p>")] == [4]


def test_it_reads_the_markup_of_a_component_and_not_its_bindings():
    clean = "<template><p :title=\"say('a')\" @click=\"a > b\">{{ say('b') }}</p></template>"
    assert in_component(clean) == []
    assert in_component("<template>\n<p>Hello</p></template>")[0].text == "Hello"
    assert in_component('<template><img alt="Chart" /></template>')
    assert in_component("<script>const a = '你好';</script><template><p /></template>")


def test_it_finds_chinese_in_code_but_not_in_its_comments():
    assert in_code("const a = '提交';")
    assert in_code("// 提交\n/** 交卷 */\nconst a = 1;") == []


def test_islands_say_the_same_in_every_language():
    said = {"en": {"a": "A", "b": " "}, "zh-hans": {"a": "甲", "b": "乙", "c": "丙"}}
    assert unsaid(said) == [("b", "en"), ("c", "en")]
