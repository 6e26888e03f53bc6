"""XML elements as JSON, so that content for which we have no column survives to the next export."""

import re
from typing import Any, cast

from lxml import etree

from expo.formats.bounds import MAX_DEPTH, parse_bounded_xml
from expo.formats.errors import BadFile
from expo.pure.texts import clean_text

_BETWEEN_LINES = re.compile(rb"[\x0b\x0c]|&#(?:0*1[12]|x0*[bc]);", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CONTROL_REFERENCE = re.compile(rb"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));", re.IGNORECASE)
# A node as JSON: tag, attributes, text, children, tail, its own namespaces.
Node = dict[str, Any]
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse_document(data: bytes) -> etree._Element:
    """Parse a document without the characters that XML forbids, and return its root. Raises BadFile with the line."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        # Remove forbidden characters, so that the rest of the file can be read.
        data = _BETWEEN_LINES.sub(b" ", data)
        data = _CONTROL_REFERENCE.sub(b"", _CONTROL.sub(b"", data))
    try:
        return parse_bounded_xml(data)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "Excessive depth" in str(error):
            raise BadFile("file_too_deep", maximum=MAX_DEPTH) from None
        line = getattr(error, "lineno", None)
        code = (
            "file_encoding"
            if "encoding" in str(error).lower() or "Input is not proper" in str(error)
            else "file_broken"
        )
        raise BadFile(code, line, reason=str(error).split(", line ")[0][:200]) from None


def remove_namespace(root: etree._Element) -> None:
    """Remove the root's namespace from element names: some generators declare one."""
    space = etree.QName(root).namespace
    if space:
        for element in root.iter(f"{{{space}}}*"):
            element.tag = etree.QName(element).localname


def line_of(element: etree._Element) -> int | None:
    """Return the line of an element in the file."""
    return cast("int | None", element.sourceline)


def is_element(node: etree._Element) -> bool:
    """Whether a node is an element, as opposed to a comment or processing instruction."""
    return isinstance(node.tag, str)


def to_json(element: etree._Element, *, with_children: bool = True) -> Node:
    """Convert an element to JSON, with its tail; its children only on request."""
    node: Node = {"tag": element.tag}
    if element.attrib:
        node["attributes"] = {str(name): clean_text(str(value)) for name, value in element.attrib.items()}
    if element.text and (element.text.strip() or not len(element)):
        node["text"] = clean_text(element.text)
    if with_children and len(element):
        node["children"] = [to_json(child) for child in element if is_element(child)]
    if element.tail and element.tail.strip():
        node["tail"] = clean_text(element.tail)
    parent = element.getparent()
    own = {prefix: uri for prefix, uri in element.nsmap.items() if parent is None or parent.nsmap.get(prefix) != uri}
    if own:
        node["namespaces"] = [[prefix, uri] for prefix, uri in own.items()]
    return node


def to_element(node: Node) -> etree._Element:
    """Convert a node back to an element."""
    element = etree.Element(node["tag"], nsmap=dict(node.get("namespaces", [])))
    for name, value in node.get("attributes", {}).items():
        element.set(name, value)
    element.text = node.get("text")
    element.tail = node.get("tail")
    for child in node.get("children", []):
        element.append(to_element(child))
    return element


def skeleton_of(day: etree._Element) -> Node:
    """Return a day with its rooms and other content, without the events."""
    node = to_json(day, with_children=False)
    node["children"] = []
    for child in day:
        if not is_element(child):
            continue
        if child.tag == "event":
            continue
        if child.tag != "room":
            node["children"].append(without_events(to_json(child)))
            continue
        room = to_json(child, with_children=False)
        others = [to_json(each) for each in child if is_element(each) and each.tag != "event"]
        if others:
            room["children"] = others
        node["children"].append(room)
    return node


def without_events(node: Node) -> Node:
    """Return a node without its events, which are written in their own place."""
    if "children" not in node:
        return node
    return {**node, "children": [without_events(child) for child in node["children"] if child["tag"] != "event"]}


def text_of(node: Node, tag: str) -> str:
    """Return the text of the first child with this tag, or an empty string."""
    return next((str(child.get("text", "")) for child in node.get("children", []) if child["tag"] == tag), "")


def find_child(node: Node, tag: str) -> Node:
    """Return the first child with this tag, or an empty node."""
    return next((child for child in node.get("children", []) if child["tag"] == tag), {})


def clean_xml_text(text: str) -> str:
    """Return a text without the characters that XML forbids."""
    return _NOT_XML.sub("", text)
