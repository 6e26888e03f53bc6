"""What is dear to make is made once, however many ask for it at the same time."""

import threading
from datetime import datetime

from flask import Flask

from expo.editions.queries import EditionFacts
from expo.web.kit.caching import cached_bytes

ASKERS = 6


def test_file_when_many_ask_at_once_then_made_once_and_given_to_all(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made: list[int] = []
    given: list[bytes] = []
    asked = threading.Barrier(ASKERS)

    def make() -> bytes:
        made.append(threading.get_ident())
        return b"the file"

    def ask() -> None:
        with app.test_request_context("/en/"):
            app.preprocess_request()
            asked.wait()
            given.append(cached_bytes(edition, "dear", make))

    threads = [threading.Thread(target=ask) for _ in range(ASKERS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert (len(made), given) == (1, [b"the file"] * ASKERS)
