"""Job handlers: each calls a service or flow with ids and may run twice. Importing this package registers them."""

import expo.tasks.checkin
import expo.tasks.exports
import expo.tasks.imports
import expo.tasks.mail
import expo.tasks.matchmaking
import expo.tasks.operations
import expo.tasks.program
import expo.tasks.registration  # noqa: F401
