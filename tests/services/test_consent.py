"""Consent: versioned texts, rows that are added, the last one counts."""

from datetime import date, timedelta

import pytest

from cms.accounts.models import Consent, ConsentText
from cms.accounts.services import (
    give_consent,
    has_agreed,
    has_consent,
    load_consent_texts,
    text_to_agree,
    withdraw_consent,
)
from cms.core.errors import Refused
from cms.core.models import FactIsFinal
from tests.factories.joining import TERMS_TOML, make_account, make_text, texts_file
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db


def test_texts_are_loaded_once_and_without_what_could_run(tmp_path):
    path = texts_file(tmp_path)
    assert load_consent_texts(path) == load_consent_texts(path) == 2
    assert ConsentText.objects.count() == 2
    terms = ConsentText.objects.get(purpose="terms")
    assert terms.body == "<p>第一版 <strong>全文</strong></p>"


def test_a_version_that_was_published_is_never_reworded(tmp_path):
    load_consent_texts(texts_file(tmp_path))
    with pytest.raises(Refused) as caught:
        load_consent_texts(texts_file(tmp_path, TERMS_TOML.replace("全文", "改文")))
    assert caught.value.code == "text_reworded"
    assert "全文" in ConsentText.objects.get(purpose="terms").body


def test_a_site_without_texts_asks_for_nothing(tmp_path):
    assert load_consent_texts(tmp_path / "consent.toml") == 0
    assert text_to_agree(make_account(), "terms", NOW) is None


def test_the_newest_version_in_force_is_asked_for():
    first, second = make_text(), make_text(version=2, in_force_from=date(2026, 3, 1))
    make_text(version=3, in_force_from=date(2027, 1, 1))
    user = make_account()
    assert text_to_agree(user, "terms", NOW) == second
    early = NOW - timedelta(days=60)
    give_consent(user, first, early)
    assert text_to_agree(user, "terms", early) is None
    assert text_to_agree(user, "terms", NOW) == second
    give_consent(user, second, NOW)
    assert text_to_agree(user, "terms", NOW) is None


def test_a_text_that_was_replaced_while_it_was_read_is_not_agreed_to():
    first = make_text()
    make_text(version=2)
    with pytest.raises(Refused) as caught:
        give_consent(make_account(), first, NOW)
    assert caught.value.code == "text_replaced"
    assert not Consent.objects.exists()


def test_agreeing_twice_is_agreeing_once():
    user, text = make_account(), make_text()
    give_consent(user, text, NOW)
    give_consent(user, text, NOW + timedelta(hours=1))
    assert Consent.objects.get().at == NOW


def test_consent_is_taken_back_by_a_further_row_and_given_again():
    user, text = make_account(), make_text("survey")
    give_consent(user, text, NOW)
    withdraw_consent(user, "survey", NOW + timedelta(days=1))
    assert not has_consent(user, "survey")
    withdraw_consent(user, "survey", NOW + timedelta(days=2))
    give_consent(user, text, NOW + timedelta(days=3))
    assert has_consent(user, "survey")
    assert list(Consent.objects.values_list("given", flat=True)) == [True, False, True]


def test_the_terms_are_not_taken_back_while_the_account_is_used():
    user, text = make_account(), make_text()
    give_consent(user, text, NOW)
    with pytest.raises(Refused) as caught:
        withdraw_consent(user, "terms", NOW)
    assert caught.value.code == "terms_needed"
    assert has_agreed(user, text)


def test_one_consent_says_nothing_about_another_account_or_purpose():
    user, text = make_account(), make_text("survey")
    give_consent(user, text, NOW)
    assert not has_consent(make_account("other"), "survey")
    assert not has_consent(user, "terms")


def test_a_consent_is_final():
    user, text = make_account(), make_text()
    give_consent(user, text, NOW)
    with pytest.raises(FactIsFinal):
        Consent.objects.get().delete()
