"""One exhibitor in any state: read, create, change, approve, cancel its participation, merge, delete."""

from dataclasses import replace
from http import HTTPStatus

from pydantic import Field

from expo.accounts.rules import Permission, require
from expo.api.authentication import Call
from expo.api.schemas import Deleted, DeleteQuery, Schema, Text, Texts, TextsIn, example
from expo.api.v1.exhibitors import BoothOut
from expo.api.v1.program import Named
from expo.api.v1.version import v1
from expo.exhibitors.queries import CompanyRecord, get_record
from expo.exhibitors.rules import CompanyDetails, ExhibitorState
from expo.exhibitors.services import delete_company
from expo.flows.exhibitor_decisions import approve_exhibitor
from expo.flows.exhibitor_merges import merge_exhibitors
from expo.flows.exhibitor_texts import change_company, create_company
from expo.flows.exhibitor_withdrawals import withdraw_exhibitor

GROUP = "Exhibitors"


class CompanyChangeIn(Schema):
    """The fields to change; omitted ones stay unchanged. Texts are replaced as a whole."""

    model_config = example(name="Guiyang Data", country="CN", package="gold")

    name: Text = Field("", max_length=200)
    description: TextsIn = Field(default_factory=dict)
    website: Text = Field("", description="http or https")
    country: Text = Field("", description="ISO 3166-1 alpha-2")
    package: Text = Field("", description="Id of a package; empty for none")
    extra_passes: int = Field(0, ge=0, description="Passes beyond those of the package")
    is_hidden: bool = Field(False, description="Whether it is hidden from visitors")
    notes: Text = Field("", description="For organizers only")


class CompanyIn(CompanyChangeIn):
    """A new exhibitor; it is approved."""

    name: Text = Field(max_length=200)


class ApprovalIn(Schema):
    """The package of an exhibitor that is approved."""

    package: Text | None = Field(
        None,
        description="Id of a package; empty for none. Omitted: the one that the exhibitor had before its participation "
        "was cancelled, if one is left, else none",
    )


class MergeIn(Schema):
    """The exhibitor that stays."""

    into: Text = Field(max_length=200, description="Its id")


class CompanyDetailOut(Schema):
    """An exhibitor with everything that organizers enter."""

    id: str
    version: str = Field(description="Also the ETag; send it as If-Match with a change")
    state: ExhibitorState
    is_hidden: bool
    name: str
    description: Texts
    website: str
    country: str
    package: str
    passes: int = Field(description="How many passes its team can have")
    extra_passes: int
    notes: str
    categories: list[Named]
    booths: list[BoothOut]


@v1.route("GET", "/exhibitors/<id>", group=GROUP, permission=Permission.EXHIBITORS_READ)
def get_company(call: Call, id: str) -> CompanyDetailOut:  # noqa: A002 - the name in the address
    """Get an exhibitor in any state. Notes require `exhibitors.manage`."""
    record = get_record(call.edition_id, id)
    return _out(record if call.actor.may(Permission.EXHIBITORS_MANAGE, call.edition_id) else replace(record, notes=""))


@v1.route(
    "POST",
    "/exhibitors",
    group=GROUP,
    permission=Permission.EXHIBITORS_MANAGE,
    status=HTTPStatus.CREATED,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_company(call: Call, body: CompanyIn) -> CompanyDetailOut:
    """Create an approved exhibitor. 409 `exhibitor_exists` if another one has its name."""
    slug = create_company(call.actor, call.edition_id, _merge(CompanyDetails(""), body), call.now)
    return _out(get_record(call.edition_id, slug))


@v1.route(
    "PATCH",
    "/exhibitors/<id>",
    group=GROUP,
    permission=Permission.EXHIBITORS_MANAGE,
    refusals=(HTTPStatus.CONFLICT,),
)
def patch_company(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    body: CompanyChangeIn,
    version: str | None,
) -> CompanyDetailOut:
    """Update an exhibitor."""
    require(call.actor, Permission.EXHIBITORS_MANAGE, call.edition_id)
    before = _to_details(get_record(call.edition_id, id))
    change_company(call.actor, call.edition_id, id, _merge(before, body), version, call.now)
    return _out(get_record(call.edition_id, id))


@v1.route(
    "POST",
    "/exhibitors/<id>/approve",
    group=GROUP,
    permission=Permission.EXHIBITORS_MANAGE,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_approval(call: Call, id: str, body: ApprovalIn, version: str | None) -> CompanyDetailOut:  # noqa: A002 - as above
    """Approve an exhibitor that applied, was declined, or whose participation was cancelled.

    In the last case it gets those of its booths again that are still free. Its owners are notified.
    """
    approve_exhibitor(call.actor, call.edition_id, id, body.package, version, call.now)
    return _out(get_record(call.edition_id, id))


@v1.route(
    "POST",
    "/exhibitors/<id>/withdraw",
    group=GROUP,
    permission=Permission.EXHIBITORS_MANAGE,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_withdrawal(call: Call, id: str, version: str | None) -> CompanyDetailOut:  # noqa: A002 - as above
    """Cancel the participation of an approved exhibitor.

    Visitors no longer see it, its meetings are cancelled, and its package and booths are free again.
    """
    withdraw_exhibitor(call.actor, call.edition_id, id, version, call.now)
    return _out(get_record(call.edition_id, id))


@v1.route("POST", "/exhibitors/<id>/merge", group=GROUP, permission=Permission.EXHIBITORS_MANAGE)
def post_merge(call: Call, id: str, body: MergeIn) -> CompanyDetailOut:  # noqa: A002 - as above
    """Merge an exhibitor into another one, which keeps its own values and gets what it lacks, and everything else."""
    merge_exhibitors(call.actor, call.edition_id, id, body.into, call.now)
    return _out(get_record(call.edition_id, body.into))


@v1.route(
    "DELETE",
    "/exhibitors/<id>",
    group=GROUP,
    permission=Permission.EXHIBITORS_MANAGE,
    refusals=(HTTPStatus.CONFLICT,),
)
def remove_company(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    query: DeleteQuery,
    version: str | None,
) -> Deleted:
    """Delete an exhibitor.

    409 `exhibitor_in_use` if anything belongs to it, unless `cascade` is true; 409 `exhibitor_has_contacts` if visitors
    have contacts or meetings with it, and `exhibitor_has_passes` while its team has badges.
    """
    delete_company(call.actor, call.edition_id, id, version, call.now, with_uses=query.cascade)
    return Deleted(id=id)


def _to_details(record: CompanyRecord) -> CompanyDetails:
    return CompanyDetails(
        name=record.name,
        description=record.description,
        website=record.website,
        country=record.country,
        package=record.package,
        extra_passes=record.extra_passes,
        is_hidden=record.is_hidden,
        notes=record.notes,
    )


def _merge(before: CompanyDetails, body: CompanyChangeIn) -> CompanyDetails:
    """Return the details with the fields that the body contains."""
    return replace(before, **{name: getattr(body, name) for name in body.model_fields_set})


def _out(record: CompanyRecord) -> CompanyDetailOut:
    return CompanyDetailOut(
        id=record.slug,
        version=record.version,
        state=record.state,
        is_hidden=record.is_hidden,
        name=record.name,
        description=record.description,
        website=record.website,
        country=record.country,
        package=record.package,
        passes=record.passes,
        extra_passes=record.extra_passes,
        notes=record.notes,
        categories=[Named(id=each.slug, name=each.name) for each in record.categories],
        booths=[BoothOut(code=each.code, hall=each.hall_name) for each in record.booths],
    )
