"""The founding story: made of files that anybody can make again, loaded once however often."""

import io
import json
import random
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models, transaction
from django.utils import timezone

from cms.accounts.models import Person, User
from cms.accounts.services import verify_audit
from cms.demo.accounts import PASSWORD, SIGN_IN
from cms.demo.make_files import FILES, SEED, make
from cms.demo.people import TRAINEE_NAME
from cms.demo.story import STAGES, Stage, load
from cms.pages.models import HomePage
from cms.today.services import today_of
from cms.workbench.todo import waiting
from cohorts.certificates.models import Certificate
from cohorts.outcomes.services import annual_report, people_behind, region_board
from cohorts.results.models import ExamSignUp, SubjectResult
from cohorts.subsidies.models import Claim
from cohorts.subsidies.services import replay_decisions, verify_books
from quizzes.attempts.models import Attempt, Scoring

NOW = datetime(2026, 4, 20, 3, tzinfo=UTC)


def quietly(stages: Sequence[Stage]) -> Iterator[Stage]:
    return iter(stages)


def rows_of_every_table() -> dict[str, int]:
    return {m._meta.label: models.QuerySet(m).count() for m in apps.get_models()}


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Loaded once for the module; what a test changes is undone with its own transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(NOW, quietly)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(story: None, db: None) -> None:
    """The story, and the database open for one test."""


def test_the_same_seed_makes_the_same_bytes():
    first, second = make(random.Random(SEED)), make(random.Random(SEED))  # noqa: S311
    assert first == second
    assert make(random.Random(SEED + 1)) != first  # noqa: S311


def test_the_files_of_the_repository_are_those_that_the_module_makes():
    # Contents, not bytes: another zlib may pack the same contents differently.
    for name, content in make(random.Random(SEED)).items():  # noqa: S311
        assert parts_of((FILES / name).read_bytes()) == parts_of(content), name


def test_the_story_gives_the_published_figures_of_2023(loaded):
    report = annual_report("6405", 2023)
    assert (report["passes"]["junior"], report["passes"]["intermediate"]) == (80, 19)
    assert (report["holders"]["junior"], report["holders"]["intermediate"]) == (329, 101)
    assert report["one_off"] == {"lines": 19, "total_fen": 5_700_000}
    assert report["certificates_waiting"] == 0
    by_county = {
        code: annual_report(code, 2023)["passes"]["intermediate"]
        for code in ("640502", "640521", "640522")
    }
    assert by_county == {"640502": 11, "640521": 6, "640522": 2}


def test_2024_is_partly_reported_and_one_county_shows_bounds_alone(loaded):
    sign_ups = ExamSignUp.objects.across_regions().filter(exam_year=2024)
    assert 140 <= sign_ups.count() <= 160
    city = region_board("6405", 2024).levels
    assert [level.whole.rate().kind for level in city[:2]] == ["point", "point"]
    junior = {row.name: row for row in city[0].parts}
    assert junior["海原县"].rate().kind == "bounds"
    assert 0.6 < (junior["海原县"].counts.coverage or 0) < 0.8
    results = SubjectResult.objects.across_regions().filter(exam_year=2024)
    assert {"evidenced", "self_reported"} == set(results.values_list("state", flat=True))
    assert results.filter(special="absent").exists()
    certificates = Certificate.objects.across_regions().filter(exam_year=2024)
    assert {row.state for row in certificates} == {"expected", "recorded", "checked"}


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025])
@pytest.mark.parametrize("area", ["6405", "640502", "640521", "640522"])
def test_the_boards_of_the_demo_equal_its_raw_rows(loaded, area, year):
    for level in region_board(area, year).levels:
        counts = level.whole.counts
        raw = raw_counts(area, year, level.level)
        assert {name: getattr(counts, name) for name in raw} == raw
        for figure, number in (raw | {"holders": level.whole.holders}).items():
            behind = people_behind(area, year, level=level.level, figure=figure)
            assert len(behind.people) == number
            city = User.objects.get(username="city")
            assert Person.objects.visible_to(city).filter(pk__in=behind.people).count() == number


def raw_counts(area: str, year: int, level: str) -> dict[str, int]:
    """Counted from the rows one by one; the pass mark is 60 in every paper of these years."""
    needed = {"junior": 2, "intermediate": 3}[level]
    known = defaultdict(list)
    for row in SubjectResult.objects.across_regions().select_related("subject"):
        if row.state in ("evidenced", "checked") and row.subject.level_id == level:
            known[row.person_id].append(row)
    raw = dict.fromkeys(("registered", "reported", "sat", "passed"), 0)
    rows = ExamSignUp.objects.across_regions().filter(exam_year=year, level=level)
    for sign_up in rows:
        if not sign_up.region_id.startswith(area):
            continue
        own = [row for row in known[sign_up.person_id] if row.exam_year_id == year]
        counting = {
            row.subject_id
            for row in known[sign_up.person_id]
            if (row.score_half or 0) >= 120
            and year - (level == "intermediate") <= row.exam_year_id <= year
        }
        raw["registered"] += 1
        raw["reported"] += bool(own)
        raw["sat"] += any(row.score_half is not None for row in own)
        raw["passed"] += bool(own) and len(counting) == needed
    return raw


def test_loading_again_loads_nothing_again(loaded):
    before = rows_of_every_table()
    assert all(stage.is_done() for stage in STAGES[1:])
    load(NOW.replace(year=2027), quietly)
    # The reference may know one exam year more by then; everything else stands.
    after = rows_of_every_table()
    grown = {name for name, count in after.items() if count != before[name]}
    assert grown <= {"courses.ExamYear", "courses.SubjectPaperScheme", "cohorts.CutScore"}
    assert 570 <= before["accounts.Person"] <= 630


def test_the_books_and_the_record_of_the_story_are_clean(loaded):
    assert verify_books().faults == ()
    assert replay_decisions().different == ()
    assert verify_audit() == []
    claims = Claim.objects.across_regions()
    assert {claim.state for claim in claims.filter(exam_year=2023)} == {"paid"}


def test_work_is_left_for_the_county_in_the_results_of_2025(loaded):
    county = User.objects.get(username="county")
    still = Certificate.objects.visible_to(county).waiting()
    assert {row.exam_year for row in still} == {2025}
    assert sorted(row.level_id for row in still) == ["intermediate", "junior", "junior"]


@pytest.mark.parametrize("username", [account.username for account in SIGN_IN])
def test_every_user_of_the_demo_finds_something_to_do(loaded, username):
    user, now = User.objects.get(username=username), timezone.now()
    if username == "trainee":
        assert today_of(user, now).plan.minutes_left > 0
    elif username != "auditor":  # who has the activity record to read
        assert sum(pile.count for pile in waiting(user, now)) > 0


def test_only_the_named_accounts_can_sign_in_and_each_has_its_role(loaded):
    able = {user.username for user in User.objects.all() if user.has_usable_password()}
    assert able == {account.username for account in SIGN_IN}
    for account in SIGN_IN:
        user = User.objects.get(username=account.username)
        assert user.check_password(PASSWORD)
        assert user.has_role(account.role)
        assert user.scope.regions == ((account.region,) if _is_regional(user) else ())
    assert User.objects.get(username="admin").is_superuser


def _is_regional(user: User) -> bool:
    return user.username in {"county", "city", "finance", "auditor"}


def test_the_demo_trainee_sees_three_mocks_and_a_claim_that_was_paid(loaded):
    trainee = User.objects.get(username="trainee")
    assert trainee.person.name == TRAINEE_NAME
    assert [claim.state for claim in Claim.objects.visible_to(trainee)] == ["paid"]
    mocks = Attempt.objects.visible_to(trainee).order_by("started_at")
    assert {mock.state for mock in mocks} == {"submitted"}
    points = [Scoring.objects.get(attempt=mock).total_half / 2 for mock in mocks]
    assert points == sorted(points)
    assert all(45 <= score <= 75 for score in points)


def test_names_that_make_lists_difficult_come_through_whole(loaded):
    names = list(Person.objects.across_regions().values_list("name", flat=True))
    assert names.count("马小燕") == names.count("王志强") == 2
    assert {"马𬀩", "古丽娜尔·艾山"} <= set(names)


def test_the_site_begins_with_the_home_page(loaded, client):
    assert HomePage.objects.get().title in client.get("/").content.decode()


def test_the_command_says_who_can_sign_in_without_touching_the_database(capsys):
    call_command("demo", "--accounts", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["password"] == PASSWORD
    assert [row["username"] for row in said["accounts"]] == [
        *("trainee", "instructor", "editor", "organiser", "county"),
        *("city", "finance", "auditor", "admin"),
    ]
