"""Status and payment columns of lists from elsewhere."""

import pytest

from expo.flows.attendee_import.statuses import RowStatus, most_severe, read_cancelled, read_payment, read_status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("confirmed", RowStatus.CONFIRMED),
        ("Attending", RowStatus.CONFIRMED),
        ("Checked In", RowStatus.CONFIRMED),
        ("checked_in", RowStatus.CONFIRMED),
        ("已确认", RowStatus.CONFIRMED),
        ("awaiting_approval", RowStatus.AWAITING_APPROVAL),
        ("On waiting list", RowStatus.AWAITING_APPROVAL),
        ("Awaiting payment", RowStatus.UNPAID),
        ("unconfirmed", RowStatus.PENDING),
        ("Pending", RowStatus.PENDING),
        ("CANCELLED", RowStatus.CANCELLED),
        ("canceled", RowStatus.CANCELLED),
        ("Cancelled by the attendee on 3 May", RowStatus.CANCELLED),
        ("Refunded", RowStatus.CANCELLED),
        ("partially refunded", RowStatus.CANCELLED),
        ("Not Attending", RowStatus.CANCELLED),
        ("expired", RowStatus.CANCELLED),
        ("Withdrawn", RowStatus.CANCELLED),
        ("Rejected", RowStatus.CANCELLED),
        ("已取消", RowStatus.CANCELLED),
        ("已退款", RowStatus.CANCELLED),
        ("ملغى", RowStatus.CANCELLED),
        ("purple", None),
    ],
)
def test_status_when_read_then_its_meaning(text: str, status: RowStatus | None) -> None:
    assert read_status(text) is status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("yes", RowStatus.CONFIRMED),
        ("Paid", RowStatus.CONFIRMED),
        ("no", RowStatus.UNPAID),
        ("Refunded", RowStatus.CANCELLED),
        ("pending payment", RowStatus.UNPAID),
    ],
)
def test_payment_when_read_then_a_no_is_unpaid(text: str, status: RowStatus) -> None:
    assert read_payment(text) is status


@pytest.mark.parametrize("text", ["", "no", "false", "0", "0.00", "€0,00", "-", "None"])
def test_cancellation_when_nothing_is_there_then_not_cancelled(text: str) -> None:
    assert read_cancelled(text) is RowStatus.CONFIRMED


@pytest.mark.parametrize("text", ["yes", "1", "2027-03-04 10:00", "120.00", "true", "x"])
def test_cancellation_when_something_is_there_then_cancelled(text: str) -> None:
    assert read_cancelled(text) is RowStatus.CANCELLED


def test_most_severe_when_columns_disagree_then_nobody_is_let_in() -> None:
    assert most_severe([RowStatus.CONFIRMED, RowStatus.CANCELLED, RowStatus.UNPAID]) is RowStatus.CANCELLED
    assert most_severe([]) is RowStatus.CONFIRMED
