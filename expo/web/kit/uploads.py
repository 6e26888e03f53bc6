"""Files uploaded with a form."""

from werkzeug.datastructures import FileStorage


def read_form_file(uploaded: FileStorage) -> bytes:
    """Return the uploaded bytes and close a large file's temporary file."""
    with uploaded.stream as stream:
        return stream.read()
