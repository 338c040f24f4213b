"""What forms say where something is missing or nothing is chosen yet."""

import pytest
from django.test import Client

from cms.accounts.models import Organisation
from tests.factories.pages import text_of
from tests.factories.people import PASSWORD, SHAPOTOU, ZHONGNING, make_officer, make_reference

pytestmark = pytest.mark.django_db

INVITE = "/workbench/accounts/invite/"


@pytest.fixture(autouse=True)
def reference() -> None:
    make_reference()


@pytest.fixture
def administrator() -> Client:
    client = Client()
    client.force_login(make_officer("admin", region=None, role="site_admin"))
    return client


def test_what_is_missing_is_called_by_its_name(administrator):
    page = text_of(administrator.post(INVITE, {}))
    assert "请填写姓名。" in page
    assert "请选择角色。" in page


def test_signing_in_with_nothing_says_what_to_fill_in(client):
    page = text_of(client.post("/accounts/login/", {"login": "", "password": ""}))
    assert "请填写用户名或手机号。" in page
    assert "请填写密码。" in page


def test_who_signed_in_is_greeted_by_name_and_told_no_success(client):
    make_officer("bob")
    entered = {"login": "bob", "password": PASSWORD}
    page = text_of(client.post("/accounts/login/", entered, follow=True))
    assert "bob，您已登录。" in page
    assert "成功" not in page


def test_an_empty_choice_asks_to_choose(administrator):
    page = text_of(administrator.get(INVITE))
    assert "请选择" in page
    assert "---------" not in page


def test_units_stand_under_their_county(administrator, django_assert_max_num_queries):
    for n in range(6):
        Organisation.objects.create(name=f"甲{n}", region_id=SHAPOTOU if n % 2 else ZHONGNING)
    with django_assert_max_num_queries(20):
        page = text_of(administrator.get(INVITE))
    assert page.count("<optgroup") == 2
    assert '<optgroup label="沙坡头区">' in page
