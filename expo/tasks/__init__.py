"""Job handlers: each reads ids, calls a service or a flow, and may run twice. Importing this package registers them."""

import expo.tasks.checkin
import expo.tasks.exports
import expo.tasks.imports
import expo.tasks.mail
import expo.tasks.operations
import expo.tasks.registration  # noqa: F401
