"""Drawing of reports as PDF: figures in a grid, bars upright, tables that continue on the next page."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from expo.documents.report.paper import BOTTOM, INK, INNER, QUIET, SERIES, Paper
from expo.documents.report.parts import Bars, Cell, Figure, Figures, Part, Report, Table
from expo.pure.layout import A4, MM

IN_A_ROW = 4
FIGURE_HEIGHT = 20 * MM
CHART_HEIGHT = 38 * MM
ROW, ROW_SIZE = 6 * MM, 8.5
# A list of numbers may be as long as this.
NAME_LINES = 12
NUMBER_WIDTH = 24 * MM
# Labels of an axis are left out if they would be narrower than this.
LABEL_WIDTH = 11 * MM


def render_report(report: Report, expo: str, language: str) -> bytes:
    """Return a report as a PDF."""
    # Drawn twice: the pages have to be counted before their number is printed on the first.
    pages = _draw(report, expo, language, 0)[1]
    return _draw(report, expo, language, pages)[0]


def _draw(report: Report, expo: str, language: str, pages: int) -> tuple[bytes, int]:
    out = BytesIO()
    canvas = _FootedCanvas(out, report, expo, language, pages)
    canvas.setTitle(f"{report.title} · {report.subtitle}")
    canvas.setAuthor(expo)
    canvas.setCreator("Expo")
    paper = Paper(canvas, language)
    paper.write_on(report.title, 18, bold=True, lines=2)
    paper.write_on(report.subtitle, 12, lines=2)
    paper.write_on(report.as_of, 9, color=QUIET)
    for part in report.parts:
        _draw_part(paper, part)
    canvas.showPage()
    canvas.save()
    return out.getvalue(), paper.pages


class _FootedCanvas(Canvas):  # type: ignore[misc]
    """A canvas that writes the foot of each page as it ends."""

    def __init__(self, out: BytesIO, report: Report, expo: str, language: str, pages: int) -> None:
        super().__init__(out, pagesize=A4, pageCompression=1, lang=language, invariant=1)
        self._foot = (report, expo, language, pages)

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        report, expo, language, pages = self._foot
        paper = Paper(self, language)
        paper.write(f"{expo} · {report.title}", BOTTOM - 4 * MM, 7.5, width=INNER * 0.75, color=QUIET)
        number = report.page.format(page=self.getPageNumber(), pages=pages)
        paper.write(number, BOTTOM - 4 * MM, 7.5, left=INNER * 0.75, width=INNER * 0.25, color=QUIET, far=True)
        super().showPage()


def _draw_part(paper: Paper, part: Part) -> None:
    if isinstance(part, Figures):
        _draw_figures(paper, part)
    elif isinstance(part, Bars):
        _draw_bars(paper, part)
    else:
        _draw_table(paper, part)


def _draw_head(paper: Paper, part: Part, height: float) -> None:
    """Write the title and remark of a part that is at least so high, on a new page if it does not fit."""
    paper.y -= 7 * MM
    paper.reserve(height + 18 * MM)
    paper.write_on(part.title, 12.5, bold=True, lines=2)
    if part.remark:
        paper.write_on(part.remark, 8.5, color=QUIET)
    paper.y -= 2 * MM


def _draw_figures(paper: Paper, part: Figures) -> None:
    _draw_head(paper, part, FIGURE_HEIGHT)
    width = INNER / IN_A_ROW
    for start in range(0, len(part.figures), IN_A_ROW):
        paper.reserve(FIGURE_HEIGHT)
        for column, figure in enumerate(part.figures[start : start + IN_A_ROW]):
            _draw_figure(paper, figure, column * width, width - 4 * MM)
        paper.y -= FIGURE_HEIGHT


def _draw_figure(paper: Paper, figure: Figure, left: float, width: float) -> None:
    end = paper.write(figure.label, paper.y, 8, left=left, width=width, color=QUIET, lines=2)
    end = paper.write(figure.text, end, 15, left=left, width=width, bold=True)
    if figure.remark:
        paper.write(figure.remark, end, 7.5, left=left, width=width, color=QUIET, lines=2)


def _draw_bars(paper: Paper, part: Bars) -> None:
    _draw_head(paper, part, CHART_HEIGHT if part.labels else 0)
    if not part.labels:
        paper.write_on(part.empty, 9.5, color=QUIET)
        return
    top, base = paper.y, paper.y - CHART_HEIGHT
    most = max((number for _, numbers in part.series for number in numbers), default=0) or 1
    paper.write(f"{most:,.10g}", top + 1 * MM, 7.5, width=14 * MM, color=QUIET)
    paper.rule(top - 3 * MM)
    paper.rule(base, 0.8)
    left, height = 15 * MM, CHART_HEIGHT - 3 * MM
    step = (INNER - left) / len(part.labels)
    bar = step * 0.76 / len(part.series)
    for number, (_, numbers) in enumerate(part.series):
        for place, value in enumerate(numbers):
            x = left + place * step + step * 0.12 + number * bar
            paper.fill(x, bar * 0.92, base, height * value / most, SERIES[number % len(SERIES)])
    every = max(1, -int(-LABEL_WIDTH // step))
    for place in range(0, len(part.labels), every):
        width = step * every
        x = left + place * step + (step - width) / 2
        paper.write(part.labels[place], base - 0.5 * MM, 7, left=x, width=width, color=QUIET, centered=True)
    paper.y = base - 5 * MM
    _draw_legend(paper, part)


def _draw_legend(paper: Paper, part: Bars) -> None:
    width = INNER / max(len(part.series), 2)
    for number, (name, _) in enumerate(part.series):
        paper.fill(number * width, 3 * MM, paper.y - 3.6 * MM, 3 * MM, SERIES[number % len(SERIES)])
        label = name if len(part.series) > 1 else part.unit
        paper.write(label, paper.y - 0.4 * MM, 8, left=number * width + 5 * MM, width=width - 6 * MM, color=QUIET)
    paper.y -= 5 * MM


def _draw_table(paper: Paper, part: Table) -> None:
    _draw_head(paper, part, 3 * ROW)
    if not part.rows:
        paper.write_on(part.empty, 9.5, color=QUIET)
        return
    numbers = len(part.columns) - 1
    width = min(NUMBER_WIDTH, INNER * 0.65 / max(numbers, 1))
    first = INNER - numbers * width
    _draw_columns(paper, part.columns, first, width)
    for row in part.rows:
        if paper.reserve(_row_height(paper, row, first)):
            _draw_columns(paper, part.columns, first, width)
        _draw_row(paper, row, first, width)


def _row_height(paper: Paper, row: Sequence[Cell], first: float) -> float:
    """Return how high a row is: a long name takes further lines."""
    return ROW + paper.extra_height(row[0].text, ROW_SIZE, first - 2 * MM, lines=NAME_LINES)


def _draw_columns(paper: Paper, columns: Sequence[str], first: float, width: float) -> None:
    """Write the names of the columns, in several lines where they are long: they may differ in their last word only."""
    end = paper.write(columns[0], paper.y, 8, width=first - 2 * MM, bold=True, color=QUIET, lines=3)
    for place, column in enumerate(columns[1:]):
        left = first + place * width
        far_end = paper.write(
            column, paper.y, 8, left=left, width=width - 1 * MM, bold=True, color=QUIET, far=True, lines=3
        )
        end = min(end, far_end)
    paper.y = min(paper.y - ROW, end - 2 * MM)
    paper.rule(paper.y + 1 * MM, 0.8)


def _draw_row(paper: Paper, row: Sequence[Cell], first: float, width: float) -> None:
    height = _row_height(paper, row, first)
    paper.write(row[0].text, paper.y, ROW_SIZE, width=first - 2 * MM, lines=NAME_LINES)
    for place, cell in enumerate(row[1:]):
        left = first + place * width
        paper.write(cell.text, paper.y, ROW_SIZE, left=left, width=width - 1 * MM, color=INK, far=True)
    paper.y -= height
    paper.rule(paper.y + 1 * MM, 0.25)
