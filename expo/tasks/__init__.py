"""Job handlers: each calls a service or flow with ids and may run twice. Importing this package registers them."""

import expo.tasks.checkin
import expo.tasks.exhibitors
import expo.tasks.exports
import expo.tasks.imports
import expo.tasks.leads
import expo.tasks.mail
import expo.tasks.matchmaking
import expo.tasks.meetings
import expo.tasks.operations
import expo.tasks.program
import expo.tasks.registration
import expo.tasks.webhooks  # noqa: F401
