"""Errors of import runs."""

from expo.errors import Missing


class ImportMissing(Missing):
    """The import run does not exist in this edition."""

    def __init__(self) -> None:
        super().__init__("import_missing")
