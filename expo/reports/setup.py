"""Progress of setting up an expo: what is done and what is left, derived from the data alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from expo.accounts.queries import list_role_holders
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.editions.queries import EditionFacts, list_halls, list_rooms
from expo.editions.rules import RegistrationState
from expo.tickets.queries import list_ticket_types


class StepName(StrEnum):
    """The steps, in their recommended order."""

    EDITION = "edition"
    VENUE = "venue"
    TICKETS = "tickets"
    CHECKPOINTS = "checkpoints"
    TEAM = "team"
    REGISTRATION = "registration"


class StepState(StrEnum):
    """The state of a step."""

    DONE = "done"
    TO_DO = "to_do"
    OPTIONAL = "optional"


@dataclass(frozen=True)
class SetupStep:
    """A step and its state. `count` is the number of things of its kind."""

    name: StepName
    state: StepState
    count: int = 0


@dataclass(frozen=True)
class Setup:
    """The set-up steps of an expo."""

    steps: tuple[SetupStep, ...]
    registration: RegistrationState | None

    @property
    def done(self) -> int:
        """The number of steps done."""
        return sum(each.state is StepState.DONE for each in self.steps)

    @property
    def is_finished(self) -> bool:
        """Whether all required steps are done."""
        return all(each.state is not StepState.TO_DO for each in self.steps)


def get_setup(edition: EditionFacts | None, now: datetime) -> Setup:
    """Return the set-up steps of an edition; without an edition, none is done."""
    if edition is None:
        steps = (SetupStep(each, _state(each, has_any=False)) for each in StepName)
        return Setup(tuple(steps), None)
    registration = edition.registration.state_at(now)
    counts = {
        StepName.EDITION: 1,
        StepName.VENUE: len(list_halls(edition.id)) + len(list_rooms(edition.id)),
        StepName.TICKETS: len(list_ticket_types(edition.id, now)),
        StepName.CHECKPOINTS: len(list_checkpoints(edition.id)),
        StepName.TEAM: len(list_role_holders(edition.id)),
        StepName.REGISTRATION: int(registration is not RegistrationState.OFF),
    }
    steps = (SetupStep(name, _state(name, has_any=count > 0), count) for name, count in counts.items())
    return Setup(tuple(steps), registration)


def _state(name: StepName, *, has_any: bool) -> StepState:
    if has_any:
        return StepState.DONE
    # One administrator can run a small expo alone.
    return StepState.OPTIONAL if name is StepName.TEAM else StepState.TO_DO
