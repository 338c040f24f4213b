"""The accounts of the story: nine that a visitor can sign in to, and colleagues who only acted.

Checking and paying need several hands (reviewer ≠ approver ≠ payer), so every office has two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop

from cms.accounts.models import User
from cms.accounts.roles import Role
from cms.accounts.services import grant_role, open_account
from cms.demo.people import TRAINEE_NAME

PASSWORD = "shegong-2026"  # noqa: S105 -- made-up people only; printed by `make demo`
IN_OFFICE_SINCE = date(2022, 1, 1)


@dataclass(frozen=True)
class Account:
    """One account; `first_page` is where its holder should look first."""

    username: str
    name: str
    phone: str
    role: Role
    region: str | None = None
    first_page: str = ""
    role_words: str = ""


SIGN_IN = (
    Account(
        "trainee", TRAINEE_NAME, "12000000001", Role.TRAINEE, None, "/today/",
        gettext_noop("trainee"),
    ),
    Account(
        "instructor", "罗静文", "12000000002", Role.INSTRUCTOR, None, "/workbench/",
        gettext_noop("instructor"),
    ),
    Account("editor", "金若梅", "12000000003", Role.EDITOR, None, "/cms/", gettext_noop("editor")),
    Account(
        "organiser", "白志远", "12000000004", Role.ORGANISER, "6405", "/workbench/",
        gettext_noop("class organiser"),
    ),
    Account(
        "county", "田彦青", "12000000005", Role.COUNTY_OFFICER, "640521",
        "/workbench/certificates/", gettext_noop("county officer"),
    ),
    Account(
        "city", "周国梁", "12000000006", Role.CITY_OFFICER, "6405",
        "/workbench/outcomes/?region=6405&year=2023",
        gettext_noop("city officer"),
    ),
    Account(
        "finance", "雍惠玲", "12000000007", Role.FINANCE_OFFICER, "6405",
        "/workbench/subsidies/batches/", gettext_noop("finance officer"),
    ),
    Account(
        "auditor", "贾绍华", "12000000008", Role.AUDITOR, "6405", "/workbench/audit/",
        gettext_noop("auditor"),
    ),
    Account(
        "admin", "站点管理员", "12000000009", Role.SITE_ADMIN, None, "/cms/",
        gettext_noop("site administrator"),
    ),
)  # fmt: skip
COLLEAGUES = (
    Account("shapotou", "冯月梅", "12000000011", Role.COUNTY_OFFICER, "640502"),
    Account("shapotou-2", "马佩兰", "12000000012", Role.COUNTY_OFFICER, "640502"),
    Account("zhongning-2", "王耀先", "12000000013", Role.COUNTY_OFFICER, "640521"),
    Account("haiyuan", "李怀远", "12000000014", Role.COUNTY_OFFICER, "640522"),
    Account("haiyuan-2", "穆清芬", "12000000015", Role.COUNTY_OFFICER, "640522"),
    Account("city-2", "陈景云", "12000000016", Role.CITY_OFFICER, "6405"),
    Account("city-3", "高景明", "12000000017", Role.CITY_OFFICER, "6405"),
    Account("finance-2", "俞静波", "12000000018", Role.FINANCE_OFFICER, "6405"),
)


def open_accounts() -> dict[str, User]:
    """All accounts by user name, made where missing; a password is hashed only then."""
    for account in (*SIGN_IN, *COLLEAGUES):
        _open(account, password=PASSWORD if account in SIGN_IN else None)
    return staff((*SIGN_IN, *COLLEAGUES))


def staff(accounts: Iterable[Account]) -> dict[str, User]:
    """The accounts as loaded anew, so that each sees the roles it has now."""
    names = [account.username for account in accounts]
    return {user.username: user for user in User.objects.filter(username__in=names)}


def _open(account: Account, *, password: str | None) -> None:
    if account.role is Role.SITE_ADMIN and not User.objects.filter(username=account.username):
        User.objects.create_superuser(
            account.username, password=password, first_name=account.name, phone=account.phone
        )
    user, _created = open_account(
        username=account.username, name=account.name, password=password, phone=account.phone
    )
    grant_role(user=user, role=account.role, region=account.region, valid_from=IN_OFFICE_SINCE)
