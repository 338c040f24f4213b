"""The boards and the own subsidies in a browser: nothing scrolls sideways, axe finds nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import DESK, PHONE
from tests.factories.outcomes import enrol, make_class, make_class_staff
from tests.factories.people import (
    PASSWORD,
    ZHONGWEI,
    make_officer,
    make_person,
    make_results,
    make_trainee,
)
from tests.factories.subsidies import make_holder, stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = (PHONE, DESK, {"width": 320, "height": 700})


def two_classes() -> Any:
    for code, people, passed in (("one", range(1, 21), 6), ("two", range(30, 52), 20)):
        cohort = make_class(code)
        persons = [make_person(n) for n in people]
        for place, person in enumerate(persons):
            scores = {"junior-general": 61 if place < passed else 40, "junior-practice": 61}
            make_results(person, scores, year=2023)
        enrol(cohort, persons)
    return cohort


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_boards_read_at_every_width(
    live_server: Any,
    page: Page,
    sign_in: Callable[[str, str], None],
    axe: Callable[[], None],
    scheme: Any,
) -> None:
    stage([])
    cohort = two_classes()
    make_class_staff(cohort, "leader")
    make_officer("mayor", region=ZHONGWEI, role="city_officer")
    page.emulate_media(color_scheme=scheme)
    sign_in("mayor", PASSWORD)
    root = f"{live_server.url}/workbench/outcomes/"
    for address in (
        f"{root}?year=2023",
        f"{root}rows/?year=2023&level=junior&figure=passed",
        f"{root}classes/?year=2023",
        f"{root}classes/{cohort.uuid}/",
        f"{root}annual/?year=2023",
    ):
        for size in SIZES:
            page.set_viewport_size(size)
            page.goto(address)
            axe()
    page.set_viewport_size(DESK)
    page.goto(f"{root}?year=2023")
    page.get_by_role("link", name="合格 26，看名单").click()
    page.get_by_text("26 人").first.wait_for()


def test_the_own_subsidies_read_on_a_small_phone(
    live_server: Any, page: Page, sign_in: Callable[[str, str], None], axe: Callable[[], None]
) -> None:
    stage([])
    certificate = make_holder(50)
    make_trainee("alice", certificate.person)
    sign_in("alice", PASSWORD)
    for address in ("", f"{certificate.uuid}/one-off/", f"{certificate.uuid}/monthly/"):
        for size in (PHONE, {"width": 320, "height": 700}):
            page.set_viewport_size(size)
            page.goto(f"{live_server.url}/me/claims/{address}")
            axe()
