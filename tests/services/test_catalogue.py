"""The catalogues: one word in two senses, and the words that come from elsewhere."""

from pathlib import Path

from babel.messages.catalog import Catalog
from django.utils.translation import override, pgettext

from cms.core import catalogue


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
