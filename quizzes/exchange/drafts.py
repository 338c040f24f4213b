"""A question as a file tells it, before it is checked: the shape every reader of files returns."""

from dataclasses import dataclass, field, replace

from cms.core.wording import Message
from quizzes.bank.content import Content, cautions, refusal


@dataclass(frozen=True)
class Draft:
    """A question that was read. ``chapter`` is the text of the file, not yet a chapter."""

    line: int
    content: Content
    rationale: str = ""
    chapter: str = ""
    difficulty: str = ""
    source: str = ""
    cautions: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A question that cannot be taken, and why."""

    line: int
    reason: Message


@dataclass(frozen=True)
class Reading:
    """Everything found in one file: each question once, as a draft or refused.

    ``notes`` tell what the file has that the bank does not keep.
    """

    format: str
    drafts: tuple[Draft, ...] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[Message, ...] = field(default_factory=tuple)

    @property
    def found(self) -> int:
        """Return the number of questions in the file."""
        return len(self.drafts) + len(self.refused)


def checked(reading: Reading) -> Reading:
    """Return the reading with unusable drafts moved to the refused, and unusual ones cautioned."""
    reasons = {id(draft): refusal(draft.content) for draft in reading.drafts}
    bad = [Refused(d.line, why) for d in reading.drafts if (why := reasons[id(d)])]
    good = [
        replace(draft, cautions=draft.cautions + cautions(draft.content))
        for draft in reading.drafts
        if not reasons[id(draft)]
    ]
    in_order = sorted((*reading.refused, *bad), key=lambda refused: refused.line)
    return replace(reading, drafts=tuple(good), refused=tuple(in_order))
