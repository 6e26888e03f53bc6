"""Interpret the status and payment columns of a list of attendees."""

import re
import unicodedata
from enum import StrEnum


class RowStatus(StrEnum):
    """The status of a person's registration according to a file."""

    CONFIRMED = "confirmed"
    AWAITING_APPROVAL = "awaiting_approval"
    UNPAID = "unpaid"
    PENDING = "pending"
    CANCELLED = "cancelled"


# Words from our own export and from Attendize, Eventbrite, Indico, pretix, Tito and common lists, case-folded.
_WORDS: dict[RowStatus, str] = {
    RowStatus.CONFIRMED: """confirmed|complete|completed|attending|active|valid|approved|accepted|paid|free|registered
        |checked in|checkedin|attended|going|yes|ok|p|assigned|reserved|issued|succeeded|success|captured|settled|comp
        |complimentary|present|booked
        |已确认|确认|已付款|已支付|已签到|有效|参加|出席|已通过|已报名|已完成|完成|مؤكد|مدفوع""",
    RowStatus.AWAITING_APPROVAL: """awaiting approval|pending approval|approval pending|requires approval|to be approved
        |under review|in review|awaiting moderation|moderation|pending moderation|submitted|requested|waiting list
        |waitlist|waitlisted|on waiting list|on hold|待审核|审核中|待批准|候补|等候""",
    RowStatus.UNPAID: """unpaid|not paid|awaiting payment|payment pending|pending payment|awaiting payment confirmation
        |payment due|payment required|outstanding|owing|invoiced|invoice sent|open|no payment|overdue
        |未付款|未支付|待付款
        |待支付|غير مدفوع""",
    RowStatus.PENDING: """unconfirmed|not confirmed|awaiting confirmation|pending|n|incomplete|not completed|started
        |abandoned|in progress|draft|invited|tentative|maybe|processing|unassigned|no reply|no response
        |未确认|待确认|未完成
        |处理中|待处理""",
    RowStatus.CANCELLED: """cancelled|canceled|cancelled by attendee|canceled by attendee|cancelled by organizer|void
        |voided|refunded|refund|partially refunded|fully refunded|refund pending|refund requested|chargeback
        |charged back
        |disputed|reversed|deleted|removed|withdrawn|rejected|declined|refused|denied|not attending|not going|no|expired
        |e|c|failed|payment failed|returned|transferred|inactive|invalid|blocked|deactivated|revoked|no show|noshow
        |not accepted|not approved|unsubscribed|absent
        |已取消|取消|已退款|退款|已退票|退票|退款中|已作废|作废|无效|已拒绝|拒绝|已过期
        |过期|已删除|不参加|未通过|ملغى|ملغي|مسترد""",
}
_STATUS_BY_WORD = {
    " ".join(word.split()): status for status, words in _WORDS.items() for word in words.replace("\n", " ").split("|")
}
# Decides if a status has more words than the table: "Cancelled (refunded on 3 May)".
_PATTERNS: tuple[tuple[str, RowStatus], ...] = (
    (r"cancel|refund|withdr|reject|declin|void|expir|delet|chargeback|取消|退款|退票|作废|拒绝", RowStatus.CANCELLED),
    (r"approv.*(await|pend)|(await|pend|requir).*approv|wait ?list|waiting list|待审", RowStatus.AWAITING_APPROVAL),
    (r"unpaid|not paid|(await|pend).*pay|pay.*(await|pend|due)|未付|待付|未支付", RowStatus.UNPAID),
    (r"unconfirm|not confirm|pending|await|incomplete|未确认|待", RowStatus.PENDING),
    (r"^(confirmed|completed?|paid|checked in|approved|attending)\b", RowStatus.CONFIRMED),
)
_SEVERITY = (
    RowStatus.CANCELLED,
    RowStatus.PENDING,
    RowStatus.AWAITING_APPROVAL,
    RowStatus.UNPAID,
    RowStatus.CONFIRMED,
)


def read_status(text: str) -> RowStatus | None:
    """Interpret a cell of a status column; return None for an unknown word."""
    folded = _fold(text)
    if folded in _STATUS_BY_WORD:
        return _STATUS_BY_WORD[folded]
    return next((status for pattern, status in _PATTERNS if re.search(pattern, folded)), None)


def read_payment(text: str) -> RowStatus | None:
    """Interpret a cell of a payment column: a plain "no" there means not paid rather than cancelled."""
    folded = _fold(text)
    if folded in {"no", "n", "false", "0", "0.00", "否", "لا"}:
        return RowStatus.UNPAID
    if folded in {"yes", "y", "true", "1", "是", "نعم"}:
        return RowStatus.CONFIRMED
    return read_status(text)


def read_cancelled(text: str) -> RowStatus:
    """Interpret a cell about cancellation or refund: a date, an amount or a yes means cancelled."""
    folded = _fold(text)
    amount = re.sub(r"[^\d.,]", "", folded)
    is_empty = folded in {
        "",
        "no",
        "n",
        "false",
        "none",
        "null",
        "-",
        "–",
        "—",
        "n/a",
        "否",
        "complete",
        "valid",
        "active",
        "not void",
    } or (amount != "" and not re.sub(r"[0.,]", "", amount) and not re.search(r"\d{4}", amount))
    return RowStatus.CONFIRMED if is_empty else RowStatus.CANCELLED


def most_severe(statuses: list[RowStatus]) -> RowStatus:
    """Return the most severe of several statuses in one row."""
    return min(statuses, key=_SEVERITY.index, default=RowStatus.CONFIRMED)


def _fold(text: str) -> str:
    words = unicodedata.normalize("NFKC", text).casefold().replace("_", " ").replace("-", " ")
    return " ".join(words.split())
