"""The form of a zone."""

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FormField, IntegerField, RadioField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from expo.checkin.queries.zones import ZoneRow
from expo.checkin.rules import MAX_CODE_LENGTH
from expo.checkin.services.zones import ZoneRequest
from expo.editions.queries import EditionFacts
from expo.web.kit.choices import as_choices
from expo.web.kit.language import localized
from expo.web.kit.text_fields import ShortTexts, texts_of

ALONE, NEW_GROUP, GROUP_PREFIX = "alone", "new", "group:"
ONCE, AGAIN = "once", "again"
MAX_PEOPLE = 1_000_000


class ZoneForm(FlaskForm):  # type: ignore[misc]
    """A zone: its name, capacity, alarms, and what entering it means."""

    code = StringField(
        _l("Code"),
        description=_l("Short and without spaces, such as hall-1. It cannot be changed later."),
        validators=[DataRequired(_l("Enter a code.")), Length(max=MAX_CODE_LENGTH)],
        render_kw={"dir": "ltr", "autocapitalize": "none"},
    )
    name = FormField(ShortTexts, label=_l("Zone name"))
    capacity = IntegerField(
        _l("Capacity"),
        description=_l("How many people may be inside at once. Leave it empty for no limit."),
        validators=[Optional(), NumberRange(1, MAX_PEOPLE)],
        render_kw={"inputmode": "numeric", "min": 1},
    )
    warning_percent = IntegerField(
        _l("Warning at (percent)"),
        description=_l("The control room warns when the zone is this full. Leave it empty for no warning."),
        validators=[Optional(), NumberRange(1, 100)],
        render_kw={"inputmode": "numeric", "min": 1, "max": 100},
    )
    alarm_percent = IntegerField(
        _l("Alarm at (percent)"),
        validators=[Optional(), NumberRange(1, 100)],
        render_kw={"inputmode": "numeric", "min": 1, "max": 100},
    )
    group = RadioField(
        _l("Entering this zone"),
        description=_l("Use a group for halls side by side: entering one means leaving the others."),
        default=ALONE,
    )
    passback = RadioField(
        _l("A badge that is already inside"),
        choices=as_choices(
            [
                (ONCE, _l("Is refused until it has been scanned at an exit")),
                (AGAIN, _l("Is admitted again, and every entry is counted")),
            ]
        ),
        default=ONCE,
    )

    @classmethod
    def of(cls, zone: ZoneRow) -> "ZoneForm":
        """Return the form filled in with the zone, or with what was just submitted."""
        return cls(
            data={
                "code": zone.code,
                "name": zone.name,
                "capacity": zone.capacity,
                "warning_percent": zone.warning_percent,
                "alarm_percent": zone.alarm_percent,
                "group": GROUP_PREFIX + zone.exclusive_group if zone.exclusive_group else ALONE,
                "passback": ONCE if zone.anti_passback else AGAIN,
            }
        )

    def offer(self, zones: list[ZoneRow], code: str | None = None) -> None:
        """Set the choices of groups: those of the other zones, by the names of their members."""
        members: dict[str, list[str]] = {}
        for zone in zones:
            if zone.exclusive_group and zone.code != code:
                members.setdefault(zone.exclusive_group, []).append(localized(zone.name))
        own = next((each.exclusive_group for each in zones if each.code == code), None)
        choices = [(ALONE, _("Leaves no other zone"))]
        choices += [
            (GROUP_PREFIX + group, _("Leaves %(zones)s", zones=_(", ").join(names))) for group, names in members.items()
        ]
        if own and own not in members:
            choices.append((GROUP_PREFIX + own, _("Leaves the other zones of its group, which has none yet")))
        else:
            choices.append((NEW_GROUP, _("Starts a new group that other zones can join")))
        self.group.choices = as_choices(choices)

    def to_request(self, edition: EditionFacts, code: str, before: ZoneRow | None = None) -> ZoneRequest:
        """Return the submitted values as a service request."""
        chosen = self.group.data or ALONE
        group = code if chosen == NEW_GROUP else chosen.removeprefix(GROUP_PREFIX)
        return ZoneRequest(
            name=texts_of(self.name, edition.languages, before.name if before else None),
            capacity=self.capacity.data,
            exclusive_group=None if chosen == ALONE else group,
            anti_passback=self.passback.data == ONCE,
            warning_percent=self.warning_percent.data,
            alarm_percent=self.alarm_percent.data,
            position=before.position if before else 0,
        )
