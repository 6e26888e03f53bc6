"""A web server process for tests that kill it: scans over HTTP, without the rest of `flask expo serve`.

Run as a program: `python -m tests.faults.scan_server URL FOLDER PORT`.
"""

import sys
from pathlib import Path

from werkzeug.serving import make_server

from expo.app import create_app
from tests.conftest import patient_settings


def main() -> None:
    """Serve the application with a thread for each request."""
    url, folder, port = sys.argv[1:]
    app = create_app(patient_settings(url, Path(folder)))
    server = make_server("127.0.0.1", int(port), app, threaded=True)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
