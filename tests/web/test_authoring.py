"""Who may write where in /cms/, and that nobody publishes a lesson past the second reader."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.models import GroupPagePermission, Page
from wagtail.permissions import policy_registry

from cms.accounts.models import RoleGrant, User
from courses.models import CoursePage, LessonPage
from courses.pages import services
from tests.factories.courses import (
    EVERY_KIND,
    first_chapter,
    lessons_of,
    make_author,
    make_course,
    make_home,
    make_lesson,
)
from tests.factories.exam import make_version
from tests.factories.pages import text_of
from tests.factories.people import make_reference
from tests.factories.world import BACKEND

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    settings.WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False


@pytest.fixture
def course() -> CoursePage:
    make_reference()
    return make_course(chapters=1, lessons=1)


@pytest.fixture
def writer() -> User:
    return make_author("luo", "instructor")


@pytest.fixture
def reader() -> User:
    return make_author("jin", "editor")


def at(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def may(user: User, page: Page) -> Any:
    """What Wagtail would let this account do, asked afresh."""
    return page.specific.permissions_for_user(User.objects.get(pk=user.pk))


def form_of(lesson: LessonPage, **changes: Any) -> dict[str, Any]:
    """The form of a lesson as a browser would send it, with one block of text."""
    fields = {
        "title": lesson.title,
        "slug": lesson.slug,
        "minutes": lesson.minutes,
        "law_as_of": "2026-11-01",
        "written_by": lesson.written_by_id or "",
        "body-count": 1,
        "body-0-deleted": "",
        "body-0-order": 0,
        "body-0-type": "mnemonic",
        "body-0-id": "",
        "body-0-value-text": "接预计",
        "body-0-value-meaning": "六个阶段",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    return fields | changes


# --- the tree -------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["instructor", "editor"])
def test_authors_write_in_the_course_tree_and_nowhere_else(course, role) -> None:
    author, home = make_author("author", role), make_home()
    chapter, lesson = first_chapter(course), lessons_of(course)[0]
    assert may(author, chapter).can_add_subpage()
    assert may(author, lesson).can_edit()
    assert not may(author, home).can_edit()
    assert not may(author, home).can_add_subpage()
    client = at(author)
    assert client.get(edit_url(lesson)).status_code == 200
    assert client.get(edit_url(home)).status_code == 302
    assert client.get(reverse("wagtailadmin_explore_root")).status_code in {200, 302}


def test_only_editors_decide_which_courses_there_are(course, writer, reader) -> None:
    index = course.get_parent()
    assert may(reader, index).can_add_subpage()
    assert not may(writer, index).can_add_subpage()


def test_the_site_administrator_works_on_the_whole_site_without_being_superuser(course) -> None:
    admin = make_author("root", "site_admin")
    assert may(admin, make_home()).can_publish()
    assert may(admin, course).can_publish()
    assert not may(admin, lessons_of(course)[0]).can_publish()


@pytest.mark.parametrize("role", ["trainee", "organiser", "county_officer", "auditor"])
def test_other_roles_write_nowhere(course, role) -> None:
    somebody = make_author("somebody", role)
    for page in Page.objects.filter(depth__gt=1):
        assert not may(somebody, page).can_edit()


def test_a_grant_that_ended_closes_the_tree(course, writer) -> None:
    lesson = lessons_of(course)[0]
    assert may(writer, lesson).can_edit()
    RoleGrant.objects.filter(user=writer).update(valid_to="2021-01-01")
    assert not may(writer, lesson).can_edit()
    assert at(writer).get(edit_url(lesson)).status_code == 403


def test_groups_open_nothing(course) -> None:
    trainee, group = make_author("ma", "trainee"), Group.objects.create(name="Editors of old")
    trainee.groups.add(group)
    GroupPagePermission.objects.create(
        group=group, page=Page.get_first_root_node(), permission_type="change"
    )
    assert not may(trainee, lessons_of(course)[0]).can_edit()


def test_wagtail_asks_who_may_and_hears_of_current_grants(course, writer, reader) -> None:
    policy = policy_registry.get_by_type(LessonPage)
    trainee = make_author("ma", "trainee")
    lesson = lessons_of(course)[0]
    found = set(policy.users_with_any_permission_for_instance({"change"}, lesson))
    assert {writer, reader} <= found
    assert trainee not in found
    assert reader in policy.users_with_any_permission({"change"})
    at_index = set(policy.users_with_permission_for_instance("add", course.get_parent()))
    assert reader in at_index
    assert writer not in at_index


def test_pictures_of_others_are_chosen_and_not_changed(writer, reader) -> None:
    make_reference()
    make_home()
    policy = policy_registry.get_by_type(get_image_model())
    assert policy.user_has_permission(writer, "add")
    assert policy.user_has_permission(writer, "choose")
    trainee = make_author("ma", "trainee")
    assert not policy.user_has_any_permission(trainee, {"add", "change", "choose"})
    for name in ("wagtailimages:index", "wagtaildocs:index"):
        assert at(writer).get(reverse(name)).status_code == 200
    assert reader in policy.users_with_any_permission({"add"})
    assert trainee not in policy.users_with_any_permission({"add"})


# --- writing and reading --------------------------------------------------------------------------
def test_an_author_writes_submits_and_another_approves_in_the_browser(
    course, writer, reader
) -> None:
    chapter = first_chapter(course)
    add = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", chapter.pk])
    page = at(writer).get(add)
    assert page.status_code == 200
    new = LessonPage(title="新的一节", slug="new", minutes=12)
    at(writer).post(add, form_of(new, **{"action-submit": "1"}))
    lesson = LessonPage.objects.get(slug="new")
    assert not lesson.live
    assert lesson.workflow_in_progress
    sent = form_of(
        lesson,
        **{
            "action-workflow-action": "1",
            "workflow-action-name": "approve",
            "body-0-id": lesson.body[0].id,
            "written_by": lesson.written_by_id or "",
        },
    )
    at(reader).post(edit_url(lesson), sent)
    lesson = LessonPage.objects.get(slug="new")
    assert lesson.live
    assert (lesson.written_by, lesson.reviewed_by) == (writer, reader)


def test_the_writer_is_offered_no_approval_and_a_forged_one_does_nothing(course, writer) -> None:
    draft = make_lesson(first_chapter(course), "草稿", slug="draft", live=False, owner=writer)
    services.submit(draft, by=writer)
    seen = text_of(at(writer).get(edit_url(draft)))
    assert "Approve and Publish" not in seen
    action = reverse(
        "wagtailadmin_pages:workflow_action",
        args=[draft.pk, "approve", draft.current_workflow_task_state.pk],
    )
    at(writer).post(action)
    assert not LessonPage.objects.get(pk=draft.pk).live


def test_the_second_reader_is_offered_to_approve(course, writer, reader) -> None:
    draft = make_lesson(first_chapter(course), "草稿", slug="draft", live=False, owner=writer)
    services.submit(draft, by=writer)
    seen = text_of(at(reader).get(edit_url(draft)))
    assert "Approve and Publish" in seen
    assert "Request changes" in seen


@pytest.mark.parametrize("role", ["instructor", "editor", "site_admin"])
def test_publishing_directly_is_not_offered_and_a_forged_one_stays_a_draft(course, role) -> None:
    author = make_author("author", role)
    lesson = lessons_of(course)[0]
    assert "action-publish" not in text_of(at(author).get(edit_url(lesson)))
    sent = form_of(lesson, title="偷偷发布", **{"action-publish": "1"})
    at(author).post(edit_url(lesson), sent)
    assert LessonPage.objects.get(pk=lesson.pk).title != "偷偷发布"


def test_not_even_a_superuser_publishes_a_lesson_directly(course) -> None:
    root = User.objects.create_superuser("root", password="a long enough secret")
    lesson = lessons_of(course)[0]
    assert not may(root, lesson).can_publish()
    assert not may(root, first_chapter(course)).can_publish_subpage()


def test_only_authors_are_named_as_writers(course, writer, reader) -> None:
    trainee = make_author("ma", "trainee")
    add = reverse(
        "wagtailadmin_pages:add", args=["courses", "lessonpage", first_chapter(course).pk]
    )
    form = at(writer).get(add).context["form"]
    offered = set(form.fields["written_by"].queryset)
    assert {writer, reader} <= offered
    assert trainee not in offered
    assert form.initial["written_by"] == writer.pk


def test_who_opens_a_lesson_without_a_writer_is_not_made_its_writer(course, reader) -> None:
    form = at(reader).get(edit_url(lessons_of(course)[0])).context["form"]
    assert form.initial["written_by"] is None


def test_a_draft_is_seen_by_its_authors_as_trainees_will_see_it(course, writer) -> None:
    draft = make_lesson(first_chapter(course), "草稿一节", slug="draft", live=False, owner=writer)
    seen = text_of(at(writer).get(reverse("wagtailadmin_pages:view_draft", args=[draft.pk])))
    assert "草稿一节" in seen
    assert "Lesson 2 of 2" in seen
    assert "study-beat" not in seen


def test_a_lesson_is_previewed_before_it_is_first_saved(course, writer) -> None:
    args = ["courses", "lessonpage", first_chapter(course).pk]
    address = reverse("wagtailadmin_pages:preview_on_add", args=args)
    client = at(writer)
    new = LessonPage(title="还没存", slug="unsaved", minutes=12)
    assert client.post(address, form_of(new)).json()["is_valid"]
    seen = text_of(client.get(address))
    assert "还没存" in seen
    assert "接预计" in seen


# --- choosing a question --------------------------------------------------------------------------
def test_a_question_is_found_by_words_of_its_stem_and_kept_by_its_identity(course, writer) -> None:
    version = make_version(kind="single_choice", key=["b"], stem="李阿姨与儿媳")
    other = make_version(kind="single_choice", key=["b"], stem="小康")
    for made, gist in ((version, "李阿姨与儿媳长期不和"), (other, "小康的服务对象")):
        type(made).objects.filter(pk=made.pk).update(gist=gist)
    client = at(writer)
    results = reverse("question_choice:choose_results")
    seen = text_of(client.get(results, {"q": "儿媳 长期"}))
    assert "李阿姨与儿媳长期不和" in seen
    assert "小康的服务对象" not in seen
    chosen = json.loads(client.get(reverse("question_choice:chosen", args=[version.pk])).content)
    assert chosen["result"]["id"] == str(version.question.uuid)


def test_the_editor_shows_the_chosen_stem_and_loads_no_bank(
    course, writer, django_assert_max_num_queries
) -> None:
    for n in range(30):
        made = make_version(kind="single_choice", key=["b"], stem=f"第{n}题")
        type(made).objects.filter(pk=made.pk).update(gist=f"题干第{n}号")
    body = [{"type": "self_check", "value": {"question": str(made.question.uuid)}}]
    lesson = make_lesson(first_chapter(course), "自测", slug="check", body=body)
    client = at(writer)
    client.get(edit_url(lesson))
    with django_assert_max_num_queries(60):
        seen = text_of(client.get(edit_url(lesson)))
    assert "题干第29号" in json.loads(json.dumps(seen)) or "\\u9898\\u5e72" in seen
    assert "题干第3号" not in seen


def test_a_retired_question_is_said_to_be_gone_and_refused(course, writer) -> None:
    lesson = make_lesson(first_chapter(course), "自测", slug="check", body=EVERY_KIND)
    seen = text_of(at(writer).get(edit_url(lesson)))
    assert "no longer published" in seen
    block = LessonPage.body.field.stream_block.child_blocks["self_check"].child_blocks["question"]
    with pytest.raises(Exception, match="not published"):
        block.clean(EVERY_KIND[-1]["value"]["question"])
