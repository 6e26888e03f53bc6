"""Read a list of attendees: the table, its columns, and the request of each row."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from expo.accounts.rules import fold_email
from expo.editions.queries import EditionFacts
from expo.errors import ExpoError, Invalid
from expo.flows.attendee_import.statuses import RowStatus, most_severe, read_cancelled, read_payment, read_status
from expo.formats.header_names import (
    COMPANIES,
    COUNTRIES,
    EMAILS,
    FIRST_NAMES,
    FULL_NAMES,
    JOB_TITLES,
    LAST_NAMES,
    TICKET_TYPES,
)
from expo.formats.headers import TableRow, columns_of, fold_header, map_columns
from expo.formats.uploads import UploadedTable, read_uploaded_table
from expo.imports.rules import Fault, FaultKind, ImportOptions
from expo.infra.confined import DEFAULT_LIMITS, run_confined
from expo.pure.countries import read_country
from expo.pure.fields import check_name
from expo.pure.languages import BY_CODE
from expo.registration.rules import MAX_ATTENDEES_PER_ORDER, AttendeeRequest
from expo.tickets.queries import AddOnRow, TicketTypeRow

# Common column names in lists of attendees from other products.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": (
        "full name", "fullname", "attendee", "attendee name", "ticket full name", "participant", "participant name",
        "registrant", "guest name", "badge name", "nombre", "nom complet", "姓名", "名字", "参会人", "الاسم",
        *FULL_NAMES,
    ),
    "first_name": (
        "first name", "firstname", "given name", "ticket first name", "attendee first name",
        "attendee name: given name", "given names", "forename", "vorname", "prénom", "名", *FIRST_NAMES,
    ),
    "last_name": (
        "last name", "lastname", "surname", "family name", "ticket last name", "attendee last name",
        "attendee name: family name", "family names", "nachname", "姓", *LAST_NAMES,
    ),
    "latin_name": ("name in latin letters", "english name", "pinyin", "英文名", "拼音"),
    "email": (
        "e-mail", "e-mail address", "email address", "mail", "attendee email", "attendee e-mail", "ticket email",
        "participant email", "contact email", "order email", "buyer email", "email (order)", "邮箱", "电子邮箱",
        "电子邮件", "البريد الإلكتروني", *EMAILS,
    ),
    "country": (
        "country/region", "country or region", "nation", "home country", "country of residence", "billing country",
        "country name", "country/territory", "country code", "invoice address country", "land", "pays", "país",
        "国家", "国家/地区", "国家或地区", "البلد", *COUNTRIES,
    ),
    "company": (
        "organisation", "organization", "affiliation", "company name", "institution", "employer",
        "ticket company name", "company / organisation", "company / organization", "firma", "公司", "单位",
        "单位名称", *COMPANIES,
    ),
    "job_title": ("title", "position", "role", "job", "ticket job title", "职位", "职务", *JOB_TITLES),
    "ticket_type": (
        "ticket", "ticket name", "ticket title", "ticket class", "type", "category", "product", "product name",
        "item", "票种", "参会类型", *TICKET_TYPES,
    ),
    "add_ons": ("add-on", "add-ons", "addons", "add on", "add ons", "附加项目", "附加项", "加购"),
    "language": ("lang", "locale", "语言"),
    "quantity": ("qty", "ticket quantity", "数量", "票数"),
    "state": (
        "status", "attendee status", "registration state", "registration status", "order status", "ticket status",
        "order state", "attendance status", "状态", "报名状态", "الحالة",
    ),
    "paid": ("payment", "payment status", "payment state", "is paid", "付款", "付款状态", "支付状态"),
    "cancelled": (
        "canceled", "is cancelled", "is canceled", "void status", "cancelled at", "canceled at", "cancellation date",
        "refunded", "is refunded", "refunded at", "refund date", "refund amount", "refund status", "void", "voided",
        "取消时间", "退款时间", "已取消", "已退款",
    ),
}  # fmt: skip
NEEDED = ("name", "email", "country", "ticket_type")
# Fields for which one value can be set for all rows if the file has no such column.
CONSTANT_FIELDS = ("ticket_type", "country", "language")
NAME_PARTS = ("first_name", "last_name")
# Known exports that write "Family name, Given name" in one column, recognized by a pair of columns.
_FAMILY_NAME_FIRST = frozenset({"registration state", "registration date"})
_OWN_EMAILS = frozenset(map(fold_header, {"attendee email", "attendee e-mail", "ticket email", "participant email"}))
_ORDER_EMAILS = frozenset(
    map(fold_header, {"email", "e-mail", "order email", "order e-mail", "buyer email", "contact email"})
)
# In exports of orders, rows with the same value belong together.
_ORDERS = frozenset(map(fold_header, {"order #", "order id", "order no", "order no.", "order number", "订单号"}))
# A combination of columns found only in our own export.
_OWN_EXPORT = frozenset({"code", "order", "paid", "registered at"})


@dataclass(frozen=True)
class AttendeeTable:
    """A list of attendees as read: the table, the column of each field, and constants for missing columns."""

    upload: UploadedTable
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    # Every column about the status of a registration; all of them are taken into account.
    status_columns: Mapping[str, str] = field(default_factory=dict)
    family_name_first: bool = False
    # The column of codes, if the file is our own export.
    code_column: str = ""
    # The person who ordered, used if an attendee has no address of their own.
    spare_email_column: str = ""
    order_column: str = ""
    rows_per_order: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[TableRow, ...]:
        """The rows in file order."""
        return self.upload.table.rows

    @property
    def missing(self) -> tuple[str, ...]:
        """The required fields that have neither a column nor a constant."""
        given = set(self.columns) | {name for name, value in self.constants.items() if value}
        if any(part in given for part in NAME_PARTS):
            given.add("name")
        return tuple(each for each in NEEDED if each not in given)


@dataclass(frozen=True)
class RowReading:
    """The result of reading a row: a person to register, with their status."""

    request: AttendeeRequest
    status: RowStatus
    is_paid: bool
    # How many people the row is about; the others have the same name until somebody corrects it.
    people: int = 1


def read_table_of(content: bytes, options: ImportOptions) -> AttendeeTable:
    """Read the table of a file in a sandboxed process. Raises BadFile, ParsingFailed."""
    upload = run_confined(
        DEFAULT_LIMITS, read_uploaded_table, content, options.encoding, options.sheet, columns_of(COLUMNS)
    )
    table = upload.table
    ignored = {column for column, field_name in options.columns.items() if not field_name}
    chosen = {column: field_name for column, field_name in options.columns.items() if field_name}
    columns = {
        field_name: column
        for field_name, column in map_columns(table, COLUMNS, chosen).items()
        if column not in ignored or column in chosen
    }
    # In an export of orders, the attendee's own address takes precedence over that of the person who ordered.
    own_emails = [column for column in table.columns if fold_header(column) in _OWN_EMAILS and column not in ignored]
    spare_email = ""
    if own_emails and "email" not in chosen.values():
        columns["email"] = own_emails[0]
        spare_email = next((each for each in table.columns if fold_header(each) in _ORDER_EMAILS), "")
    constants = {
        name: value for name, value in options.constants.items() if name in CONSTANT_FIELDS and name not in columns
    }
    statuses = {column: "state" for column in (columns.get("state"),) if column}
    for kind in ("state", "paid", "cancelled"):
        names = {_fold(name) for name in (kind, *COLUMNS[kind])}
        for column in table.columns:
            wanted = chosen.get(column)
            if wanted == kind or (wanted is None and column not in ignored and _fold(column) in names):
                statuses[column] = kind
    heads = {_fold(column) for column in table.columns}
    code = next((column for column in table.columns if _fold(column) == "code"), "") if heads >= _OWN_EXPORT else ""
    order = next((column for column in table.columns if fold_header(column) in _ORDERS and column not in ignored), "")
    return AttendeeTable(
        upload,
        columns,
        constants,
        statuses,
        heads >= _FAMILY_NAME_FIRST,
        code,
        spare_email,
        order,
        Counter(row.cells.get(order, "") for row in table.rows) if order else {},
    )


def read_row(
    row: TableRow,
    table: AttendeeTable,
    types: Mapping[str, str],
    add_ons: Mapping[str, AddOnRow],
    edition: EditionFacts,
) -> RowReading:
    """Read the request in a row. Raises Invalid with the field that is wrong."""
    cells = dict(table.constants) | {name: row.cells.get(column, "").strip() for name, column in table.columns.items()}
    if not cells.get("email"):
        cells["email"] = row.cells.get(table.spare_email_column, "").strip()
    status, is_paid = _status(row, table)
    ticket_type = types.get(_fold(cells.get("ticket_type", "")))
    name = _name(cells, table)
    request = AttendeeRequest(
        ticket_type_code=ticket_type or "",
        name=check_name(name, "name") if status is not RowStatus.CANCELLED else name,
        latin_name=cells.get("latin_name", ""),
        email=fold_email(cells.get("email", "")),
        language=edition.languages[0],
    )
    if status is RowStatus.CANCELLED:
        return RowReading(request, status, is_paid)
    if ticket_type is None:
        raise Invalid("ticket_type_not_known", field="ticket_type", ticket_type=cells.get("ticket_type", "")[:60])
    return RowReading(
        AttendeeRequest(
            ticket_type_code=ticket_type,
            name=request.name,
            latin_name=request.latin_name,
            email=request.email,
            country=read_country(cells.get("country", "")),
            company=cells.get("company", ""),
            job_title=cells.get("job_title", ""),
            language=_language(cells.get("language", ""), edition),
            awaits_approval=status is RowStatus.AWAITING_APPROVAL,
            add_ons=_add_ons(cells.get("add_ons", ""), add_ons),
        ),
        status,
        is_paid,
        _count_people(row, table),
    )


def types_by_name(types: Sequence[TicketTypeRow]) -> dict[str, str]:
    """Return ticket type codes by code and by name in every language."""
    named = {_fold(name): each.code for each in types for name in each.name.values()}
    return named | {_fold(each.code): each.code for each in types}


def add_ons_by_name(add_ons: Sequence[AddOnRow]) -> dict[str, AddOnRow]:
    """Return add-ons by code and by name in every language."""
    named = {_fold(name): each for each in add_ons for name in each.name.values()}
    return named | {_fold(each.code): each for each in add_ons}


def person_key(email: str, name: str) -> tuple[str, str]:
    """Return the key by which a row is recognized as somebody already registered."""
    return email, _fold(name)


def fault_of(row: TableRow, error: ExpoError, table: AttendeeTable, kind: FaultKind = FaultKind.FAULT) -> Fault:
    """Return the fault for a row, with the column that the error is about."""
    params: dict[str, Any] = {name: value for name, value in error.params.items() if name != "line"}
    name = str(params.pop("field", "")).removeprefix("attendees-0-")
    if "ticket_type" in params and not name:
        name = "ticket_type"
    if "add_on" in params and not name:
        name = "add_ons"
    column = table.columns.get(name)
    if column is None and name == "name":
        column = next((table.columns[part] for part in NAME_PARTS if part in table.columns), None)
    return Fault(kind, row.line, column, error.code, params, dict(row.cells))


def _name(cells: Mapping[str, str], table: AttendeeTable) -> str:
    name, first, last = (cells.get(part, "") for part in ("name", *NAME_PARTS))
    if name and not (first or last):
        family, comma, given = name.partition(",")
        is_reversed = table.family_name_first and comma and given.strip() and "," not in given
        return f"{given.strip()} {family.strip()}" if is_reversed else name
    if name and ((first and last) or _fold(first or last) in _fold(name)):
        return name
    # "Vorname, Name" and "Nombre, Apellidos" use a word for one part of the name that usually means the full name.
    first, last = first or name, last or name
    # Chinese, Japanese and Korean names have no space, and the family name comes first.
    if first and last and all("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in first + last):
        return last + first
    return " ".join(part for part in (first, last) if part)


def _add_ons(text: str, add_ons: Mapping[str, AddOnRow]) -> tuple[str, ...]:
    """Return the code of each unit of the add-ons named in a cell, such as `Dinner, Parking × 2`.

    Raises Invalid `add_on_not_known` or `too_many_of_add_on`.
    """
    codes: list[str] = []
    for part in re.split(r"[,;，；、\n]", text):
        if not part.strip():
            continue
        counted = re.fullmatch(r"(.*\S)\s*[×xX*]\s*(\d{1,2})", part.strip())
        name, units = (counted[1], int(counted[2])) if counted else (part.strip(), 1)
        found = add_ons.get(_fold(name)) or add_ons.get(_fold(part.strip()))
        if found is None:
            raise Invalid("add_on_not_known", field="add_ons", add_on=name[:60])
        codes.extend([found.code] * units)
        if codes.count(found.code) > found.max_per_attendee:
            raise Invalid("too_many_of_add_on", field="add_ons", add_on=found.code, maximum=found.max_per_attendee)
    return tuple(codes)


def _count_people(row: TableRow, table: AttendeeTable) -> int:
    """Return the quantity in a row, or 1 if each person of the order has a row of their own with the order's quantity.

    Raises Invalid `quantity_invalid`.
    """
    text = row.cells.get(table.columns.get("quantity", ""), "").strip()
    if not text:
        return 1
    whole = re.fullmatch(r"(\d{1,4})(?:[.,]0+)?", text)
    people = int(whole[1]) if whole else 0
    if not 1 <= people <= MAX_ATTENDEES_PER_ORDER:
        raise Invalid("quantity_invalid", field="quantity", quantity=text[:20], maximum=MAX_ATTENDEES_PER_ORDER)
    order = row.cells.get(table.order_column, "")
    return 1 if order and table.rows_per_order.get(order) == people else people


def _status(row: TableRow, table: AttendeeTable) -> tuple[RowStatus, bool]:
    found: list[RowStatus] = []
    is_paid = False
    for column, kind in table.status_columns.items():
        text = row.cells.get(column, "").strip()
        if kind == "cancelled":
            found.append(read_cancelled(text))
            continue
        if not text:
            continue
        status = read_status(text) if kind == "state" else read_payment(text)
        if status is None:
            raise Invalid("status_not_known", field=kind, status=text[:60])
        if kind == "paid" and status is RowStatus.CONFIRMED:
            is_paid = True
        found.append(status)
    return most_severe(found), is_paid


def _language(text: str, edition: EditionFacts) -> str:
    """Return the code of a language given as a tag, or the edition's first language if empty."""
    if not text:
        return edition.languages[0]
    code = text.replace("_", "-").split("-", maxsplit=1)[0].casefold()
    if code not in BY_CODE:
        raise Invalid("language_unknown", field="language", language=text[:20])
    return code


def _fold(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())
