"""Filters of leads in addresses."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request

from expo.leads.rules import MAX_RATING, FollowUp, LeadFilter, Question

MAX_LENGTH = 100


def filter_of_request() -> LeadFilter:
    """Return the filter in this request's address."""
    return filter_from(request.args)


def filter_from(query: Mapping[str, str]) -> LeadFilter:
    """Parse a filter; invalid values are ignored. `answer` is a question's key, or the key, `=` and an option."""
    status, question = query.get("status", ""), query.get("answer", "")
    key, _equals, option = question.partition("=")
    return LeadFilter(
        q=query.get("q", "").strip()[:MAX_LENGTH],
        min_rating=_number(query.get("rating", ""), MAX_RATING),
        status=FollowUp(status) if status in {each.value for each in FollowUp} else None,
        member_id=_number(query.get("member", ""), 2**31 - 1),
        day=_day(query.get("day", "")),
        question=key[:MAX_LENGTH],
        answer=option[:MAX_LENGTH],
    )


def query_of(filters: LeadFilter) -> dict[str, Any]:
    """Return a filter as the parameters of an address."""
    answer = f"{filters.question}={filters.answer}" if filters.answer else filters.question
    values = {
        "q": filters.q,
        "rating": filters.min_rating,
        "status": filters.status.value if filters.status else "",
        "member": filters.member_id,
        "day": filters.day.isoformat() if filters.day else "",
        "answer": answer,
    }
    return {name: value for name, value in values.items() if value}


def answer_choices(questions: list[Question]) -> list[tuple[str, str]]:
    """Return what leads can be narrowed to by their answers, as (value, label)."""
    choices = []
    for each in questions:
        if each.options:
            choices += [(f"{each.key}={option}", f"{each.label}: {option}") for option in each.options]
        else:
            choices.append((each.key, each.label))
    return choices


def _number(text: str, largest: int) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(largest))
    return int(text) if is_number and 1 <= int(text) <= largest else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
