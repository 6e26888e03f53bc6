"""Errors of export runs."""

from expo.errors import Missing


class ExportMissing(Missing):
    """The export does not exist, belongs to somebody else, or its file was deleted."""

    def __init__(self) -> None:
        super().__init__("export_missing")
