"""What can be wrong with an import run."""

from expo.errors import Missing


class ImportMissing(Missing):
    """There is no such import run in this edition."""

    def __init__(self) -> None:
        super().__init__("import_missing")
