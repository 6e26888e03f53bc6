"""An uploaded file between its preview and the word to take it in: named in the address by a signed text."""

from werkzeug.datastructures import FileStorage

from expo.errors import Missing
from expo.infra.signing import read_text, sign_text
from expo.infra.storage import KEPT_SECONDS, forget_kept, keep_for_a_while, read_kept

PURPOSE = "upload"
MAX_NAME = 100


def read_form_file(uploaded: FileStorage) -> bytes:
    """Return what was uploaded; a large file's temporary one is closed."""
    with uploaded.stream as stream:
        return stream.read()


def keep_upload(edition_id: int, kind: str, data: bytes, name: str) -> str:
    """Keep a file that was uploaded for an edition, and return the text that stands for it in an address."""
    return sign_text(PURPOSE, [edition_id, kind, keep_for_a_while(data), name[-MAX_NAME:]])


def read_upload(edition_id: int, kind: str, upload: str) -> tuple[bytes, str]:
    """Return a kept file and the name it had. Raises Missing `upload_missing` for another edition or kind."""
    kept, name = _of(edition_id, kind, upload)
    return read_kept(kept), name


def forget_upload(edition_id: int, kind: str, upload: str) -> None:
    """Delete a kept file."""
    forget_kept(_of(edition_id, kind, upload)[0])


def _of(edition_id: int, kind: str, upload: str) -> tuple[str, str]:
    of_edition, of_kind, kept, name = read_text(PURPOSE, upload, KEPT_SECONDS)
    if (of_edition, of_kind) != (edition_id, kind):
        raise Missing("upload_missing")
    return kept, name
