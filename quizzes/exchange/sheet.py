"""Question sheets (the 考试宝 template, and tables like it) → drafts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cms.core.plans import FileRefused
from cms.core.sheet_cells import long_text, text
from cms.core.sheet_headers import Record, Table, table_of
from cms.core.sheets import Workbook
from cms.core.wording import Message
from quizzes.bank import markup
from quizzes.bank.content import CHOICE_TYPES, Content, Option, QuestionType, options_of
from quizzes.exchange.cases import group_parts
from quizzes.exchange.columns import FIELDS, MARKS, OPTIONS, is_kaoshibao
from quizzes.exchange.drafts import Draft, Reading, Refused
from quizzes.exchange.keys import KeyRefused, key_words, number_base, read_key, truth_of
from quizzes.exchange.option_cells import split_options, without_letters
from quizzes.exchange.question_types import TypeRefused, legend_of, type_of

KAOSHIBAO, TABLE = "kaoshibao", "table"
TRUE_AND_FALSE = ("对", "错")
# Rows that name a chapter or a type for the questions below: "categories are not questions".
_CHAPTER_HEADING = re.compile(r"第\s*[0-9一二三四五六七八九十]+\s*章")
_TYPE_HEADING = re.compile(
    r"[(（]?[一二三四五六七八九十]+[)）]?\s*[、.．]\s*(单项|多项|单选|多选|判断|简答|案例|不定项)"
)
WORTH_NAMING = 3  # rows of an unread sheet; the template's own sheet 版本号 has fewer


@dataclass(frozen=True)
class Row:
    """A row of the sheet with its cells as plain text."""

    line: int
    record: Record
    stem: str
    options: tuple[Option, ...]
    key: str
    under: str = ""  # the chapter that a heading row above names

    def said(self, field: str) -> str:
        """Return the text of any other column."""
        return long_text(self.record.get(field))


@dataclass(frozen=True)
class Habits:
    """How this file writes: what its type numbers mean, and from where it counts options."""

    legend: Mapping[str, QuestionType]
    base: int | None


def read_sheet(workbook: Workbook, wanted: str) -> Reading:
    """Return every question of the workbook. ``wanted`` is auto, kaoshibao or table."""
    table = _table(workbook)
    format_ = KAOSHIBAO if is_kaoshibao(table.titles) else TABLE
    if wanted == KAOSHIBAO and format_ != KAOSHIBAO:
        raise FileRefused(Message("These are not the columns of the 考试宝 template"))
    rows = _rows(table.records)
    habits = Habits(
        legend=legend_of(table.titles.get("type", "")),
        base=number_base((row.key, len(row.options)) for row in rows if row.options),
    )
    questions = _questions(rows, habits, with_cases="parent" in table.titles)
    return Reading(
        format=TABLE if wanted == TABLE else format_,
        drafts=tuple(question for question in questions if isinstance(question, Draft)),
        refused=tuple(question for question in questions if isinstance(question, Refused)),
        notes=_notes(table, workbook),
    )


def _table(workbook: Workbook) -> Table:
    """Find the columns: the key may stand in one column or in one for each option."""
    try:
        return table_of(workbook, fields=FIELDS, required=("stem", "key"))
    except FileRefused as refused:
        try:
            return table_of(workbook, fields=FIELDS, required=("stem", MARKS[0]))
        except FileRefused:
            raise refused from None


def _notes(table: Table, workbook: Workbook) -> tuple[Message, ...]:
    long_enough = {
        sheet.name
        for sheet in workbook.sheets
        if sum(bool(row.filled()) for row in sheet.rows) > WORTH_NAMING
    }
    unread = [name for name in table.ignored_sheets if name in long_enough]
    notes = []
    if table.hidden_sheets:
        notes.append(
            Message("Hidden sheets were not read: %(names)s", names="、".join(table.hidden_sheets))
        )
    if unread:
        notes.append(
            Message("Sheets without questions were not read: %(names)s", names="、".join(unread))
        )
    return tuple(notes)


def _rows(records: Sequence[Record]) -> list[Row]:
    """Return the rows that are questions, each under the chapter heading above it."""
    rows: list[Row] = []
    under = ""
    for record in records:
        row = _row(record)
        if not _is_heading(row):
            rows.append(replace(row, under=under))
        elif _CHAPTER_HEADING.match(row.stem):
            under = row.stem
    return rows


def _is_heading(row: Row) -> bool:
    alone = [name for name, cell in row.record.cells.items() if text(cell)] == ["stem"]
    return alone and bool(_CHAPTER_HEADING.match(row.stem) or _TYPE_HEADING.match(row.stem))


def _row(record: Record) -> Row:
    options = _options(record)
    marks = [record.get(name) for name in MARKS]
    key = text(record.get("key"))
    if not key and any(text(mark) for mark in marks):
        key = "".join(o.id for o, mark in zip(options, marks, strict=False) if truth_of(text(mark)))
    return Row(record.line, record, long_text(record.get("stem")), options, key)


def _options(record: Record) -> tuple[Option, ...]:
    cells = [long_text(record.get(name)) for name in OPTIONS]
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        cells = split_options(long_text(record.get("options")))
    return options_of(without_letters(cells))


def _questions(rows: Sequence[Row], habits: Habits, *, with_cases: bool) -> list[Draft | Refused]:
    if not with_cases:
        return [_question(row, habits) for row in rows]
    grouped = group_parts(
        [(text(row.record.get("group")), text(row.record.get("parent"))) for row in rows]
    )
    found: list[Draft | Refused] = [_question(rows[place], habits) for place in grouped.alone]
    found += [Refused(rows[place].line, _no_material(rows[place])) for place in grouped.lost]
    for parent, parts in grouped.groups.items():
        found.append(_case(rows[parent], [rows[place] for place in parts], habits))
    return sorted(found, key=lambda question: question.line)


def _no_material(row: Row) -> Message:
    return Message(
        "The material %(id)s of this question is not in the file", id=text(row.record.get("parent"))
    )


def _case(parent: Row, parts: Sequence[Row], habits: Habits) -> Draft | Refused:
    """Read a case with its questions; one that cannot be read refuses the whole case, because a
    question without its fellows cannot be answered.
    """
    in_order = sorted(parts, key=lambda row: (_number(row.said("part_order")), row.line))
    read = [_question(row, habits) for row in in_order]
    bad = next((question for question in read if isinstance(question, Refused)), None)
    if bad:
        why = Message("Line %(line)s of the case: %(why)s", line=bad.line, why=bad.reason)
        return Refused(parent.line, why)
    drafts = [question for question in read if isinstance(question, Draft)]
    content = Content(
        type=QuestionType.CASE_GROUP,
        stem="",
        stimulus=markup.as_html(parent.stem or parent.said("stimulus")),
        parts=tuple(draft.content for draft in drafts),
    )
    cautions = tuple(caution for draft in drafts for caution in draft.cautions)
    whole = _draft(parent, content, cautions)
    return replace(whole, rationale=_rationale_of_parts(whole.rationale, drafts))


def _rationale_of_parts(of_case: str, parts: Sequence[Draft]) -> str:
    """Gather the rationales of the questions under their numbers: （1）… （2）…"""
    numbered = enumerate(parts, start=1)
    own = [f"（{number}）{part.rationale}" for number, part in numbered if part.rationale]
    return "<br>".join(filter(None, [of_case, *own]))


def _number(written: str) -> int:
    return int(written) if written.isdigit() else 0


def _question(row: Row, habits: Habits) -> Draft | Refused:
    try:
        type_, cautions = _type(row, habits)
        content = _content(row, type_, habits)
    except (TypeRefused, KeyRefused) as refused:
        return Refused(row.line, refused.message)
    return _draft(row, content, cautions)


def _type(row: Row, habits: Habits) -> tuple[QuestionType, tuple[Message, ...]]:
    named = type_of(text(row.record.get("type")), habits.legend)
    if named:
        return named, ()
    inferred = _type_by_key(row)
    if inferred is None:
        raise TypeRefused(Message("The type of the question is not given"))
    return inferred, (Message("The type is not given; it was told from the key"),)


def _type_by_key(row: Row) -> QuestionType | None:
    words = key_words(row.key)
    if not row.options:
        return QuestionType.TRUE_FALSE if truth_of(row.key) is not None else None
    if all(truth_of(option.text) is not None for option in row.options):
        return QuestionType.TRUE_FALSE
    return QuestionType.MULTIPLE_RESPONSE if len(words) > 1 else QuestionType.SINGLE_CHOICE


def _content(row: Row, type_: QuestionType, habits: Habits) -> Content:
    if type_ == QuestionType.CASE_GROUP:
        return Content(type=type_, stem="", stimulus=markup.as_html(row.stem))
    if type_ not in CHOICE_TYPES:
        return Content(
            type=type_,
            stem=markup.as_html(row.stem),
            reference=markup.as_html(long_text(row.record.get("key"))),
            stimulus=markup.as_html(row.said("stimulus")),
        )
    options = row.options
    if type_ == QuestionType.TRUE_FALSE and not options:
        options = options_of(TRUE_AND_FALSE)
    return Content(
        type=type_,
        stem=markup.as_html(row.stem),
        options=tuple(Option(option.id, markup.as_html(option.text)) for option in options),
        key=read_key(row.key, type_=type_, options=options, base=habits.base),
        stimulus=markup.as_html(row.said("stimulus")),
    )


def _draft(row: Row, content: Content, cautions: tuple[Message, ...]) -> Draft:
    chapter = row.said("chapter") or row.said("point") or row.under
    section = row.said("section")
    return Draft(
        line=row.line,
        content=content,
        rationale=markup.as_html(row.said("rationale")),
        chapter=f"{chapter}/{section}" if chapter and section else chapter,
        difficulty=row.said("difficulty")[:20],
        source=" ".join(filter(None, [row.said("source"), row.said("source_number")]))[:120],
        cautions=cautions + _row_cautions(row),
    )


def _row_cautions(row: Row) -> tuple[Message, ...]:
    found = []
    if any(markup.has_image(part) for part in (row.stem, *(o.text for o in row.options))):
        found.append(Message("An image was left out"))
    if truth_of(text(row.record.get("needs_review"))):
        found.append(Message("The file says that this question needs another look"))
    if re.search(r"[A-H][.、．].+[B-H][.、．]", row.stem, re.DOTALL) and not row.options:
        found.append(Message("The stem seems to hold the options"))
    return tuple(found)
