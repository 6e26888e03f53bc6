"""What tests need to read a PDF the way a person or a scanner does: by poppler and by another QR decoder."""

import shutil
import subprocess
from pathlib import Path

import zxingcpp
from PIL import Image

from tests.conftest import skip_or_fail


def need_poppler() -> None:
    if shutil.which("pdftoppm") is None or shutil.which("pdftotext") is None:
        skip_or_fail("poppler-utils is not installed: PDFs cannot be rendered")


def pictures(pdf: bytes, folder: Path, dpi: int = 150, last: int | None = None) -> list[Image.Image]:
    """Return the pages as pictures."""
    need_poppler()
    source = folder / "paper.pdf"
    source.write_bytes(pdf)
    for old in folder.glob("page-*.png"):
        old.unlink()
    limit = ["-l", str(last)] if last else []
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", *limit, str(source), str(folder / "page")], check=True)
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("page-*.png"))]


def words(pdf: bytes, folder: Path) -> str:
    """Return the text that a reader finds in a PDF."""
    need_poppler()
    source = folder / "paper.pdf"
    source.write_bytes(pdf)
    answer = subprocess.run(["pdftotext", "-layout", str(source), "-"], check=True, capture_output=True)
    assert answer.stderr == b""
    return answer.stdout.decode()


def information(pdf: bytes, folder: Path) -> dict[str, str]:
    """Return what pdfinfo says."""
    need_poppler()
    source = folder / "paper.pdf"
    source.write_bytes(pdf)
    answer = subprocess.run(["pdfinfo", str(source)], check=True, capture_output=True)
    assert answer.stderr == b""
    pairs = (line.partition(":") for line in answer.stdout.decode().splitlines())
    return {name: value.strip() for name, _, value in pairs}


def qr_texts(picture: Image.Image) -> list[str]:
    """Return the texts of the QR codes in a picture."""
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def ink(picture: Image.Image, box: tuple[float, float, float, float] | None = None) -> int:
    """Return how many pixels of a picture (or of a box in it, in shares of its size) are not white."""
    if box is not None:
        width, height = picture.size
        picture = picture.crop((int(box[0] * width), int(box[1] * height), int(box[2] * width), int(box[3] * height)))
    return sum(count for level, count in enumerate(picture.convert("L").histogram()) if level < 200)
