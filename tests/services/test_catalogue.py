"""The catalogues: one word in two senses, and the words that come from elsewhere."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, override, pgettext

from cms.core import catalogue, foreign_words


def test_one_word_in_two_senses_has_two_translations(tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text('{% translate "open" %}{% translate "open" context "account" %}')
    found = catalogue.found_in([tmp_path])
    said = {"open": "未办结", "account\x04open": "可用"}
    merged = catalogue.merge(Catalog(locale="zh_Hans"), found, said)
    assert catalogue.gaps(merged, found) == []
    assert merged.get("open").string == "未办结"
    assert merged.get("open", "account").string == "可用"


def test_a_sense_without_a_translation_is_a_gap(tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text('{% translate "open" %}{% translate "open" context "account" %}')
    found = catalogue.found_in([tmp_path])
    merged = catalogue.merge(Catalog(locale="zh_Hans"), found, {"open": "未办结"})
    assert [gap.msgid for gap in catalogue.gaps(merged, found)] == ["account\x04open"]


def test_accounts_are_open_in_another_word_than_objections():
    with override("zh-hans"):
        assert pgettext("account", "open") == "可用"
        assert pgettext("account", "closed") == "已停用"


def test_a_short_password_is_refused_in_chinese():
    """Django reworded this id in 5.2 and left the Chinese under the old one."""
    with override("zh-hans"), pytest.raises(ValidationError) as refused:
        validate_password("qz7-xk")
    assert refused.value.messages == ["密码太短，至少 8 个字符。"]


def test_the_admin_speaks_chinese_where_wagtail_does_not():
    with override("zh-hans"):
        assert gettext("Search all pages…") == "查找页面…"
        assert gettext("This field is required.") == "请填写这一项。"


def test_a_foreign_message_that_no_package_says_any_more_is_found():
    ours = Catalog(locale="zh_Hans")
    ours.add("Search all pages…", "查找页面…")
    ours.add("Search every single page…", "查找")
    scripts = Catalog(locale="zh_Hans")
    scripts.add("Insert a block", "插入内容块")
    assert foreign_words.stale(ours, scripts) == ["Search every single page…"]
