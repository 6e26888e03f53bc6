"""How much a file may hold before it is refused: bytes, levels, elements. Every refusal names its limit."""

import io
import math
import re
import sys
from typing import Any

from lxml import etree

from expo.formats.errors import BadFile
from expo.pure.texts import clean_text

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 64
MAX_ELEMENTS = 1_000_000
# Characters that XML 1.0 forbids, raw or as numeric references. Generators write both.
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CHARACTER_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,9}));")


def check_size(data: bytes, max_bytes: int = MAX_BYTES) -> None:
    """Raise BadFile for a file with nothing in it or with too much."""
    if len(data) > max_bytes:
        raise BadFile("file_too_large", megabytes=max_bytes // 1024 // 1024)
    if not data.strip():
        raise BadFile("file_empty")


def parse_xml(data: bytes) -> etree._Element:
    """Return the root of an XML file: entities are never expanded, nothing is fetched. Raises BadFile."""
    check_size(data)
    depth = count = 0
    root: etree._Element | None = None
    try:
        parser = etree.iterparse(
            io.BytesIO(_without_control_characters(data)),
            events=("start", "end"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        for event, element in parser:
            if event == "end":
                depth -= 1
                continue
            depth, count = depth + 1, count + 1
            if root is None:
                root = element
                _refuse_entities(element)
            check_bounds(depth, count)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "Excessive depth" in str(error):
            raise BadFile("file_too_deep", maximum=MAX_DEPTH) from None
        is_encoding = "encoding" in str(error).lower() or "Input is not proper" in str(error)
        code = "file_encoding" if is_encoding else "file_broken"
        line = getattr(error, "lineno", None)
        raise BadFile(code, line, reason=str(error).split(", line ")[0][:200]) from None
    if root is None:
        raise BadFile("file_broken", reason="no element")
    _clean_tree(root)
    return root


def check_bounds(depth: int, count: int) -> None:
    """Raise BadFile where something is nested too deeply or holds too many elements."""
    if depth > MAX_DEPTH:
        raise BadFile("file_too_deep", maximum=MAX_DEPTH)
    if count > MAX_ELEMENTS:
        raise BadFile("file_too_many_elements", maximum=MAX_ELEMENTS)


def clean_json(value: Any, depth: int = 1, counter: list[int] | None = None) -> Any:
    """Return parsed JSON with every text cleaned and numbers that are none removed. Raises BadFile beyond a bound."""
    counter = counter if counter is not None else [0]
    counter[0] += 1
    check_bounds(depth, counter[0])
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): clean_json(each, depth + 1, counter) for key, each in value.items()}
    if isinstance(value, list):
        return [clean_json(each, depth + 1, counter) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def check_json_bounds(data: bytes) -> None:
    """Raise BadFile where a JSON file certainly holds too much, before it is built in memory."""
    if data.count(b"[") + data.count(b"{") + data.count(b",") > 3 * MAX_ELEMENTS:
        raise BadFile("file_too_many_elements", maximum=MAX_ELEMENTS)


def _without_control_characters(data: bytes) -> bytes:
    """Return an XML file without characters that no XML may hold; UTF-16 and UTF-32 are left to the parser."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4]:
        return data
    return _CHARACTER_REFERENCE.sub(_allowed_reference, _CONTROL_BYTES.sub(b"", data))


def _allowed_reference(match: re.Match[bytes]) -> bytes:
    number = int(match[1], 16) if match[1] else int(match[2])
    return match[0] if number <= sys.maxunicode and clean_text(chr(number)) else b""


def _refuse_entities(root: etree._Element) -> None:
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is not None and dtd.entities():
        raise BadFile("file_entities")


def _clean_tree(root: etree._Element) -> None:
    for element in root.iter(etree.Element):
        if element.text:
            element.text = clean_text(element.text)
        if element.tail:
            element.tail = clean_text(element.tail)
        for name, value in element.attrib.items():
            if (cleaned := clean_text(str(value))) != value:
                element.set(name, cleaned)
