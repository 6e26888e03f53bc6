"""Limits on the nesting and number of elements of a file. Every error names its limit."""

import io
from typing import Any

from lxml import etree

from expo.formats.errors import BadFile

MAX_DEPTH = 64
MAX_ELEMENTS = 1_000_000


def parse_bounded_xml(data: bytes) -> etree._Element:
    """Parse an XML file, refusing entities and fetching nothing, and return its root.

    Raises BadFile, XMLSyntaxError.
    """
    depth = count = 0
    root: etree._Element | None = None
    parser = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
    )
    for event, element in parser:
        if event == "end":
            depth -= 1
            continue
        depth, count = depth + 1, count + 1
        if root is None:
            root = element
            _refuse_entities(root)
        check_bounds(depth, count)
    if root is None:
        raise BadFile("file_empty")
    return root


def check_bounds(depth: int, count: int) -> None:
    """Raise BadFile if something is nested too deeply or has too many elements."""
    if depth > MAX_DEPTH:
        raise BadFile("file_too_deep", maximum=MAX_DEPTH)
    if count > MAX_ELEMENTS:
        raise BadFile("file_too_many_elements", maximum=MAX_ELEMENTS)


def check_json_size(data: bytes) -> None:
    """Raise BadFile if a JSON file certainly has too many elements, before it is parsed."""
    if data.count(b"[") + data.count(b"{") + data.count(b",") > 3 * MAX_ELEMENTS:
        raise BadFile("file_too_many_elements", maximum=MAX_ELEMENTS)


def check_json_bounds(value: Any) -> None:
    """Raise BadFile if a parsed JSON value is nested too deeply or has too many elements."""
    level, depth, count = [value], 0, 0
    while level:
        depth, count = depth + 1, count + len(level)
        check_bounds(depth, count)
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]


def _refuse_entities(root: etree._Element) -> None:
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is not None and dtd.entities():
        raise BadFile("file_entities")
