"""Reports: figures, bar charts and tables, the same on a page, on paper and in a workbook."""

from expo.documents.report.pages import render_report
from expo.documents.report.parts import Bars, Cell, Figure, Figures, Part, Report, Table

__all__ = ["Bars", "Cell", "Figure", "Figures", "Part", "Report", "Table", "render_report"]
