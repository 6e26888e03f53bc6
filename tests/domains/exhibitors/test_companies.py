"""Organizers add, change, approve, decline, withdraw and hide companies; visitors see only listed ones."""

from datetime import datetime

import pytest

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid, Outdated
from expo.exhibitors.errors import ExhibitorMissing, PackageMissing
from expo.exhibitors.queries import (
    ExhibitorFilter,
    RecordFilter,
    RecordOrder,
    count_by_state,
    count_exhibitors,
    count_records,
    get_exhibitor,
    get_record,
    list_choices,
    list_exhibitors,
    list_exhibitors_by_id,
    list_packages,
    list_records,
    recount_packages,
)
from expo.exhibitors.queries.booths import read_booths
from expo.exhibitors.rules import CompanyDetails, ExhibitorState, PackageRequest
from expo.exhibitors.services import (
    BoothsAgain,
    RowRequest,
    add_row,
    approve_company,
    change_company,
    change_package,
    create_company,
    delete_package,
    hide_companies,
    sell_booth,
    share_booth,
    withdraw_company,
)
from expo.pure.plane import Box
from tests.domains.exhibitors.makers import make_company, make_package
from tests.floor_plans import make_hall


def test_company_when_added_then_it_is_listed_under_its_cleaned_values(edition: EditionFacts, now: datetime) -> None:
    slug = create_company(
        SYSTEM,
        edition.id,
        CompanyDetails("  Gui\u200byang  Data ", {"en": " Lakes "}, website="example.com", country="cn"),
        now,
    )

    record = get_record(edition.id, slug)
    assert (record.name, record.description, record.website, record.country) == (
        "Guiyang Data",
        {"en": "Lakes"},
        "https://example.com",
        "CN",
    )
    assert [each.name for each in list_exhibitors(edition.id, ExhibitorFilter(q="guiyang"))] == ["Guiyang Data"]


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"name": " \u200b"}, "company_name_empty", "name"),
        ({"name": "x" * 201}, "text_too_long", "name"),
        ({"website": "javascript:alert(1)"}, "website_invalid", "website"),
        ({"country": "Atlantis"}, "country_not_known", "country"),
        ({"extra_passes": -1}, "number_out_of_range", "extra_passes"),
        ({"notes": "x" * 10_001}, "text_too_long", "notes"),
    ],
)
def test_company_when_a_value_is_wrong_then_its_field_is_named(
    edition: EditionFacts, now: datetime, values: dict[str, object], code: str, field: str
) -> None:
    details = CompanyDetails(**{"name": "Ada", **values})  # type: ignore[arg-type]

    with pytest.raises(Invalid) as caught:
        create_company(SYSTEM, edition.id, details, now)

    assert (caught.value.code, caught.value.params["field"]) == (code, field)
    assert count_records(edition.id, RecordFilter()) == 0


def test_company_when_another_has_its_name_in_another_spelling_then_refused(
    edition: EditionFacts, other_edition: EditionFacts, now: datetime
) -> None:
    make_company(edition, now, "Ada Ltd")
    make_company(other_edition, now, "Babbage")
    record = make_company(edition, now, "Babbage")

    with pytest.raises(Conflict, match="exhibitor_exists"):
        create_company(SYSTEM, edition.id, CompanyDetails("ＡＤＡ  ltd"), now)
    with pytest.raises(Conflict, match="exhibitor_exists"):
        change_company(SYSTEM, edition.id, record.slug, CompanyDetails("ada ltd"), None, now)


def test_company_when_changed_then_found_by_its_new_name_and_a_stale_version_is_refused(
    edition: EditionFacts, now: datetime
) -> None:
    before = make_company(edition, now, "Ada")

    change_company(SYSTEM, edition.id, before.slug, CompanyDetails("Babbage", country="GB"), before.version, now)

    record = get_record(edition.id, before.slug)
    assert (record.name, record.country, record.slug) == ("Babbage", "GB", before.slug)
    assert [count_records(edition.id, RecordFilter(q=q)) for q in ("ada", "babbage")] == [0, 1]
    with pytest.raises(Outdated):
        change_company(SYSTEM, edition.id, before.slug, CompanyDetails("Curie"), before.version, now)


def test_company_when_hidden_or_withdrawn_then_no_public_list_names_it(edition: EditionFacts, now: datetime) -> None:
    listed, hidden, withdrawn = (make_company(edition, now, name, country="FR") for name in ("A", "B", "C"))
    hide_companies(SYSTEM, edition.id, [hidden.slug], now, is_hidden=True)
    withdraw_company(SYSTEM, edition.id, withdrawn.slug, None, now)

    assert [each.name for each in list_exhibitors(edition.id)] == ["A"]
    assert [each.name for each in list_exhibitors_by_id(edition.id, [hidden.id, withdrawn.id, listed.id])] == ["A"]
    assert (count_exhibitors(edition.id), list_choices(edition.id).countries) == (1, (("FR", 1),))
    for slug in (hidden.slug, withdrawn.slug):
        with pytest.raises(ExhibitorMissing):
            get_exhibitor(edition.id, slug)
    assert count_by_state(edition.id)[ExhibitorState.WITHDRAWN] == 1
    assert [each.name for each in list_records(edition.id, RecordFilter(state="hidden"))] == ["B"]


def test_company_when_shown_and_approved_again_then_it_is_listed(edition: EditionFacts, now: datetime) -> None:
    record = make_company(edition, now)
    withdraw_company(SYSTEM, edition.id, record.slug, None, now)

    approve_company(SYSTEM, edition.id, record.slug, "", None, now)

    assert count_exhibitors(edition.id) == 1
    with pytest.raises(Conflict, match="exhibitor_state"):
        approve_company(SYSTEM, edition.id, record.slug, "", None, now)


def test_company_when_approved_again_then_it_gets_what_is_left_of_its_package_and_booths(
    edition: EditionFacts, now: datetime
) -> None:
    gold = make_package(edition, now, "Gold", size=1)
    record, guest, other = (
        make_company(edition, now, package=gold),
        make_company(edition, now),
        make_company(edition, now),
    )
    make_hall(edition, now)
    ids = add_row(SYSTEM, edition.id, "hall-1", RowRequest("A", 3, Box(0, 0, 3, 3)), now)
    for booth_id in ids:
        sell_booth(SYSTEM, edition.id, booth_id, record.slug, now)
    share_booth(SYSTEM, edition.id, ids[2], guest.slug, now)

    withdraw_company(SYSTEM, edition.id, record.slug, None, now)
    holders = [each.holder and each.holder.slug for each in read_booths(edition.id, ids, now)]
    sell_booth(SYSTEM, edition.id, ids[1], other.slug, now)
    again = approve_company(SYSTEM, edition.id, record.slug, None, None, now)
    first = get_record(edition.id, record.slug)
    withdraw_company(SYSTEM, edition.id, record.slug, None, now)
    change_company(SYSTEM, edition.id, other.slug, CompanyDetails(other.name, country="CN", package=gold), None, now)
    approve_company(SYSTEM, edition.id, record.slug, None, None, now)
    second = get_record(edition.id, record.slug)

    assert holders == [None, None, guest.slug]
    assert again == BoothsAgain(("A01",), ("A02", "A03"))
    assert (first.package, [each.code for each in first.booths]) == (gold, ["A01"])
    assert (second.package, [each.code for each in second.booths]) == ("", ["A01"])
    assert [(each.taken, each.agrees) for each in recount_packages(edition.id)] == [(1, True)]


def test_records_when_filtered_then_each_filter_narrows_and_the_order_holds(
    edition: EditionFacts, other_edition: EditionFacts, now: datetime
) -> None:
    gold = make_package(edition, now, "Gold")
    make_company(edition, now, "Zeta", package=gold, country="DE")
    make_company(edition, now, "张江数据")
    make_company(edition, now, "Alpha")
    make_company(other_edition, now, "Foreign")

    names = {
        str(wanted): [each.name for each in list_records(edition.id, wanted)]
        for wanted in (RecordFilter(), RecordFilter(package=gold), RecordFilter(package="none", country="cn"))
    }
    assert list(names.values()) == [["Alpha", "Zeta", "张江数据"], ["Zeta"], ["Alpha", "张江数据"]]
    newest = list_records(edition.id, RecordFilter(order=RecordOrder.NEWEST), size=2)
    by_country = list_records(edition.id, RecordFilter(order=RecordOrder.COUNTRY))
    assert [each.name for each in newest] == ["Alpha", "张江数据"]
    assert [each.name for each in by_country] == ["Alpha", "张江数据", "Zeta"]


def test_package_when_the_last_one_is_taken_then_sold_out_until_it_is_released(
    edition: EditionFacts, now: datetime
) -> None:
    gold = make_package(edition, now, "Gold", size=1, passes=3)
    first = make_company(edition, now, package=gold, extra_passes=2)
    second = make_company(edition, now)
    wanted = CompanyDetails(second.name, country="CN", package=gold)

    with pytest.raises(Conflict, match="package_sold_out"):
        change_company(SYSTEM, edition.id, second.slug, wanted, None, now)
    withdraw_company(SYSTEM, edition.id, first.slug, None, now)
    change_company(SYSTEM, edition.id, second.slug, wanted, None, now)

    assert (first.passes, get_record(edition.id, second.slug).package) == (5, gold)
    assert [(each.taken, each.agrees) for each in recount_packages(edition.id)] == [(1, True)]
    with pytest.raises(PackageMissing):
        make_company(edition, now, package="silver")


def test_package_when_used_then_it_is_neither_deleted_nor_made_smaller_than_its_use(
    edition: EditionFacts, now: datetime
) -> None:
    gold, silver = make_package(edition, now, "Gold"), make_package(edition, now, "Silver")
    for _number in range(2):
        make_company(edition, now, package=gold)

    with pytest.raises(Conflict, match="package_in_use"):
        delete_package(SYSTEM, edition.id, gold, now)
    with pytest.raises(Conflict, match="package_below_taken"):
        change_package(SYSTEM, edition.id, gold, PackageRequest(name={"en": "Gold"}, size=1), now)
    delete_package(SYSTEM, edition.id, silver, now)
    change_package(SYSTEM, edition.id, gold, PackageRequest(name={"en": "Gold"}, size=2), now)

    assert [(each.slug, each.free) for each in list_packages(edition.id)] == [("gold", 0)]


def test_acts_when_the_actor_does_not_manage_exhibitors_then_refused(edition: EditionFacts, now: datetime) -> None:
    record = make_company(edition, now)
    details = CompanyDetails("Eve")

    for act in (
        lambda: create_company(ANONYMOUS, edition.id, details, now),
        lambda: change_company(ANONYMOUS, edition.id, record.slug, details, None, now),
        lambda: approve_company(ANONYMOUS, edition.id, record.slug, "", None, now),
        lambda: withdraw_company(ANONYMOUS, edition.id, record.slug, None, now),
        lambda: hide_companies(ANONYMOUS, edition.id, [record.slug], now, is_hidden=True),
        lambda: delete_package(ANONYMOUS, edition.id, "gold", now),
    ):
        with pytest.raises(PermissionMissing):
            act()
    assert get_record(edition.id, record.slug) == record
