"""A PDF written while it is drawn, so that twenty thousand pages need no more memory than one hundred.

ReportLab holds every page in memory until the end. Here each finished page is written immediately; shared objects
(fonts, forms, the catalogue) follow at the end. The objects and their numbers are ReportLab's own.
"""

from typing import Any, BinaryIO

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from expo.documents.typefaces import fonts_lock


class StreamedPages:
    """Writes a canvas's pages to a file as they are finished."""

    def __init__(self, canvas: Canvas, out: BinaryIO) -> None:
        self._canvas = canvas
        self._document: Any = canvas._doc  # noqa: SLF001 - ReportLab offers no way to write a page early
        self._out = out
        self._offset = 0
        self._next = 1
        self._write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")

    def flush(self) -> None:
        """Write the pages finished so far and release them."""
        document = self._document
        while self._next in document.numberToId:
            number = self._next
            name = document.numberToId[number]
            thing = document.idToObject[name]
            if isinstance(thing, pdfdoc.PDFPage) or _is_page_content(thing):
                self._write_object(name, thing)
                # The name stays reserved; the object can be released.
                document.idToObject[name] = None
            self._next += 1
        pages = document.Pages.pages
        for place in range(len(pages) - 1, -1, -1):
            if isinstance(pages[place], pdfdoc.PDFObjectReference):
                break
            pages[place] = document.Reference(pages[place])

    def close(self) -> None:
        """Write the shared objects and the cross-reference table. The file itself stays open."""
        document = self._document
        self.flush()
        with fonts_lock:
            for font in document.delayedFonts:
                font.addObjects(document)
        document.info.invariant = document.invariant
        document.info.digest(document.signature)
        catalog = document.Reference(document.Catalog)
        information = document.Reference(document.info)
        document.Outlines.prepare(document, self._canvas)
        if document.Outlines.ready < 0:
            document.Catalog.Outlines = None
        # Writing an object may add others.
        self._next = 1
        written = set(document.idToOffset)
        while self._next in document.numberToId:
            name = document.numberToId[self._next]
            if name not in written:
                self._write_object(name, document.idToObject[name])
            self._next += 1
        self._write_trailer(catalog, information)

    def _write_trailer(self, catalog: Any, information: Any) -> None:
        document = self._document
        table = pdfdoc.PDFCrossReferenceTable()
        table.addsection(0, [document.numberToId[number] for number in range(1, self._next)])
        start = self._offset
        self._write(table.format(document))
        trailer = pdfdoc.PDFTrailer(
            startxref=start, Size=self._next, Root=catalog, Info=information, ID=document.ID(), Encrypt=None
        )
        self._write(trailer.format(document))

    def _write_object(self, name: str, thing: Any) -> None:
        self._document.idToOffset[name] = self._offset
        self._write(pdfdoc.PDFIndirectObject(name, thing).format(self._document))

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._offset += len(data)


def _is_page_content(thing: Any) -> bool:
    return getattr(thing, "__Comment__", None) == "page stream"
