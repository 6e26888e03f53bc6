"""What the scanner's script needs: URLs, settings, and all texts that it may show, in the language of the page."""

from datetime import datetime
from typing import Any

from flask import request, url_for
from flask_babel import gettext, pgettext

from expo.accounts.rules import Actor, Permission
from expo.checkin.queries.checkpoints import CheckpointRow
from expo.checkin.rules import FORCEABLE, Direction, Verdict
from expo.checkin.rules.facts import write_moment
from expo.editions.queries import EditionFacts
from expo.web.door.codes import advise_on_unknown_code, advise_whom_to_call
from expo.web.kit.camera_texts import camera_texts
from expo.web.kit.language import current_language, localized
from expo.web.kit.pages import asset
from expo.web.kit.requirement_texts import list_phrases
from expo.web.kit.scan_labels import (
    EXIT_TEXTS,
    EXIT_VERDICT_LABELS,
    REASON_TEXTS,
    VERDICT_LABELS,
    WITHOUT_ADD_ON,
    advise_without_add_on,
    advise_without_ticket,
)
from expo.web.kit.status_labels import ATTENDEE_STATES


def root_in_language() -> str:
    """Return the path of the scanner's pages in this page's language, even if another tab chooses another one."""
    root = request.script_root.removesuffix(f"/{current_language().code}")
    return f"{root}/{current_language().code}/door/"


def describe_session(actor: Actor, edition: EditionFacts, csrf_token: str, ends_at: datetime | None) -> dict[str, Any]:
    """Return what the scanner may do in the session of a signed-in person, and until when."""
    return {
        "owner": str(actor.id),
        "ends_at": write_moment(ends_at),
        "csrf_token": csrf_token,
        "may_force": actor.may(Permission.SCAN_FORCE, edition.id),
        "may_search": actor.may(Permission.ATTENDEES_WRITE, edition.id),
    }


def describe_page(
    edition: EditionFacts | None, checkpoint: CheckpointRow | None, direction: Direction, session: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the data of the page. Without a checkpoint and a session it is the same for everybody."""
    here = root_in_language()
    return {
        "checkpoint": checkpoint.code if checkpoint else None,
        "checkpoint_name": localized(checkpoint.name) if checkpoint else "",
        "direction": direction.value,
        "session": session,
        "language": current_language().locale.replace("_", "-"),
        "language_code": current_language().code,
        "time_zone": edition.time_zone if edition else "UTC",
        "starts_on": edition.starts_on.isoformat() if edition else "",
        "ends_on": edition.ends_on.isoformat() if edition else "",
        **_urls(here),
        "forceable": sorted(reason.value for reason in FORCEABLE),
        "reasons": _reasons(),
        "verdicts": {
            "entry": {each.value: str(VERDICT_LABELS[each]) for each in Verdict},
            "exit": {each.value: str(EXIT_VERDICT_LABELS[each]) for each in Verdict},
        },
        "attendee_states": {state.value: str(label) for state, label in ATTENDEE_STATES.items()},
        "texts": {**_texts(), "short_code_advice": advise_whom_to_call(edition), "needed": list_phrases()},
    }


def _urls(here: str) -> dict[str, str]:
    return {
        "layouts_url": "/door/layouts.json",
        "choose_url": here,
        "scanner_url": f"{here}scanner",
        "enrol_url": f"{here}enrol",
        "scans_url": f"{here}scans",
        "code_url": f"{here}code",
        "token_url": f"{here}token",
        "session_url": f"{here}session",
        "device_url": f"{here}device",
        "sign_out_url": url_for("sign_in.sign_out"),
        "search_url": url_for("desk.show"),
        "decoder_url": asset("vendor/zxing-wasm-3.1.4/reader.js"),
        "wasm_url": asset("vendor/zxing-wasm-3.1.4/zxing_reader.wasm"),
    }


def _reasons() -> dict[str, dict[str, dict[str, str]]]:
    return {
        direction: {
            reason.value: {"word": str(text.word), "advice": str(text.advice)} for reason, text in labels.items()
        }
        for direction, labels in (("entry", REASON_TEXTS), ("exit", EXIT_TEXTS))
    }


def _texts() -> dict[str, str]:
    return {
        "online": gettext("Online"),
        "offline": gettext("Offline"),
        "slow": gettext("Slow network"),
        "busy": gettext("Server busy"),
        "busy_advice": gettext("The server is busy, so nobody can be checked in yet. Retrying in {time}…"),
        "waiting": pgettext("badges at the door", "%(count)s waiting", count="{count}"),
        "unsent": pgettext("scans on the device", "{count} unsent"),
        "room": pgettext("people in a zone", "{inside} of {capacity} inside"),
        "data_age": gettext("Data {age} old"),
        "data_as_of": gettext("Decided with data from {time}"),
        "loading": gettext("Loading data for offline use…"),
        "over": gettext("The expo is over. Unsent scans will be sent once this device is online"),
        "revoked": gettext("This device was revoked and is sending its last scans. Use another one"),
        "online_only": gettext("This browser cannot store data: scanning needs a connection"),
        "no_device": gettext("Not set up for offline use: scanning needs a connection"),
        "sign_in_ends": gettext("Your sign-in ends at {time}. Before then, sign out in the menu and sign in again"),
        "sign_in_ended": gettext("Your sign-in has ended. Sign in again to send the scans"),
        "not_allowed": gettext("This device is not allowed at this checkpoint"),
        "unstored": gettext("Storage full: free some space, and leave this page open until all scans are sent"),
        "storage_full": gettext("Storage full: free some space on this device"),
        "storage_full_at_first": gettext(
            "Storage full: free some space on this device. Until then, scanning needs a connection"
        ),
        "clock_fast": gettext("This device’s clock is {age} fast"),
        "clock_slow": gettext("This device’s clock is {age} slow"),
        "not_checked": gettext("Not checked"),
        "not_checked_advice": gettext("You are offline, so nobody can be checked in yet. Retrying…"),
        "checking": gettext("Checking…"),
        "signed_out": gettext("Signed out"),
        "signed_out_advice": gettext("You are signed out or do not have permission to scan here. Reload this page."),
        "failed": gettext("Not checked"),
        "failed_advice": gettext("The server could not check this badge. Scan it again, or call the team leader."),
        "queued": gettext("Queued. This badge is checked next."),
        **camera_texts(),
        "ready": gettext("Ready to scan"),
        "admits": gettext("Admits {count}"),
        "without_add_on": str(WITHOUT_ADD_ON),
        "without_add_on_advice": advise_without_add_on("{names}"),
        "without_ticket_advice": advise_without_ticket("{names}"),
        "first_scan": gettext("First scan: {time}, {place}"),
        "first_at": gettext("First scan: {time}"),
        "unlisted": gettext("Not on this device"),
        "unlisted_advice": gettext(
            "The badge is genuine, but newer than the data on this device, or replaced. Check it again once the "
            "device is online, or send them to the help desk."
        ),
        "short_code": gettext("Short code"),
        "unknown_code": gettext("Unknown code"),
        "unknown_code_advice": advise_on_unknown_code(),
        "person_advice": gettext("Verify their identity, then send them to the help desk."),
        "not_paid": gettext("Not paid"),
        "searching": gettext("Searching…"),
        "nobody_found": gettext("Nobody found. Check the spelling, or search for the company."),
        "search_failed": gettext("Search does not work offline. Try again once you are online."),
        "code_offline": gettext("Short codes can only be checked online. Scan the QR code."),
        "correction": gettext("Corrected by the server. This badge was shown differently before."),
        "corrected": gettext("Server: {word}"),
        "corrections": pgettext("scans on the device", "{count} corrected by the server"),
        "undone": gettext("Undone"),
        "undo_refused": gettext("Not undone"),
        "undo_refused_advice": gettext("The server did not undo this scan. Ask the team leader."),
        "not_sent": gettext("Not sent yet"),
        "rejected": gettext("Rejected by the server"),
        "answer_missing": gettext("Enter an answer."),
        "entry": gettext("Entry"),
        "exit": gettext("Exit"),
        "enrolled": gettext("This device is set up: {name}"),
        "enrol_failed": gettext("This link has been used or has expired. Ask an organizer for a new one."),
        "enrol_offline": gettext("No connection. Connect to the network, then reload this page."),
        "enrol_unstored": gettext(
            "This browser cannot store data, for example because the window is private. Open the link in a normal "
            "window."
        ),
    }
