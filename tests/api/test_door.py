import gzip
import json
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.api.v1 import v1
from expo.checkin.queries.devices import get_device
from expo.checkin.rules.devices import PROFILE_CALLS, PROFILE_PERMISSIONS, Profile
from expo.checkin.services.devices import revoke_device
from expo.editions.queries import EditionFacts
from expo.infra.audit import AuditEntry
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.reports.discrepancies import get_discrepancies
from tests.api.calls import Api, make_token
from tests.api.test_scans import _scan
from tests.conftest import make_edition
from tests.domains.checkin.devices import make_code, make_device, read_record
from tests.domains.checkin.doors import make_checkpoint
from tests.make import make_attendee


def _heartbeat(**values: object) -> dict[str, object]:
    return {"battery": 0.5, "queue": 3, "version": "1", "device_time": utcnow().isoformat(), **values}


def test_enrolment_when_the_code_is_right_then_the_token_opens_the_door(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now, name="张伟", latin_name="Zhang Wei", company="数据谷")
    code = make_code(edition, utcnow(), "Gate 1", checkpoints=frozenset({"main"}))

    enrolled = Api(each_app, None).post("/door/enrol", {"code": code}).get_json()
    snapshot = Api(each_app, enrolled["token"]).get("/door/snapshot").get_json()

    assert enrolled["device"] == {
        "id": enrolled["device"]["id"],
        "name": "Gate 1",
        "profile": "steward",
        "checkpoints": ["main"],
    }
    assert read_record(snapshot, attendee.token) == [
        "张伟",
        "Zhang Wei",
        "数据谷",
        "CN",
        "visitor",
        1,
        0,
        "2027-05-26",
        "2027-05-28",
        "confirmed",
        "confirmed",
        1,
        1,
        [],
        [],
        attendee.code,
        "",
    ]
    assert (snapshot["whole"], snapshot["wipe"], len(snapshot["records"])) == (True, False, 1)


def test_enrolment_when_the_code_is_used_twice_or_expired_or_made_up_then_refused(
    each_app: Flask, edition: EditionFacts
) -> None:
    used, expired = make_code(edition, utcnow()), make_code(edition, utcnow() - timedelta(minutes=16), "Gate 2")
    api = Api(each_app, None)
    api.post("/door/enrol", {"code": used})

    answers = [api.post("/door/enrol", {"code": code}) for code in (used, expired, "made-up")]

    assert [(each.status_code, each.get_json()["code"]) for each in answers] == [(422, "enrolment_code_wrong")] * 3


def test_enrolment_when_tried_often_from_one_network_then_slowed_down(each_app: Flask, edition: EditionFacts) -> None:
    code, api = make_code(edition, utcnow()), Api(each_app, None)

    statuses = [api.post("/door/enrol", {"code": f"guess-{n}"}).status_code for n in range(31)]

    assert statuses == [422] * 30 + [429]
    assert api.post("/door/enrol", {"code": code}).status_code == 429


def test_snapshot_when_the_client_accepts_gzip_then_compressed(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now)
    headers = {"Authorization": f"Bearer {make_device(edition, utcnow()).token}", "Accept-Encoding": "gzip, br"}

    answer = app.test_client().get("/api/v1/door/snapshot", headers=headers)

    assert (answer.headers["Content-Encoding"], answer.headers["Cache-Control"]) == ("gzip", "no-store")
    assert len(json.loads(gzip.decompress(answer.data))["records"]) == 1


def test_snapshot_when_sent_to_a_second_device_then_has_the_time_of_sending(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now)
    api = Api(app, make_device(edition, utcnow()).token)

    first, second = (api.get("/door/snapshot").get_json() for _ in range(2))

    assert first["cursor"] == second["cursor"]
    assert first["server_time"] < second["server_time"]


def test_snapshot_when_asked_for_again_then_only_what_has_changed(each_app: Flask, edition: EditionFacts) -> None:
    make_attendee(edition, utcnow() - timedelta(hours=1))
    api = Api(each_app, make_device(edition, utcnow()).token)
    cursor = api.get("/door/snapshot").get_json()["cursor"]
    added = make_attendee(edition, utcnow(), name="李娜")

    delta = api.get("/door/snapshot", since=cursor).get_json()

    assert (delta["whole"], len(delta["records"])) == (False, 1)
    assert (read_record(delta, added.token) or [""])[0] == "李娜"


def test_snapshot_when_read_then_names_nobody(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_attendee(edition, now, name="王小明", company="贵阳数据公司", email="wang@example.org", job_title="工程师")
    api = Api(each_app, make_device(edition, utcnow()).token)

    answer = api.get("/door/snapshot")

    told = answer.get_data(as_text=True)
    assert len(answer.get_json()["records"]) == 1
    assert [word for word in ("王小明", "贵阳数据公司", "wang@", "example.org", "工程师") if word in told] == []


def test_snapshot_when_the_device_is_of_another_edition_then_has_only_its_own_people(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, "expo-2028", 2028)
    attendee = make_attendee(edition, now)
    foreign = make_attendee(other, now)

    snapshot = Api(each_app, make_device(other, utcnow()).token).get("/door/snapshot").get_json()

    assert read_record(snapshot, attendee.token) is None
    assert read_record(snapshot, foreign.token) is not None


def test_device_when_revoked_then_gets_nothing_but_the_news(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now)
    device = make_device(edition, utcnow())
    api = Api(each_app, device.token)
    before = api.post("/door/heartbeat", _heartbeat())

    revoke_device(SYSTEM, edition.id, device.device.id, utcnow(), wipes=True)
    heartbeat, snapshot = api.post("/door/heartbeat", _heartbeat()), api.get("/door/snapshot")

    assert {name: before.get_json()[name] for name in ("revoked", "wipe")} == {"revoked": False, "wipe": False}
    assert {name: heartbeat.get_json()[name] for name in ("revoked", "wipe")} == {"revoked": True, "wipe": True}
    assert (snapshot.status_code, snapshot.get_json()["code"], snapshot.get_json()["wipe"]) == (
        401,
        "device_revoked",
        True,
    )


def test_device_when_calling_any_operation_then_refused_unless_its_profile_has_it(
    each_app: Flask, edition: EditionFacts
) -> None:
    wrong = {}
    for profile in Profile:
        headers = {"Authorization": f"Bearer {make_device(edition, utcnow(), profile.value, profile=profile).token}"}
        for route in v1.declared:
            if route.is_open:
                continue
            path = "/api/v1" + route.path.replace("<", "").replace(">", "")
            answer = each_app.test_client().open(path, method=route.method, headers=headers)
            is_refused = answer.status_code == 403 and answer.get_json()["code"] == "device_call_refused"
            if is_refused == (route.name in PROFILE_CALLS[profile]):
                wrong[profile, route.name] = answer.status_code

    assert wrong == {}


def test_profiles_when_listed_then_their_calls_exist_and_need_no_more_than_their_permissions() -> None:
    routes = {each.name: each for each in v1.declared}

    missing = {
        (profile, name)
        for profile, calls in PROFILE_CALLS.items()
        for name in calls
        if name not in routes or routes[name].permission not in {None, *PROFILE_PERMISSIONS[profile]}
    }

    assert set(PROFILE_CALLS) == set(PROFILE_PERMISSIONS) == set(Profile)
    assert missing == set()


def test_heartbeat_when_an_api_token_sends_it_then_refused(each_app: Flask, edition: EditionFacts) -> None:
    answer = Api(each_app, make_token(edition)).post("/door/heartbeat", _heartbeat())

    assert (answer.status_code, answer.get_json()["code"]) == (404, "door_device_missing")


def test_devices_when_listed_over_the_api_then_as_organizers_see_them(each_app: Flask, edition: EditionFacts) -> None:
    device = make_device(edition, utcnow()).device
    heard = Api(each_app, make_device(edition, utcnow(), "Gate 2").token)
    heard.post("/door/heartbeat", _heartbeat(battery=0.42))

    listed = Api(each_app, make_token(edition)).get("/devices").get_json()["items"]
    refused = heard.get("/devices")

    assert [(each["id"], each["name"], each["state"], each["battery"]) for each in listed] == [
        (device.id, "Gate 1", "online", None),
        (device.id + 1, "Gate 2", "online", 42),
    ]
    assert (refused.status_code, refused.get_json()["code"]) == (403, "device_call_refused")


def test_scan_when_the_device_is_bound_to_another_checkpoint_then_refused_and_does_not_hold_up_the_queue(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for code in ("north", "south"):
        make_checkpoint(edition, now, code)
    api = Api(each_app, make_device(edition, utcnow(), checkpoints=frozenset({"north"})).token)
    badge = make_attendee(edition, now).token
    south, north = (_scan(badge, checkpoint=code) for code in ("south", "north"))

    alone, queued = api.post("/scans", south), api.post("/scans/batch", {"scans": [south, north]})

    assert (alone.status_code, alone.get_json()["code"]) == (403, "device_checkpoint_refused")
    answers = queued.get_json()["answers"]
    assert [each["problem"] and each["problem"]["code"] for each in answers] == ["device_checkpoint_refused", None]
    assert answers[1]["answer"]["verdict"] == "admitted"


def test_heartbeat_when_it_reports_other_devices_then_believed_of_a_hub_alone(
    each_app: Flask, edition: EditionFacts
) -> None:
    hub = make_device(edition, utcnow(), "Hall 1", profile=Profile.HUB)
    steward, phone = (make_device(edition, utcnow(), name) for name in ("Gate 1", "Gate 2"))
    heard = {"id": phone.device.id, "seen_at": (utcnow() + timedelta(seconds=5)).isoformat(), "queue": 7}

    answers = []
    for each in (steward, hub):
        answers.append(Api(each_app, each.token).post("/door/heartbeat", _heartbeat(devices=[heard])).status_code)
        db.session.rollback()
        answers.append(get_device(edition.id, phone.device.id).queue_length)

    assert answers == [200, 0, 200, 7]


def test_hub_when_told_to_wipe_then_shown_as_wiped_once_it_says_so(each_app: Flask, edition: EditionFacts) -> None:
    hub = make_device(edition, utcnow(), "Hall 1", profile=Profile.HUB)
    revoke_device(SYSTEM, edition.id, hub.device.id, utcnow(), wipes=True)
    api = Api(each_app, hub.token)

    told = api.post("/door/heartbeat", _heartbeat()).get_json()
    db.session.rollback()
    before = get_device(edition.id, hub.device.id).wipe_sent_at
    api.post("/door/heartbeat", _heartbeat(wiped=True))
    db.session.rollback()

    assert (told["wipe"], before) == (True, None)
    assert get_device(edition.id, hub.device.id).wipe_sent_at is not None
    assert "checkin.finish_wipe" in db.session.scalars(select(AuditEntry.action)).all()


def test_device_when_revoked_then_its_queue_is_stored_for_a_day_and_it_learns_nothing(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    device, gone = make_device(edition, utcnow()), make_device(edition, utcnow(), "Gate 2")
    revoke_device(SYSTEM, edition.id, device.device.id, utcnow())
    revoke_device(SYSTEM, edition.id, gone.device.id, utcnow() - timedelta(hours=25))
    scan = _scan(attendee.token, decided={"verdict": "admitted"})

    alone = Api(each_app, device.token).post("/scans", scan)
    queue = Api(each_app, device.token).post("/scans/batch", {"scans": [scan]})
    late = Api(each_app, gone.token).post("/scans/batch", {"scans": [_scan(attendee.token)]})

    assert [(each.status_code, each.get_json()["code"]) for each in (alone, late)] == [(401, "device_revoked")] * 2
    [answer] = [each["answer"] for each in queue.get_json()["answers"]]
    assert (answer["verdict"], answer["attendee"]) == ("admitted", None)
    [listed] = get_discrepancies(SYSTEM, edition).late_scans
    assert (listed.attendee_name, listed.is_admitted, listed.scan.device_name) == (
        attendee.attendee.name,
        True,
        "Gate 1",
    )
