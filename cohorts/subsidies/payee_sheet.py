"""补贴申请汇总表: whose money goes to which account, as offices send it."""

import re
from dataclasses import dataclass

from cms.core.sheet_cells import CellRefused, identity_text, name_text, text
from cms.core.sheets import Cell, Workbook
from cms.core.wording import Message
from cohorts.results.matching import name_key
from cohorts.results.people_rows import (
    PERSON_FIELDS,
    Reading,
    RowReader,
    read_person,
    read_rows,
    tables_of,
    two_names,
    warn_of_fictional,
)

FIELDS: dict[str, tuple[str, ...]] = {
    **PERSON_FIELDS,
    "bank": (
        "开户行",
        "开户行（全称）",
        "开户银行",
        "开户银行（全称）",
        "开户行名称",
        "开户行全称",
        "银行名称",
    ),
    "account": (
        "银行账号",
        "银行账户",
        "银行卡号",
        "账号",
        "帐号",
        "银行帐号",
        "收款账号",
        "卡号",
    ),
    "holder": ("户名", "开户名", "账户名", "收款人", "收款人姓名", "账户名称"),
}
REQUIRED = ("name", "identity", "account")
CARD_LENGTHS = (16, 19)
_ACCOUNT = re.compile(r"\d{8,32}")


@dataclass(frozen=True)
class PayeeRow:
    line: int
    sheet: str
    name: str
    id_number: str
    fictional: bool
    bank: str
    account: str
    holder: str


def read_payees(workbook: Workbook, *, allow_fictional: bool) -> Reading[PayeeRow]:
    """Rows of the workbook; raises FileRefused where no sheet has names, numbers and accounts."""
    tables, lossy = tables_of(workbook, fields=FIELDS, required=REQUIRED)
    reading: Reading[PayeeRow] = Reading(lossy=lossy, many_sheets=len(tables) > 1)
    read_rows(tables, reading, lambda reader: _row(reader, allow_fictional=allow_fictional))
    reading.withdraw(two_names(reading.rows) | _said_twice(reading.rows))
    warn_of_fictional(reading, lambda row: row.fictional)
    return reading


def _row(reader: RowReader, *, allow_fictional: bool) -> PayeeRow | None:
    name, identity = read_person(reader, allow_fictional=allow_fictional)
    if identity is None and not reader.problems:
        reader.problems.append(Message("The identity number is missing"))
    account = reader.need("account", account_text) or ""
    bank = reader.need("bank", text) or ""
    holder = reader.take("holder", name_text) or name
    if name and name_key(holder) != name_key(name):
        reader.problems.append(Message("The account holder is not the person to be paid"))
    if len(account) in CARD_LENGTHS and not luhn(account):
        reader.doubts.append(Message("The check digit of the card number does not fit"))
    if reader.problems or identity is None:
        return None
    return PayeeRow(
        line=reader.line,
        sheet=reader.sheet,
        name=name,
        id_number=identity.number,
        fictional=identity.fictional,
        bank=bank,
        account=account,
        holder=holder,
    )


def account_text(cell: Cell) -> str:
    """An account as digits; one that the spreadsheet has rounded cannot be mended."""
    digits = re.sub(r"[\s\-—–]", "", identity_text(cell))
    if not _ACCOUNT.fullmatch(digits):
        raise CellRefused(Message("An account number has only digits, at least 8"))
    return digits


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1: most cards keep it, passbooks and some rural banks do not."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        double = int(digit) * (1 + place % 2)
        total += double - 9 if double > 9 else double
    return total % 10 == 0


def _said_twice(rows: list[PayeeRow]) -> dict[int, Message]:
    """Rows that give one person two accounts: nobody can say which of them is right."""
    accounts: dict[str, set[str]] = {}
    for row in rows:
        accounts.setdefault(row.id_number, set()).add(row.account)
    return {
        id(row): Message("The file gives this person two different accounts")
        for row in rows
        if len(accounts[row.id_number]) > 1
    }
