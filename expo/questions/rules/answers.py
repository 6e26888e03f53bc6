"""Which answers a form accepts, and how they are stored. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

import phonenumbers

from expo.pure.countries import country_codes
from expo.pure.texts import clean_text
from expo.questions.rules.conditions import Value, list_shown
from expo.questions.rules.fields import Field, FieldKind

MAX_TEXT = 300
MAX_LONG_TEXT = 20_000
MAX_URL = 2_000
MAX_DIGITS = 15
_FILE_NAME = re.compile(r"[0-9a-f]{32}")

# What a form or a program sends for one field: a form sends lists of texts, a program JSON.
Given = str | bool | int | float | Sequence[str] | None


@dataclass(frozen=True)
class AnswerFault:
    """Why an answer is not accepted: a stable code and the values of its sentence."""

    key: str
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class CheckedAnswers:
    """The answers as they are stored, and what is wrong; a field at fault has no value."""

    values: dict[str, Value]
    faults: tuple[AnswerFault, ...] = ()


class _Refused(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def check_draft(fields: Sequence[Field], given: Mapping[str, Given], region: str | None = None) -> CheckedAnswers:
    """Return the answers given so far: what is there must be well formed, but nothing is required or too short yet.

    `region` is the country (two letters) that a phone number without a country code belongs to. Answers to fields
    that are not shown, and keys that the form does not have, are dropped.
    """
    values: dict[str, Value] = {}
    faults: list[AnswerFault] = []
    for position, field in enumerate(fields):
        if list_shown(fields[: position + 1], values)[-1:] != [field]:
            continue
        try:
            value = _CHECKS[field.kind](field, given.get(field.key), region)
        except _Refused as refused:
            faults.append(AnswerFault(field.key, refused.code, refused.params))
            continue
        if value is not None:
            values[field.key] = value
    return CheckedAnswers(values, tuple(faults))


def check_answers(fields: Sequence[Field], given: Mapping[str, Given], region: str | None = None) -> CheckedAnswers:
    """Return the answers of a form that is handed in, as `check_draft` does; every required field must be answered.

    Only fields that are shown are required.
    """
    draft = check_draft(fields, given, region)
    at_fault = {fault.key for fault in draft.faults}
    shown = [each for each in list_shown(fields, draft.values) if each.key not in at_fault]
    found = [fault for each in shown if (fault := _find_lack(each, draft.values.get(each.key))) is not None]
    order = {each.key: position for position, each in enumerate(fields)}
    faults = sorted([*draft.faults, *found], key=lambda fault: order[fault.key])
    lacking = {fault.key for fault in found}
    return CheckedAnswers({key: value for key, value in draft.values.items() if key not in lacking}, tuple(faults))


def _find_lack(field: Field, value: Value | None) -> AnswerFault | None:
    """Return what a well-formed answer lacks; None where it lacks nothing."""
    if value is None:
        if not field.is_required:
            return None
        return AnswerFault(field.key, "consent_missing" if field.kind is FieldKind.CONSENT else "answer_missing", {})
    minimum = field.limits.minimum
    if minimum is None:
        return None
    if field.kind in {FieldKind.TEXT, FieldKind.LONG_TEXT} and isinstance(value, str) and len(value) < minimum:
        return AnswerFault(field.key, "answer_too_short", {"minimum": int(minimum), "length": len(value)})
    if field.kind is FieldKind.MULTIPLE_CHOICE and isinstance(value, list) and len(value) < minimum:
        return AnswerFault(field.key, "too_few_choices", {"minimum": int(minimum)})
    return None


def _plain(given: Given) -> str:
    """Return what was given as one text; the first where there are several."""
    if given is None or isinstance(given, bool):
        return ""
    if isinstance(given, str | int | float):
        return clean_text(str(given)).strip()
    return clean_text(given[0]).strip() if given else ""


def _several(given: Given) -> list[str]:
    if given is None or isinstance(given, bool):
        return []
    if isinstance(given, str | int | float):
        return [str(given)] if str(given) else []
    return [text for text in given if text]


def _check_text(field: Field, given: Given, _region: str | None) -> str | None:
    text = " ".join(_plain(given).split())
    return _within_length(field, text, MAX_TEXT)


def _check_long_text(field: Field, given: Given, _region: str | None) -> str | None:
    text = _plain(given).replace("\r\n", "\n").replace("\r", "\n")
    return _within_length(field, text, MAX_LONG_TEXT)


def _within_length(field: Field, text: str, longest: int) -> str | None:
    if not text:
        return None
    maximum = min(longest, int(field.limits.maximum)) if field.limits.maximum is not None else longest
    if len(text) > maximum:
        raise _Refused("answer_too_long", maximum=maximum, length=len(text))
    return text


def _check_number(field: Field, given: Given, _region: str | None) -> str | None:
    text = _plain(given)
    if not text:
        return None
    try:
        # Digits of every script are read; a comma is taken for a decimal point only where there is no point.
        number = Decimal(text if "." in text else text.replace(",", "."))
    except InvalidOperation:
        raise _Refused("number_invalid") from None
    if not number.is_finite() or len(number.as_tuple().digits) > MAX_DIGITS or abs(number.adjusted()) > MAX_DIGITS:
        raise _Refused("number_invalid")
    limits = field.limits
    if limits.minimum is not None and number < limits.minimum:
        raise _Refused("number_too_small", minimum=str(limits.minimum))
    if limits.maximum is not None and number > limits.maximum:
        raise _Refused("number_too_large", maximum=str(limits.maximum))
    return f"{number.normalize():f}"


def _check_date(field: Field, given: Given, _region: str | None) -> str | None:
    text = _plain(given)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Refused("date_invalid") from None
    limits = field.limits
    if limits.earliest is not None and day < limits.earliest:
        raise _Refused("date_too_early", earliest=limits.earliest)
    if limits.latest is not None and day > limits.latest:
        raise _Refused("date_too_late", latest=limits.latest)
    return day.isoformat()


def _check_single_choice(field: Field, given: Given, _region: str | None) -> str | None:
    text = _plain(given)
    if not text:
        return None
    if text not in {option.key for option in field.options}:
        raise _Refused("choice_unknown", value=text[:40])
    return text


def _check_multiple_choice(field: Field, given: Given, _region: str | None) -> list[str] | None:
    chosen = set(_several(given))
    if not chosen:
        return None
    known = [option.key for option in field.options]
    unknown = chosen - set(known)
    if unknown:
        raise _Refused("choice_unknown", value=min(unknown)[:40])
    if field.limits.maximum is not None and len(chosen) > field.limits.maximum:
        raise _Refused("too_many_choices", maximum=int(field.limits.maximum))
    return [key for key in known if key in chosen]


def _check_country(_field: Field, given: Given, _region: str | None) -> str | None:
    code = _plain(given).upper()
    if not code:
        return None
    if code not in country_codes():
        raise _Refused("country_unknown", country=code[:20])
    return code


def _check_phone(_field: Field, given: Given, region: str | None) -> str | None:
    text = _plain(given)
    if not text:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise _Refused("phone_invalid") from None
    if not phonenumbers.is_possible_number(number):
        raise _Refused("phone_invalid")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _check_url(_field: Field, given: Given, _region: str | None) -> str | None:
    text = _plain(given)
    if not text:
        return None
    url = text if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) else f"https://{text}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise _Refused("url_invalid") from None
    if parts.scheme not in {"http", "https"} or "." not in host.strip(".") or len(url) > MAX_URL or " " in url:
        raise _Refused("url_invalid")
    return url


def _check_file(_field: Field, given: Given, _region: str | None) -> str | None:
    name = _plain(given)
    if not name:
        return None
    if not _FILE_NAME.fullmatch(name):
        raise _Refused("file_unknown")
    return name


def _check_consent(_field: Field, given: Given, _region: str | None) -> bool | None:
    is_given = given is True or _plain(given) in {"yes", "on", "true", "1", "y"}
    return True if is_given else None


_CHECKS: dict[FieldKind, Callable[[Field, Given, str | None], Value | None]] = {
    FieldKind.TEXT: _check_text,
    FieldKind.LONG_TEXT: _check_long_text,
    FieldKind.NUMBER: _check_number,
    FieldKind.DATE: _check_date,
    FieldKind.SINGLE_CHOICE: _check_single_choice,
    FieldKind.MULTIPLE_CHOICE: _check_multiple_choice,
    FieldKind.COUNTRY: _check_country,
    FieldKind.PHONE: _check_phone,
    FieldKind.URL: _check_url,
    FieldKind.FILE: _check_file,
    FieldKind.CONSENT: _check_consent,
}
