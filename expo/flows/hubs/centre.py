"""Calls from a hub to its centre, with the API that every device uses."""

import gzip
import json
import urllib.error
import urllib.request
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlsplit

VERSION = "hub"
TIMEOUT_SECONDS = 20
# A whole copy of 20,000 attendees is sent in a few seconds, over a bad network in a minute.
COPY_TIMEOUT_SECONDS = 120


class CentreError(Exception):
    """The centre gave no usable answer. `status` is that of its refusal, None if there was no answer."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token goes to the centre and nowhere else."""

    def redirect_request(self, *_its: Any) -> None:
        """Follow no redirect."""
        return


class Centre:
    """The API of the centre, as the hub may call it."""

    def __init__(self, url: str, token: str | None = None) -> None:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise CentreError("the address must begin with https://")
        self._url = url.rstrip("/")
        self._token = token
        self._opener = urllib.request.build_opener(_NoRedirect)

    def enrol(self, code: str) -> dict[str, Any]:
        """Exchange a code for a token."""
        return self._call("POST", "/door/enrol", {"code": code})

    def copy(self, since: str | None) -> dict[str, Any]:
        """Return what has changed since a cursor."""
        query = f"?since={quote(since, safe='')}" if since else ""
        return self._call("GET", f"/hub/copy{query}", timeout=COPY_TIMEOUT_SECONDS)

    def send_scans(self, scans: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send scans, and return the centre's answers."""
        answers = self._call("POST", "/scans/batch", {"scans": scans}).get("answers")
        if not isinstance(answers, list) or not all(isinstance(each, dict) for each in answers):
            raise CentreError("the answer is not a list of answers")
        return answers

    def send_heartbeat(
        self,
        device_time: datetime,
        queue: int,
        oldest_at: datetime | None,
        devices: Sequence[Mapping[str, Any]] = (),
        *,
        has_wiped: bool = False,
    ) -> dict[str, Any]:
        """Say that the hub works, how many scans wait, and what it knows of its devices; learn whether to go on."""
        return self._call(
            "POST",
            "/door/heartbeat",
            {
                "device_time": device_time.isoformat(),
                "queue": queue,
                "pending_oldest_at": oldest_at.isoformat() if oldest_at else None,
                "version": VERSION,
                "devices": list(devices),
                "wiped": has_wiped,
            },
        )

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, timeout: float = TIMEOUT_SECONDS
    ) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            f"{self._url}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Accept-Encoding": "gzip"},
        )
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with self._opener.open(request, timeout=timeout) as response:
                raw = response.read()
                if response.headers.get("Content-Encoding") == "gzip":
                    raw = gzip.decompress(raw)
                answer = json.loads(raw)
        except urllib.error.HTTPError as error:
            raise CentreError(_describe(error), error.code) from None
        # What a bad network may make of an answer: none, too little, or something else.
        except (OSError, ValueError, EOFError, HTTPException, zlib.error) as error:
            raise CentreError(str(getattr(error, "reason", error)) or type(error).__name__) from None
        if not isinstance(answer, dict):
            raise CentreError("the answer is not an object")
        return answer


def _describe(error: urllib.error.HTTPError) -> str:
    """Return the code of a problem, or the status."""
    try:
        problem = json.loads(error.read())
        return f"{error.code} {problem['code']}"
    except (OSError, ValueError, KeyError, TypeError):
        return str(error.code)
