"""`flask expo hub`: this computer as the hub of a hall, on the local network."""

import os
import shutil
import socket
import sys
import time
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from expo.checkin.queries.hubs import count_unsent, find_hub
from expo.checkin.services.hubs import set_hub_address
from expo.cli.refusals import exit_on_refusal
from expo.cli.serve import ALL_DONE, CannotServe, check_database, check_port, run_together
from expo.editions.queries import list_editions
from expo.flows.hubs import CentreError, Synchronization, connect_hub, synchronize
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import db
from expo.web.kit.hub_mode import HUB_MODE

# How often the centre is asked. While it does not answer, the pauses get longer.
PAUSE = 2.0
LONGEST_PAUSE = 15.0
# How often in a row the centre may fail to answer before the first copy is given up.
COPY_TRIES = 10
KEY_FILE = "secret_key"
WIPED = "The organizers had this hub wiped: its scans were handed over, and its database and keys are deleted."
_UNREACHED = "192.0.2.1"  # set aside for documentation (RFC 5737): nothing is sent there


@click.command("hub")
@click.option("--centre", default="", help="Address of the centre, such as https://expo.example.org; the first time.")
@click.option("--code", default="", help="Code of a device with the profile hub; the first time.")
@click.option("--name", default="", help="Name of the hub; that of the device by default.")
@click.option("--address", default="", help="Address at which the doors reach this hub; by default its IP address.")
@click.option("--cert", default="", help="Certificate (PEM) for HTTPS, which cameras need.")
@click.option("--key", default="", help="The certificate's private key (PEM).")
@exit_on_refusal
def run_hub(*, centre: str, code: str, name: str, address: str, cert: str, key: str) -> None:
    """Serve the doors of a hall, with or without the internet, until interrupted.

    The first time, it is set up with --centre and --code; later it continues automatically.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.effective_database_url.startswith("sqlite:"):
        raise CannotServe("A hub has a database of its own: leave DATABASE_URL empty.")
    if cert:
        os.environ |= {"EXPO_TLS_CERT": cert, "EXPO_TLS_KEY": key}  # read again by the web server
    check_port(settings.host, settings.port)
    check_database(settings)
    upgrade()
    address = (address or _default_address(settings, has_tls=bool(cert or settings.tls_cert))).rstrip("/")
    _connect(centre, code, address, name)
    current_app.config[HUB_MODE] = True
    ended = run_together(settings, synchronize_continuously, announce_hub)
    if ended == ALL_DONE:
        _delete_files(settings)
        click.echo(WIPED, err=True)
        ended = 0
    raise SystemExit(ended)


def _connect(centre: str, code: str, address: str, name: str) -> None:
    """Enrol this hub if it is new, and copy what its doors need before the first of them asks."""
    hub = find_hub()
    if hub is None and list_editions():
        raise CannotServe("This installation has an expo of its own. Choose an empty folder: EXPO_DATA_DIR=…")
    if hub is None and not (centre and code):
        raise CannotServe("Which centre? Add --centre and --code. Organizers create the code: Check-in › Devices.")
    if code:
        try:
            connect_hub(centre or (hub.centre_url if hub else ""), code, address, name)
        except CentreError as error:
            raise CannotServe(f"The centre did not accept this hub: {error}.") from None
    else:
        set_hub_address(address)
    outcome = _copy_centre()
    if outcome.is_wiped:
        _delete_files(current_app.config["SETTINGS"])
        raise CannotServe(WIPED)
    hub = find_hub()
    if hub is None or hub.edition_id is None:
        raise CannotServe(
            f"The centre could not be copied: {outcome.error}. Start the hub again: it continues where it stopped."
        )
    if outcome.error:
        click.echo(f"The centre cannot be reached ({outcome.error}). Using the copy of {hub.copied_at}.", err=True)


def _copy_centre() -> Synchronization:
    """Copy the centre part by part, and return how the last attempt went.

    Once the first copy has begun, a lost connection is tried again: until it is complete, no door can work.
    """
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=1, label="Copying the expo", file=sys.stderr, hidden=hidden) as bar:
        failures = most = 0
        while True:
            outcome = synchronize(utcnow)
            failures = failures + 1 if outcome.error else 0
            if outcome.left or not outcome.error:
                bar.length = most = max(most, outcome.left, 1)
                bar.update(most - outcome.left - bar.pos)
            if outcome.error and (failures == COPY_TRIES or not _has_started_copying()):
                return outcome
            if not outcome.error and not outcome.left:
                return outcome
            if outcome.error:
                time.sleep(PAUSE)


def _has_started_copying() -> bool:
    hub = find_hub()
    return hub is not None and hub.cursor is not None and hub.edition_id is None


def _delete_files(settings: Settings) -> None:
    """Delete the database, the keys and everything else that this installation has stored; nothing of others."""
    db.session.remove()
    db.engine.dispose()
    database = Path(settings.effective_database_url.removeprefix("sqlite:///"))
    for pattern in (database.name, KEY_FILE, "queue.sqlite3"):
        folder = database.parent if pattern == database.name else settings.data_dir
        for path in folder.glob(f"{pattern}*"):
            path.unlink(missing_ok=True)
    for name in ("files", "rendered", "locks", "metrics"):
        shutil.rmtree(settings.data_dir / name, ignore_errors=True)


def announce_hub(settings: Settings) -> None:
    """Print where the hub is."""
    hub = find_hub()
    if hub is None:
        return
    scheme = "https" if os.environ.get("EXPO_TLS_CERT") or settings.tls_cert else "http"
    click.echo(f"\n  Hub        {hub.name}\n  Centre     {hub.centre_url}")
    click.echo(f"  Doors      {hub.address}/door/scanner")
    click.echo(f"  Status     {scheme}://127.0.0.1:{settings.port}/hub (on this computer only)")
    click.echo("\n  Press Ctrl-C to stop. Scans that the centre does not have stay here.\n")


def synchronize_continuously(application: Flask) -> None:
    """Send scans to the centre and copy its changes, until the centre has everything here deleted."""
    pause, was_connected = PAUSE, None
    while True:
        with application.app_context():
            outcome = synchronize(utcnow)
            if outcome.is_wiped:
                sys.exit(ALL_DONE)
            is_connected = not outcome.error
            if is_connected != was_connected:
                waiting = count_unsent().count
                state = "connected" if is_connected else f"no centre ({outcome.error})"
                click.echo(f"Hub: {state}; scans to send: {waiting}", err=True)
                was_connected = is_connected
            elif outcome.sent or outcome.changed:
                click.echo(f"Hub: sent {outcome.sent} scans, copied {outcome.changed} attendees", err=True)
            db.session.remove()
        if outcome.left:
            continue
        pause = PAUSE if is_connected else min(LONGEST_PAUSE, pause * 1.5)
        time.sleep(pause)


def _default_address(settings: Settings, *, has_tls: bool) -> str:
    """Return this computer's address on the network that leads out, or would."""
    scheme = "https" if has_tls else "http"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_UNREACHED, 9))
            host = probe.getsockname()[0]
        except OSError:
            host = "127.0.0.1"
    return f"{scheme}://{host}:{settings.port}"


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    group.add_command(run_hub)
