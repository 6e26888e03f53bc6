"""Photos of people and pictures of companies: checked by content and encoded again, which removes their metadata."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from expo.errors import Invalid
from expo.infra.confined import Limits, run_confined

MAX_PIXELS = 40_000_000
MAX_BYTES = 20 * 1024 * 1024
# The side of the square, in pixels.
SIDE = 800
LONGEST_SIDE = 3000
MIDDLE = (0.5, 0.5)
MAX_ZOOM = 4
FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 85
_LIMITS = Limits(cpu_seconds=15, wall_seconds=20)


def crop_photo(data: bytes, centre: tuple[float, float] = MIDDLE, zoom: float = 1) -> bytes:
    """Return an uploaded JPEG, PNG or WebP as a square JPEG without metadata, decoded in a confined process.

    The square is as large as possible, divided by `zoom`; `centre` says where it is: from 0 (left, top) to 1 (right,
    bottom).

    Raises Invalid `photo_invalid`, `photo_too_large` or `file_beyond_limits`.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("photo_too_heavy", field="photo", megabytes=MAX_BYTES // 1024**2)
    return run_confined(_LIMITS, encode_square, data, centre, zoom)


def fit_picture(data: bytes, box: tuple[int, int], *, keeps_transparency: bool = False) -> tuple[bytes, str]:
    """Return an uploaded JPEG, PNG or WebP without metadata, shrunk to fit `box`, and its media type.

    It becomes a JPEG, or with `keeps_transparency` a PNG. It is decoded in a confined process.

    Raises Invalid `photo_invalid`, `photo_too_heavy`, `photo_too_large` or `file_beyond_limits`.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("photo_too_heavy", field="photo", megabytes=MAX_BYTES // 1024**2)
    encoded = run_confined(_LIMITS, encode_within, data, box, keeps_transparency)
    return encoded, "image/png" if keeps_transparency else "image/jpeg"


def encode_square(data: bytes, centre: tuple[float, float] = MIDDLE, zoom: float = 1) -> bytes:
    """Return a square of an image as JPEG. Raises Invalid `photo_invalid` or `photo_too_large`."""
    upright = _decode(data)
    kept = max(1, min(upright.width, upright.height) / min(max(zoom, 1), MAX_ZOOM))
    left, top = centre[0] * (upright.width - kept), centre[1] * (upright.height - kept)
    side = max(1, min(SIDE, int(kept)))
    box = (left, top, left + kept, top + kept)
    return _encode_jpeg(upright.resize((side, side), Image.Resampling.LANCZOS, box=box))


def encode_within(data: bytes, box: tuple[int, int], keeps_transparency: bool) -> bytes:  # noqa: FBT001 - called by name
    """Return an image that fits a box as JPEG or PNG. Raises Invalid `photo_invalid` or `photo_too_large`."""
    picture = _decode(data)
    picture.thumbnail(box, Image.Resampling.LANCZOS)
    if not keeps_transparency:
        return _encode_jpeg(picture)
    encoded = BytesIO()
    picture.save(encoded, "PNG", optimize=True)
    return encoded.getvalue()


def _decode(data: bytes) -> Image.Image:
    """Return an image, upright and with transparency but without metadata."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            # Only the header has been read so far.
            if image.width * image.height > MAX_PIXELS:
                raise Invalid("photo_too_large", field="photo", megapixels=MAX_PIXELS // 1_000_000)
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except Image.DecompressionBombError:
        # Pillow refuses much larger images itself while it opens them.
        raise Invalid("photo_too_large", field="photo", megapixels=MAX_PIXELS // 1_000_000) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Invalid("photo_invalid", field="photo") from None
    upright.info.clear()
    return upright


def _encode_jpeg(picture: Image.Image) -> bytes:
    """Return a picture as JPEG; transparent parts become white."""
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A"))
    encoded = BytesIO()
    flat.save(encoded, "JPEG", quality=_QUALITY, optimize=True)
    return encoded.getvalue()
