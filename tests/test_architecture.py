"""What holds the house in place: single write paths, clock reads, scope, sizes, names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APPS = ("cms", "courses", "quizzes", "cohorts")
FILE_LINES = 400
FUNCTION_LINES = 40
EDGES = {
    *("api.py", "views.py", "admin.py", "web.py"),
    *("me_views.py", "public_views.py", "mistakes_views.py"),
}
WRITES = {
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "delete",
    "get_or_create",
    "update_or_create",
}
# Where a fact may be written: the model → the package whose services hold the only pen.
WRITE_PATHS = {
    "AttemptEvent": "quizzes/attempts/",
    "Submission": "quizzes/attempts/",
    "Scoring": "quizzes/attempts/",
    "StudyEvent": "courses/study/",
    "LessonProgress": "courses/study/",
    "StudyDay": "courses/study/",
    "PracticeAnswer": "quizzes/practice/",
    "PracticeRun": "quizzes/practice/",
    "Mistake": "quizzes/practice/",
    "Cohort": "cohorts/enrolment/",
    "Enrolment": "cohorts/enrolment/",
    "EnrolmentStep": "cohorts/enrolment/",
    "ClassNotice": "cohorts/enrolment/",
    "ClassSession": "cohorts/attendance/",
    "CheckIn": "cohorts/attendance/",
    "InboxMessage": "cms/notices/",
    "Invitation": "cms/accounts/",
    "Consent": "cms/accounts/",
    "ConsentText": "cms/accounts/",
    "LinkRequest": "cms/accounts/",
    "QuestionVersion": "quizzes/",
    "PaperItem": "quizzes/papers/",
    "SubjectResult": "cohorts/results/",
    "ExamSignUp": "cohorts/results/",
    "Certificate": "cohorts/certificates/",
    "Post": "cohorts/posts/",
    "Claim": "cohorts/subsidies/",
    "Decision": "cohorts/subsidies/",
    "Award": "cohorts/subsidies/",
    "PayoutBatch": "cohorts/subsidies/",
    "PayoutLine": "cohorts/subsidies/",
    "Transfer": "cohorts/subsidies/",
    "Notice": "cohorts/subsidies/",
    "Objection": "cohorts/subsidies/",
    "PayeeAccount": "cohorts/subsidies/",
    "PolicyVersion": "cohorts/subsidies/",
    "StagedImport": "cms/importing/",
    "AuditEntry": "cms/accounts/",
    "User": "cms/accounts/",
    "Person": "cms/accounts/",
    "RoleGrant": "cms/accounts/",
}
# Reads of the clock outside the edges, each with its reason.
CLOCK = {
    "cms/accounts/models/accounts.py": "a grant that ended a second ago must not hold",
    "cms/accounts/middleware.py": "a text that came into force must be asked for by every page",
    "cms/accounts/page_permissions.py": "Wagtail asks without a moment, and a grant may have ended",
    "cms/importing/command.py": "the base of the import commands",
    "quizzes/templatetags/practice.py": "no view of ours stands before the pages of a course",
}
BANNED_NAMES = {"manager", "helper", "util", "utils", "handle", "process", "data", "info"}
# Names that a framework calls us by.
FRAMEWORK_NAMES = {
    *("handle", "handle_no_permission", "process_exception", "process_view"),
    *("handle_starttag", "handle_data"),
    "get_value_data",
}


def sources() -> list[Path]:
    found = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_view(path: Path) -> bool:
    return path.name in EDGES or "views" in path.parts


def is_edge(path: Path) -> bool:
    return is_view(path) or "commands" in path.parts


def is_service(path: Path) -> bool:
    return "services" in path.stem or "services" in path.parts


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text()) for path in sources()}


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, dotted text) of every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    long = {name(p): n for p in sources() if (n := len(p.read_text().splitlines())) > FILE_LINES}
    assert not long


def test_no_function_is_longer_than_a_screen(trees: dict[Path, ast.Module]) -> None:
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert not long


@pytest.mark.parametrize("model", sorted(WRITE_PATHS))
def test_a_fact_is_written_by_its_own_services_alone(
    model: str, trees: dict[Path, ast.Module]
) -> None:
    writes = re.compile(rf"\b{model}\.objects\b.*\.({'|'.join(sorted(WRITES))})$")
    found = [
        f"{name(path)}:{line} {text}"
        for path, tree in trees.items()
        for line, text in calls(tree)
        if writes.search(text) and not _may_write(path, model)
    ]
    assert not found


def _may_write(path: Path, model: str) -> bool:
    return name(path).startswith(WRITE_PATHS[model]) and not is_edge(path)


def test_edges_write_nothing(trees: dict[Path, ast.Module]) -> None:
    writes = re.compile(rf"\.objects\b.*\.({'|'.join(sorted(WRITES))})$|\.save$")
    found = [
        f"{name(path)}:{line} {text}"
        for path, tree in trees.items()
        if is_view(path)
        for line, text in calls(tree)
        if writes.search(text) and not text.startswith(("form.", "super()"))
    ]
    assert not found


def test_only_edges_read_the_clock(trees: dict[Path, ast.Module]) -> None:
    clock = re.compile(
        r"(timezone\.(now|localdate|localtime)|datetime\.now|date\.today|time\.time)$"
    )
    found = [
        f"{name(path)}:{line} {text}"
        for path, tree in trees.items()
        if not is_edge(path) and path.name != "tasks.py" and name(path) not in CLOCK
        for line, text in calls(tree)
        if clock.search(text) and not _converts(tree, line, text)
    ]
    assert not found


def _converts(tree: ast.AST, line: int, text: str) -> bool:
    """`timezone.localdate(moment)` turns a given moment into a date; it reads no clock."""
    return any(
        isinstance(node, ast.Call)
        and node.lineno == line
        and ast.unparse(node.func) == text
        and bool(node.args or node.keywords)
        for node in ast.walk(tree)
    )


def test_no_edge_opens_a_query_across_regions(trees: dict[Path, ast.Module]) -> None:
    found = [
        f"{name(path)}:{line}"
        for path, tree in trees.items()
        if is_view(path)
        for line, text in calls(tree)
        if text.endswith(".across_regions")
    ]
    assert not found


def test_every_regional_query_of_an_edge_says_for_whom(trees: dict[Path, ast.Module]) -> None:
    scoped = "|".join(scoped_models())
    unopened = re.compile(rf"\b({scoped})\.objects\.(?!visible_to\b)\w+$")
    found = [
        f"{name(path)}:{line} {text}"
        for path, tree in trees.items()
        if is_view(path)
        for line, text in calls(tree)
        if unopened.search(text)
    ]
    assert not found


def scoped_models() -> list[str]:
    from django.apps import apps

    from cms.core.scoping import ScopedQuerySet

    return [
        model.__name__
        for model in apps.get_models()
        if issubclass(getattr(model._default_manager, "_queryset_class", object), ScopedQuerySet)
    ]


def test_there_are_scoped_models_to_guard() -> None:
    assert {"Person", "Certificate", "Claim", "SubjectResult"} <= set(scoped_models())


def test_names_say_what_a_thing_is(trees: dict[Path, ast.Module]) -> None:
    found = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and BANNED_NAMES & set(re.split(r"_|(?<=[a-z])(?=[A-Z])", node.name.lower()))
        and node.name not in FRAMEWORK_NAMES
    ]
    assert not found


def test_there_is_no_repository_layer() -> None:
    assert not [name(p) for p in sources() if p.stem in {"selectors", "repositories", "utils"}]


def test_wagtail_hooks_only_register() -> None:
    for hooks in ROOT.glob("*/wagtail_hooks.py"):
        assert len(hooks.read_text().splitlines()) <= 60, name(hooks)


def test_settings_stay_short() -> None:
    assert len((ROOT / "cms/settings/base.py").read_text().splitlines()) <= 250


def test_no_serialiser_takes_every_field(trees: dict[Path, ast.Module]) -> None:
    assert not [name(path) for path in trees if re.search(r"['\"]__all__['\"]", path.read_text())]


def test_every_fact_refuses_bulk_changes() -> None:
    from django.apps import apps

    from cms.core.models import FinalRows

    facts = [model for model in apps.get_models() if getattr(model, "append_only", False)]
    assert len(facts) >= 12
    assert not [m for m in facts if not isinstance(m._default_manager.none(), FinalRows)]
