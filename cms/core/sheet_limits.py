"""What a workbook may be before anything opens it: sizes, members, links."""

import io
import stat
import zipfile
from dataclasses import dataclass

from cms.core.plans import FileRefused
from cms.core.wording import Message

MEGABYTE = 1024 * 1024
INFLATED_BYTES = 50 * MEGABYTE
INFLATION_RATIO = 100
SMALL_MEMBER = MEGABYTE  # below this a high ratio is only an even table, not a bomb
MEMBERS = 200
COLUMNS = 60
CELL_CHARACTERS = 32_767  # what Excel itself can hold
CHUNK = 64 * 1024
ARCHIVE_NAMES = (".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".jar", ".xlsx", ".xlsm")


@dataclass(frozen=True)
class Limits:
    """How much one file may hold; more on the command line, where no request waits."""

    file_bytes: int = 5 * MEGABYTE
    rows: int = 20_000
    columns: int = COLUMNS
    memory_bytes: int = 512 * MEGABYTE
    cpu_seconds: int = 20


WEB = Limits()
COMMAND = Limits(
    file_bytes=50 * MEGABYTE, rows=200_000, memory_bytes=2048 * MEGABYTE, cpu_seconds=120
)


def refuse_large_file(content: bytes, limits: Limits) -> None:
    """Refuse a file that is empty or larger than its way in allows."""
    if not content:
        raise FileRefused(Message("The file is empty"))
    if len(content) > limits.file_bytes:
        raise FileRefused(
            Message("The file is larger than %(limit)s MB", limit=limits.file_bytes // MEGABYTE)
        )


def refuse_unsafe_archive(content: bytes) -> None:
    """Refuse an .xlsx that is a bomb, is encrypted or hides links, before a parser sees it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MEMBERS:
                raise FileRefused(Message("The workbook has too many parts to be a workbook"))
            _refuse_repeated_names(members)
            for member in members:
                _refuse_member(member)
            _count_inflated(archive, members)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as fault:
        raise FileRefused(Message("The workbook is damaged and cannot be opened")) from fault


def _refuse_repeated_names(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename.casefold() for member in members}
    if len(names) != len(members):
        raise FileRefused(Message("The workbook is damaged and cannot be opened"))


def _refuse_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    if member.flag_bits & 0x1:
        raise FileRefused(Message("The workbook is protected by a password"))
    if stat.S_ISLNK(member.external_attr >> 16):
        raise FileRefused(Message("The workbook contains a link to another file"))
    if ".." in name.split("/") or name.startswith("/") or "\\" in name or "\0" in name:
        raise FileRefused(Message("The workbook contains a part with an unsafe name"))
    if name.casefold().endswith(ARCHIVE_NAMES):
        raise FileRefused(Message("The workbook contains another archive"))


def _count_inflated(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Inflate every member and count: the sizes an archive declares may be lies."""
    total = 0
    for member in members:
        size = 0
        with archive.open(member) as stream:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                total += len(chunk)
                _refuse_bomb(size, total, member.compress_size)


def _refuse_bomb(size: int, total: int, compressed: int) -> None:
    swollen = size > SMALL_MEMBER and size > INFLATION_RATIO * max(compressed, 1)
    if total > INFLATED_BYTES or swollen:
        raise FileRefused(Message("The workbook is far larger inside than it looks"))


def limits_for(actor: object | None) -> Limits:
    """Return the limits of the way in: the web knows who uploads, the command line does not."""
    return COMMAND if actor is None else WEB
