"""Acts on applications: opening the window, applying, asking questions, answering and declining."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from expo.accounts.errors import PermissionMissing
from expo.accounts.queries import find_person
from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Edition
from expo.editions.services import increment_content_version
from expo.errors import Conflict
from expo.exhibitors.errors import ApplicationMissing
from expo.exhibitors.models import Application, ApplicationWindow, Exhibitor
from expo.exhibitors.queries import find_window, list_pending_files, require_member
from expo.exhibitors.rules import (
    MAX_MESSAGE_LENGTH,
    ApplicationRequest,
    ExhibitorState,
    TeamAction,
    WindowRequest,
    WindowState,
    check_application,
    check_window,
)
from expo.exhibitors.services.companies import add_company, decline_company, lock_company, record_company_change
from expo.exhibitors.services.files import attach_files
from expo.exhibitors.services.members import add_first_owner
from expo.exhibitors.services.packages import find_package_id
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.pure.fields import check_message
from expo.questions.queries import list_fields
from expo.questions.rules import AnswerFault, Field, FieldKind, Given, Purpose, Value, check_answers
from expo.questions.services import create_form, store_answers

# How many applications of one person can be open at once.
MAX_OPEN = 5


@dataclass(frozen=True)
class SentApplication:
    """An application that was sent; with faults in its answers nothing was stored."""

    slug: str = ""
    faults: tuple[AnswerFault, ...] = ()


def set_window(actor: Actor, edition_id: int, request: WindowRequest, now: datetime) -> int:
    """Set when companies can apply, and return the id of the form with the organizer's questions. Raises Invalid."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    check_window(request)
    with atomic():
        lock(Edition, edition_id)  # one window for each edition, even if two organizers begin at once
        window = db.session.get(ApplicationWindow, edition_id, populate_existing=True)
        if window is None:
            form_id = create_form(actor, edition_id, Purpose.EXHIBITORS, now)
            window = ApplicationWindow(edition_id=edition_id, form_id=form_id)
            db.session.add(window)
        window.is_open, window.opens_at, window.closes_at = request.is_open, request.opens_at, request.closes_at
        window.introduction = dict(request.introduction)
        db.session.flush()
        increment_content_version(edition_id, now)
        record_act(
            actor, "exhibitors.set_window", now,
            edition_id=edition_id, subject="edition", subject_id=edition_id, is_open=request.is_open,
            opens_at=request.opens_at.isoformat() if request.opens_at else None,
            closes_at=request.closes_at.isoformat() if request.closes_at else None,
        )  # fmt: skip
        return window.form_id


@retried
def send_application(
    actor: Actor,
    edition_id: int,
    request: ApplicationRequest,
    given: Mapping[str, Given],
    language: str,
    now: datetime,
) -> SentApplication:
    """Apply as a company, and become its owner.

    Another company of the same name does not matter: organizers merge them. Raises PermissionMissing for anyone but
    people, Invalid with the field, PackageMissing, Conflict `applications_closed`, `applications_too_many`.
    """
    person = find_person(actor.id) if actor.kind == "person" and actor.id is not None else None
    if person is None:
        raise PermissionMissing(Permission.REGISTER)
    details = check_application(request, language)
    with atomic():
        lock(Edition, edition_id)  # the limit per person counts what is committed
        window = find_window(edition_id)
        if window is None or window.state_at(now) is not WindowState.OPEN:
            raise Conflict("applications_closed")
        fields = list_fields(window.form_id)
        answers = check_answers(fields, given, details.country)
        files = {each.key: str(answers.values[each.key]) for each in _list_file_fields(fields, answers.values)}
        own = list_pending_files(edition_id, person.id) if files else {}
        # A key alone must not open somebody else's file.
        foreign = [AnswerFault(field, "file_unknown", {}) for field, key in files.items() if key not in own]
        if answers.faults or foreign:
            return SentApplication(faults=(*answers.faults, *foreign))
        if _count_open(edition_id, person.id) >= MAX_OPEN:
            raise Conflict("applications_too_many", maximum=MAX_OPEN)
        package_id = find_package_id(edition_id, request.package) if request.package else None
        company = add_company(edition_id, details, ExhibitorState.APPLIED, may_share_name=True)
        add_first_owner(company.id, person.id, person.email, request.contact_name.strip(), language, now)
        db.session.add(
            Application(
                exhibitor_id=company.id,
                person_id=person.id,
                contact_name=request.contact_name.strip(),
                phone=request.phone.strip(),
                package_id=package_id,
                language=language,
                sheet_id=store_answers(window.form_id, None, answers.values, now),
                submitted_at=now,
            )
        )
        attach_files(edition_id, person.id, company.id, list(files.values()))
        record_company_change(actor, company, "exhibitors.apply", now, name=company.name, package=request.package)
        return SentApplication(company.slug)


@retried
def ask_applicant(actor: Actor, edition_id: int, slug: str, text: str, now: datetime) -> None:
    """Ask an applicant something. Raises Invalid, ExhibitorMissing, ApplicationMissing, Conflict `exhibitor_state`."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    message = check_message(text, MAX_MESSAGE_LENGTH)
    with atomic():
        company = lock_company(edition_id, slug, None)
        application = _get_open(company)
        application.question, application.asked_at = message, now
        record_company_change(actor, company, "exhibitors.ask_applicant", now)


@retried
def reply_to_question(actor: Actor, edition_id: int, slug: str, text: str, now: datetime) -> None:
    """Answer the organizers' question about an application, for those who manage the company's team.

    Raises Invalid, ExhibitorMissing, PermissionMissing, ApplicationMissing, Conflict `exhibitor_state`.
    """
    require_member(actor, edition_id, slug, TeamAction.MANAGE_TEAM)
    message = check_message(text, MAX_MESSAGE_LENGTH)
    with atomic():
        company = lock_company(edition_id, slug, None)
        application = _get_open(company)
        if application.asked_at is None:
            raise Conflict("exhibitor_state")
        application.reply, application.replied_at = message, now
        record_company_change(actor, company, "exhibitors.reply", now)


@retried
def decline_application(actor: Actor, edition_id: int, slug: str, reason: str, now: datetime) -> None:
    """Decline an application with a reason.

    Raises Invalid, ExhibitorMissing, ApplicationMissing, Conflict `exhibitor_state`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    message = check_message(reason, MAX_MESSAGE_LENGTH)
    with atomic():
        application = _get_open(lock_company(edition_id, slug, None))
        decline_company(actor, edition_id, slug, None, now)
        application.reason, application.decided_at = message, now
        db.session.flush()


def _list_file_fields(fields: Sequence[Field], values: Mapping[str, Value]) -> list[Field]:
    """Return the questions that are answered with a file."""
    return [each for each in fields if each.kind is FieldKind.FILE and each.key in values]


def _get_open(company: Exhibitor) -> Application:
    application = db.session.get(Application, company.id, populate_existing=True)
    if application is None:
        raise ApplicationMissing
    if company.state != ExhibitorState.APPLIED.value:
        raise Conflict("exhibitor_state")
    return application


def _count_open(edition_id: int, person_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Application)
            .join(Exhibitor, Exhibitor.id == Application.exhibitor_id)
            .where(
                Exhibitor.edition_id == edition_id,
                Exhibitor.state == ExhibitorState.APPLIED.value,
                Application.person_id == person_id,
            )
        )
        or 0
    )
