"""What is wrong with a file that came in.

Codes: `file_empty`, `file_too_large`, `file_not_text`, `file_is_html`, `file_broken`, `file_encoding`, `file_kind`,
`schedule_unknown`, `schedule_event`, `schedule_duplicate`, `schedule_no_sessions`, `schedule_no_titles`,
`schedule_no_times`, `schedule_too_large`, `table_header`, `table_too_large`.
"""

from typing import Any

from expo.errors import Invalid


class BadFile(Invalid):
    """A file that cannot be read, with the line where that is known."""

    def __init__(self, code: str, line: int | None = None, **params: Any) -> None:
        super().__init__(code, line=line, **params)
        self.line = line
