"""What a code could not settle: three requests that wait for the office of 中宁县."""

from datetime import datetime, timedelta

from cms.accounts.models import ConsentText, LinkRequest, Person, Region, User
from cms.accounts.services import (
    Entered,
    ask_for_link,
    find_or_create_person,
    give_consent,
    give_up_phone,
    open_account,
    queue_unanswered_codes,
)
from cms.accounts.services.consent import SENSITIVE
from cms.core.identity import FICTIONAL_PROVINCE, check_character

COUNTY = "640521"
# user name, name entered, days before the load, phone; the first two name one and the same number.
ASKED = (
    ("zn-ma-xiaohua", "马晓花", 3, "12000000031"),
    ("zn-ma-xiaohua-2", "马晓华", 2, "12000000032"),
    ("zn-tian-jun", "田军", 1, "12000000033"),
)
NAMES_ON_RECORD = ("马晓华", "马晓华", "田军")
LOST = "鸣沙镇社工站，站长可以证明号码换过"


def requests_wait() -> bool:
    return LinkRequest.objects.across_regions().filter(region=COUNTY).exists()


def ask(now: datetime) -> None:
    for entry, on_record in zip(ASKED, NAMES_ON_RECORD, strict=True):
        username, name, days_ago, phone = entry
        at = now - timedelta(days=days_ago)
        person = _on_record(on_record, at)
        user, _ = open_account(username=username, name=name, phone=phone)
        _agree(user, at)
        county = Region.objects.get(code=COUNTY)
        said = Entered(name=name, id_number=person.id_number.open(), region=county)
        ask_for_link(user, said, now=at)
        if on_record == "田军":
            give_up_phone(user, phone=phone, statement=LOST)
    queue_unanswered_codes(now=now)


def _on_record(name: str, at: datetime) -> Person:
    """Somebody of a roster, with the phone of that time; the number follows from the name."""
    serial = 300 + NAMES_ON_RECORD.index(name)
    body = f"{FICTIONAL_PROVINCE}0521199003{10 + serial % 10}{serial}"
    number = body + check_character(body)
    person, _ = find_or_create_person(
        id_number=number, name=name, region=COUNTY, phone=f"12000000{serial}", now=at
    )
    return person


def _agree(user: User, at: datetime) -> None:
    text = ConsentText.objects.filter(purpose=SENSITIVE, in_force_from__lte=at).first()
    if text is not None:
        give_consent(user, text, at)
