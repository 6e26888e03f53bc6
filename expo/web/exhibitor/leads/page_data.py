"""What the scripts of the scanners need: addresses and all texts that they may show, the same for every company."""

from typing import Any

from flask import request
from flask_babel import gettext, pgettext

from expo.editions.queries import EditionFacts
from expo.leads.rules import LeadOutcome
from expo.web.kit.camera_texts import camera_texts
from expo.web.kit.language import current_language
from expo.web.kit.pages import asset


def root_in_language() -> str:
    """Return the path of the exhibitor's pages in this page's language, even if another tab chooses another one."""
    root = request.script_root.removesuffix(f"/{current_language().code}")
    return f"{root}/{current_language().code}/exhibitor/"


def describe_scanner(edition: EditionFacts | None) -> dict[str, Any]:
    """Return the data of the lead scanner."""
    return {
        "language": current_language().locale.replace("_", "-"),
        "language_code": current_language().code,
        "time_zone": edition.time_zone if edition else "UTC",
        "layouts_url": "/door/layouts.json",
        "decoder_url": asset("vendor/zxing-wasm-3.1.4/reader.js"),
        "wasm_url": asset("vendor/zxing-wasm-3.1.4/zxing_reader.wasm"),
        "texts": {**_texts(), "outcomes": _outcomes()},
    }


def describe_check_in(edition: EditionFacts | None) -> dict[str, Any]:
    """Return the data of the page on which visitors are checked in to their meetings."""
    data = describe_scanner(edition)
    return {
        **data,
        "texts": {
            **data["texts"],
            "signed_out": gettext("You are signed out. Go back and sign in, so that your scans are sent."),
            "not_checked_in": gettext("Not checked in"),
            "scanned": gettext("Badge scanned"),
            "checking": gettext("Looking up the meeting…"),
            "waiting": gettext("No connection. The visitor is checked in as soon as this scan is sent."),
        },
    }


def _texts() -> dict[str, str]:
    return {
        "online": gettext("Online"),
        "offline": gettext("Offline"),
        "slow": gettext("Slow network"),
        "busy": gettext("Server busy"),
        "unsent": pgettext("scans on the device", "{count} unsent"),
        "data_age": gettext("Data {age} old"),
        "clock_fast": gettext("This device’s clock is {age} fast"),
        "clock_slow": gettext("This device’s clock is {age} slow"),
        "corrections": pgettext("scans on the device", "{count} corrected by the server"),
        "online_only": gettext("This browser cannot store data: scanning needs a connection"),
        "signed_out": gettext("You are signed out. Go back and sign in, so that your leads are sent."),
        **camera_texts(),
        "ready": gettext("Ready to scan"),
        "saved": gettext("Lead saved"),
        "saved_again": gettext("Lead saved, visit {count}"),
        "badge": gettext("Badge"),
    }


def _outcomes() -> dict[str, dict[str, str]]:
    words = {
        LeadOutcome.UNREADABLE.value: (
            gettext("Not a badge"),
            gettext("This code is not from a badge of the expo. Scan the QR code on the front of the badge."),
        ),
        LeadOutcome.FORGED.value: (
            gettext("Not genuine"),
            gettext("This badge was not issued by the expo, so nothing was saved. Send its holder to the help desk."),
        ),
        LeadOutcome.OTHER_EDITION.value: (
            gettext("Another expo"),
            gettext("This badge is from another expo, so nothing was saved. Ask for this year’s badge."),
        ),
        LeadOutcome.REVOKED.value: (
            gettext("Replaced"),
            gettext("This badge was replaced or revoked, so nothing was saved. Ask the visitor for the new one."),
        ),
        LeadOutcome.CANCELLED.value: (
            gettext("Registration cancelled"),
            gettext("The registration of this badge was cancelled, so nothing was saved."),
        ),
        LeadOutcome.UNKNOWN_CODE.value: (
            gettext("Unknown code"),
            gettext(
                "This code does not match any badge for this expo. Check all eight characters, or scan the QR code."
            ),
        ),
        LeadOutcome.WITHDRAWN.value: (
            gettext("Not shared"),
            gettext("This visitor does not share their details with you. They can allow it again under “My badge”."),
        ),
        LeadOutcome.DELETED.value: (
            gettext("Lead deleted"),
            gettext("Your team deleted this lead after the badge was scanned."),
        ),
        "invalid": (
            gettext("Not saved"),
            gettext("The server could not read this scan. It stays on this device. Scan the badge again."),
        ),
        "not_ready": (
            gettext("Not ready yet"),
            gettext("Open this page once with a network connection. After that it works without one."),
        ),
        "code_offline": (
            gettext("No connection"),
            gettext("Short codes can only be checked online. Scan the QR code."),
        ),
    }
    return {name: {"word": word, "advice": advice} for name, (word, advice) in words.items()}
