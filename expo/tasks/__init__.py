"""Job handlers: each reads ids, calls a service or a flow, and may run twice. Importing this package registers them."""

import expo.tasks.operations  # noqa: F401
