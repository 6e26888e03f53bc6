"""The filter of the list of proposals, as the address has it."""

from flask import request

from expo.accounts.rules import Permission
from expo.proposals.queries import CallRow, ProposalFilter
from expo.web.kit.access import current_edition, current_viewer


def filter_of_request(calls: list[CallRow]) -> ProposalFilter:
    """Return which proposals are wanted. Only people who may change the programme can search by name."""
    slug = request.args.get("call", "")
    return ProposalFilter(
        q=request.args.get("q", "").strip()[:100],
        call_id=next((each.id for each in calls if each.slug == slug), None),
        state=request.args.get("state", ""),
        track=request.args.get("track", ""),
        kind=request.args.get("kind", ""),
        language=request.args.get("language", ""),
        finds_names=may_know_names(),
    )


def query_of(filters: ProposalFilter, calls: list[CallRow]) -> dict[str, str]:
    """Return the parameters that lead to the same list."""
    slug = next((each.slug for each in calls if each.id == filters.call_id), "")
    values = {
        "q": filters.q,
        "call": slug,
        "state": filters.state,
        "track": filters.track,
        "kind": filters.kind,
        "language": filters.language,
    }
    return {name: value for name, value in values.items() if value}


def may_know_names() -> bool:
    """Return whether the viewer may know who wrote a proposal; reviewers may not."""
    return current_viewer().actor.may(Permission.PROGRAM_MANAGE, current_edition().id)
