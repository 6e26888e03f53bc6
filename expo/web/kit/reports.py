"""Reports as files: the parts that a page shows, as PDF and as a workbook with a sheet for each."""

from collections.abc import Iterable, Sequence

from flask import Response
from flask_babel import gettext as _, pgettext

from expo.documents.report import Bars, Cell, Figure, Figures, Part, Report, render_report
from expo.formats.tables import Cell as Value, write_sheets
from expo.web.kit.access import current_edition
from expo.web.kit.downloads import CONTENT_TYPES, file_response
from expo.web.kit.formats import number, percent
from expo.web.kit.language import current_language, localized


def report_response(kind: str, report: Report, name: str) -> Response:
    """Return a report as a file to download; `kind` is pdf or xlsx."""
    if kind == "pdf":
        content = render_report(report, localized(current_edition().title), current_language().code)
    else:
        content = write_sheets(_sheet_of(part) for part in report.parts)
    return file_response(content, CONTENT_TYPES[kind], f"{name}.{kind}")


def count_figure(label: str, count: float, remark: str = "", url: str = "") -> Figure:
    """Return a figure that counts something."""
    return Figure(label, number(count), count, remark, url)


def share_figure(label: str, share: float | None, remark: str = "") -> Figure:
    """Return a figure that is a share; None is shown as a dash."""
    return Figure(label, "–" if share is None else percent(share), share, remark)


def average_figure(label: str, average: float | None, remark: str = "") -> Figure:
    """Return a figure that is an average, with one decimal; None is shown as a dash."""
    rounded = None if average is None else round(average, 1)
    return Figure(label, "–" if rounded is None else number(rounded), rounded, remark)


def count_cell(count: float | None) -> Cell:
    """Return a cell that counts something; None is shown as a dash."""
    return Cell("–" if count is None else number(count), count)


def _sheet_of(part: Part) -> tuple[str, Sequence[str], Iterable[Sequence[Value]]]:
    if isinstance(part, Figures):
        rows = [[each.label, each.number, each.remark] for each in part.figures]
        return part.title, [part.title, pgettext("count", "Number"), _("Remark")], rows
    if isinstance(part, Bars):
        columns = [part.unit, *(name for name, _numbers in part.series)]
        return (
            part.title,
            columns,
            [[label, *(numbers[place] for _name, numbers in part.series)] for place, label in enumerate(part.labels)],
        )
    return (
        part.title,
        part.columns,
        [[cell.text if cell.number is None else cell.number for cell in row] for row in part.rows],
    )
