"""What can be wrong with an export run."""

from expo.errors import Missing


class ExportMissing(Missing):
    """There is no such export, it is somebody else's, or its file was deleted."""

    def __init__(self) -> None:
        super().__init__("export_missing")
