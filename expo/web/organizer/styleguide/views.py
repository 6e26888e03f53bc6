"""The style guide: every component of the design system in all its states."""

from datetime import timedelta

from flask import render_template
from flask_babel import gettext as _

from expo.accounts.rules import Permission
from expo.infra.clock import utcnow
from expo.program.queries import Place, SessionRow, SpeakerName, TrackName
from expo.reports.dashboard import CountryCount
from expo.web.kit.access import current_edition
from expo.web.kit.country_points import country_points
from expo.web.kit.formats import country_name
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.styleguide.forms import SampleForm

blueprint = section_blueprint("organizer_styleguide", __name__, "/styleguide", Permission.REPORTS_READ)


@blueprint.get("")
def show() -> str:
    """Show the style guide."""
    form = SampleForm(meta={"csrf": False})
    form.name.errors = [_("Enter your name.")]
    form.email.data = "li@example"
    form.email.errors = [_("This does not look like an e-mail address. Check it for typing errors.")]
    countries = [CountryCount("CN", 12400), CountryCount("DE", 410), CountryCount("BR", 120), CountryCount("KE", 60)]
    return render_template(
        "organizer/styleguide/styleguide.html",
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
