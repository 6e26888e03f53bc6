"""How far an expo is set up: what is done, what is to do, read from the data alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from expo.accounts.queries import list_role_holders
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.editions.queries import EditionFacts, list_halls, list_rooms
from expo.editions.rules import RegistrationState
from expo.tickets.queries import list_ticket_types


class StepName(StrEnum):
    """The steps, in the order in which they are best done."""

    EDITION = "edition"
    VENUE = "venue"
    TICKETS = "tickets"
    CHECKPOINTS = "checkpoints"
    TEAM = "team"
    REGISTRATION = "registration"


class StepState(StrEnum):
    """Where a step stands."""

    DONE = "done"
    TO_DO = "to_do"
    OPTIONAL = "optional"


@dataclass(frozen=True)
class SetupStep:
    """A step and where it stands. `count` is how many things of its kind there are."""

    name: StepName
    state: StepState
    count: int = 0


@dataclass(frozen=True)
class Setup:
    """How far an expo is set up."""

    steps: tuple[SetupStep, ...]
    registration: RegistrationState | None

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(each.state is StepState.DONE for each in self.steps)

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left that must be done."""
        return all(each.state is not StepState.TO_DO for each in self.steps)


def get_setup(edition: EditionFacts | None, now: datetime) -> Setup:
    """Return how far an edition is set up; where there is none, everything is to do."""
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
