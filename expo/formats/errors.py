"""Errors of imported files.

Codes: `file_empty`, `file_too_large`, `file_not_text`, `file_is_html`, `file_broken`, `file_entities`, `file_too_deep`,
`file_too_many_elements`, `file_encoding`, `file_kind`,
`schedule_unknown`, `schedule_event`, `schedule_event_untitled`, `schedule_duplicate`, `schedule_no_sessions`,
`schedule_no_titles`, `schedule_no_times`, `schedule_row_day`, `schedule_row_duration`, `schedule_row_emails`,
`schedule_row_ends_early`, `schedule_row_time`, `schedule_row_untitled`, `schedule_too_large`, `table_header_twice`,
`table_too_large`, `table_too_wide`, `table_too_many_cells`, `workbook_encrypted`, `workbook_merged`, `workbook_parts`,
`workbook_ratio`, `workbook_sheets`, `workbook_texts`, `workbook_unpacked`.
"""

from dataclasses import dataclass
from typing import Any

from expo.errors import Invalid


class BadFile(Invalid):
    """A file that cannot be read, with the line if known."""

    def __init__(self, code: str, line: int | None = None, **params: Any) -> None:
        super().__init__(code, line=line, **params)
        self.line = line

    @property
    def fault(self) -> "Fault":
        """The fault as a plain value."""
        return Fault(self.code, self.params)


@dataclass(frozen=True)
class Fault:
    """One fault in an otherwise readable file; `params` has `line` if known."""

    code: str
    params: dict[str, Any]
