"""A phone at the door whose browser keeps its data on a disk, and can be killed."""

import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, ViewportSize, expect

from tests.conftest import skip_or_fail
from tests.journeys.browser import CHROMIUM_NAMES, QUIET_ARGUMENTS, TIMEOUT_MS, open_browser, sign_in_cookie
from tests.web.door.phone import open_door

PHONE: ViewportSize = {"width": 390, "height": 844}


class Phone:
    """A browser with a profile on the disk, which outlives it; without a profile, a part of the shared browser."""

    def __init__(
        self, browsers: Playwright | Browser, profile: Path | None, address: str, arguments: Sequence[str] = ()
    ) -> None:
        self._arguments = arguments
        self._browsers = browsers
        self._profile = profile
        self._address = address
        self.context = self._start()

    def sign_in(self, app: Flask, person_id: int) -> None:
        """Sign somebody in."""
        self.context.add_cookies([sign_in_cookie(app, self._address, person_id)])

    def kill_and_restart(self) -> None:
        """Kill the browser as a phone does whose battery is empty, and start it again."""
        for process in psutil.process_iter(["cmdline"]):
            words = process.info["cmdline"] or []
            is_main = f"--user-data-dir={self._profile}" in words and not any(
                each.startswith("--type=") for each in words
            )
            if is_main:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
        self.close()
        for lock in self._profile.glob("Singleton*") if self._profile else ():
            lock.unlink(missing_ok=True)
        self.context = self._start()

    def close(self) -> None:
        """Close the browser."""
        with suppress(Error):
            self.context.close()

    def _start(self) -> BrowserContext:
        if isinstance(self._browsers, Browser):
            return self._browsers.new_context(viewport=PHONE, base_url=self._address, locale="en-GB")
        own = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
        try:
            context = self._browsers.chromium.launch_persistent_context(
                self._profile or "",
                executable_path=own,
                args=[*QUIET_ARGUMENTS, *self._arguments],
                viewport=PHONE,
                base_url=self._address,
                locale="en-GB",
            )
        except Error as error:
            skip_or_fail(f"no Chromium on this machine: {str(error).splitlines()[0]}")
            raise
        context.set_default_timeout(TIMEOUT_MS)
        return context


@contextmanager
def open_phone(playwright: Playwright, profile: Path, address: str, arguments: Sequence[str] = ()) -> Iterator[Phone]:
    """Start a phone that can be killed, and close its browser afterwards."""
    phone = Phone(playwright, profile, address, arguments)
    try:
        yield phone
    finally:
        phone.close()


@contextmanager
def open_light_phone(address: str) -> Iterator[Phone]:
    """Open a phone in the shared browser, which starts at once but cannot be killed."""
    with open_browser() as browser:
        yield Phone(browser, None, address)


def open_device(context: BrowserContext, path: str = "/en/door/?checkpoint=main&direction=entry") -> Page:
    """Open the scanner and wait until it has the door's data and works without a network."""
    page = open_door(context, path, is_device=True)
    page.wait_for_function("() => document.documentElement.dataset.snapshot !== undefined")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return page


def expect_unsent(page: Page, count: int) -> None:
    """Wait until this many scans are only on the phone."""
    expect(page.locator("html")).to_have_attribute("data-unsent", str(count))
