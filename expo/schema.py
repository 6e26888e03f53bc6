"""Imports all modules with tables, so that the metadata is complete."""

import expo.accounts.models
import expo.badges.models
import expo.checkin.models
import expo.editions.models
import expo.exhibitors.models
import expo.exports.models
import expo.imports.models
import expo.infra.audit
import expo.infra.files
import expo.infra.idempotency
import expo.infra.jobs.models
import expo.leads.models
import expo.mail.models
import expo.matchmaking.models
import expo.meetings.models
import expo.profiles.models
import expo.program.models
import expo.proposals.models
import expo.questions.models
import expo.registration.models
import expo.tickets.models
import expo.webhooks.models  # noqa: F401
from expo.infra.db import Base

metadata = Base.metadata
