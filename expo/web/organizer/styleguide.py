"""One page that shows every component of the design system, in all its states."""

from datetime import timedelta

from flask import render_template
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from expo.accounts.rules import Permission
from expo.infra.clock import utcnow
from expo.program.queries import Place, SessionRow, SpeakerName, TrackName
from expo.reports.dashboard import CountryCount
from expo.web.kit.access import current_edition
from expo.web.kit.choices import as_choices
from expo.web.kit.formats import country_name
from expo.web.kit.map_points import country_points
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_styleguide", __name__, "/styleguide", Permission.REPORTS_READ)


class SampleForm(FlaskForm):  # type: ignore[misc]
    """A form with a field of every kind, two of them wrong."""

    name = StringField(
        _l("Name"), description=_l("As it should stand on the badge, in your own script."), validators=[InputRequired()]
    )
    email = EmailField(_l("E-mail address"), validators=[InputRequired()])
    about = TextAreaField(_l("Description"))
    day = DateField(_l("Day"))
    kind = SelectField(
        _l("Ticket"), choices=as_choices([("a", "Visitor"), ("b", "Rindfleischetikettierungsüberwachung")])
    )
    size = RadioField(_l("Direction"), choices=as_choices([("entry", _l("In")), ("exit", _l("Out"))]), default="entry")
    agree = BooleanField(_l("I agree to the terms of attendance and to the privacy notice."))


@blueprint.get("")
def show() -> str:
    """Show the design system."""
    form = SampleForm(meta={"csrf": False})
    form.name.errors = [_("Type a name.")]
    form.email.data = "li@example"
    form.email.errors = [_("This does not look like an e-mail address. Check it for typing errors.")]
    countries = [CountryCount("CN", 12400), CountryCount("DE", 410), CountryCount("BR", 120), CountryCount("KE", 60)]
    return render_template(
        "organizer/styleguide.html",
        form=form,
        sessions=_sessions(),
        countries=[(each.country, country_name(each.country), each.count) for each in countries],
        points=country_points(),
        page_address=lambda number: f"#{number}",
    )


def _sessions() -> list[SessionRow]:
    edition = current_edition()
    start = utcnow().replace(minute=0, second=0, microsecond=0)
    titles = (
        {"en": "Data elements as a market: what three provinces learned", "zh": "数据要素市场化：三省实践"},
        {"en": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "zh": "超长标题换行测试"},
    )
    return [
        SessionRow(
            id=number,
            slug="sample",
            title=title,
            subtitle={},
            kind="talk",
            language="zh",
            level="intermediate",
            day=edition.starts_on,
            starts_at=start + timedelta(hours=number),
            ends_at=start + timedelta(hours=number, minutes=45),
            room=Place("hall-1", {"en": "Hall 1", "zh": "一号馆"}, 400, None),
            track=TrackName("data", {"en": "Data", "zh": "数据"}, number),
            speakers=(SpeakerName(1, "zhang-wei", {"en": "张伟"}), SpeakerName(2, "m", {"en": "محمد الفارسي"})),
        )
        for number, title in enumerate(titles)
    ]
