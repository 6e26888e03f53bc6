"""Drawings lose everything that could run or load anything, and named shapes become booths."""

import pytest

from expo.errors import Invalid
from expo.formats.drawings import MAX_BYTES, read_drawing

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 50">'

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "script in a namespace": '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
    "html": '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="alert(1)"/></foreignObject>',
    "event": '<rect width="1" height="1" onclick="alert(1)" onload="alert(1)"/>',
    "link": '<a xlink:href="javascript:alert(1)"><rect width="1" height="1"/></a>',
    "image": '<image xlink:href="https://evil.example/x.png" width="1" height="1"/>',
    "use": '<use href="https://evil.example/x.svg#a"/>',
    "style element": "<style>@import url(https://evil.example/x.css); rect { fill: url(//evil.example) }</style>",
    "style attribute": '<rect style="fill:url(https://evil.example/x);background:url(//evil.example)" width="1"/>',
    "escaped style": '<rect style="fill:\\75rl(//evil.example)" width="1"/>',
    "fill": '<rect fill="url(https://evil.example/x#a)" width="1"/>',
    "animation": '<animate attributeName="href" values="javascript:alert(1)"/><set attributeName="onload"/>',
    "filter": '<filter id="f"><feImage href="https://evil.example/x"/></filter>',
    "base": '<rect xml:base="https://evil.example/" width="1"/>',
    "handler": '<handler type="text/ecmascript">alert(1)</handler>',
    "comment": "<!-- <script>alert(1)</script> -->",
    "processing": '<?xml-stylesheet href="https://evil.example/x.css"?>',
    "nested drawing": '<svg onload="alert(1)"><g ONLOAD="alert(1)"><set attributeName="onload"/></g></svg>',
    "data address": '<image href="data:image/svg+xml,&lt;svg onload=alert(1)&gt;"/><use xlink:href="data:x,evil#a"/>',
    "wrapped": "<switch><foreignObject><iframe src='https://evil.example/'/></foreignObject></switch><symbol id='s'/>",
    "in a text": '<text onclick="alert(1)"><tspan xlink:href="javascript:alert(1)">A</tspan><script>1</script></text>',
    "cursor": '<rect style="cursor:url(//evil.example),auto;mask:url(#m)" cursor="url(//evil.example)" width="1"/>',
    "split address": '<rect fill="u&#x72;l(//evil.example)" stroke="UR&#76;(//evil.example)" width="1"/>',
    "other namespace": '<x:rect xmlns:x="urn:evil" onload="alert(1)"/><b xmlns="urn:x" onload="1"/>',
    "clip": '<clipPath id="c"><use href="#evil"/></clipPath><rect clip-path="url(#c)" filter="url(#f)" width="1"/>',
    "handlers of events": '<listener event="click" handler="#evil" xmlns="http://www.w3.org/2001/xml-events"/>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_drawing_when_hostile_then_nothing_that_runs_or_loads_remains(name: str) -> None:
    clean = read_drawing(f"{HEAD}{HOSTILE[name]}<rect width='5' height='5'/></svg>".encode()).svg.decode()

    for word in ("script", "alert", "evil", "onclick", "onload", "href", "url", "foreignObject", "style", "import"):
        assert word not in clean.replace("http://www.w3.org/2000/svg", ""), word
    assert "<rect" in clean


def test_text_when_it_looks_like_a_script_then_stays_text() -> None:
    source = f"{HEAD}<text>&lt;script&gt;alert(1)&lt;/script&gt;<![CDATA[<img onerror=alert(1)>]]></text></svg>"

    clean = read_drawing(source.encode()).svg

    assert b"&lt;script&gt;alert(1)&lt;/script&gt;&lt;img onerror=alert(1)&gt;</text>" in clean
    assert b"<script" not in clean


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" width="1" height="1">&a;</svg>',
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg width="1" height="1"><text>&a;</text></svg>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE svg [<!ENTITY a "b">]><svg width="1" height="1"/>'.encode(
            "utf-16"
        ),
        b"not a drawing",
        b"",
        b"<html><body/></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e999 1"/>',
        b"<svg>" * 5000,
    ],
)
def test_drawing_when_it_has_entities_or_is_none_then_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        read_drawing(data)

    assert caught.value.code == "svg_invalid"


@pytest.mark.parametrize("data", [b" " * (MAX_BYTES + 1), f"{HEAD}{'<g/>' * 20_001}</svg>".encode()])
def test_drawing_when_too_large_then_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        read_drawing(data)

    assert caught.value.code == "svg_too_large"


def test_shapes_when_named_then_are_read_with_all_transformations() -> None:
    drawing = read_drawing(
        b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="10 0 100 50"
        xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape">
        <g transform="translate(10 5)"><rect id="A-01" width="3" height="2"/>
        <g transform="scale(2)"><polygon points="0,0 4,0 4,4" id="x"><title>A-02</title></polygon></g></g>
        <path inkscape:label="B 1" id="path12" d="m20 10 h4 v3 h-4 z"/>
        <rect id="_x31_-C01" transform="matrix(0 1 -1 0 50 0)" width="2" height="1"/>
        <rect id="rect815" width="9" height="9"/><circle id="D-01" r="3"/></svg>"""
    )

    assert (drawing.width, drawing.height) == (100, 50)
    assert {each.label: each.points for each in drawing.shapes} == {
        "A-01": ((0, 5), (3, 5), (3, 7), (0, 7)),
        "A-02": ((0, 5), (8, 5), (8, 13)),
        "B 1": ((10, 10), (14, 10), (14, 13), (10, 13)),
        "1-C01": ((40, 0), (40, 2), (39, 2), (39, 0)),
    }
