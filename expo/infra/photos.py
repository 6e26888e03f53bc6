"""Photos and pictures: checked by content, cropped or reduced, and encoded again, which removes their metadata."""

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


def fit_picture(data: bytes) -> bytes:
    """Return an uploaded JPEG, PNG or WebP as a JPEG of its whole content without metadata, decoded in confinement.

    Raises Invalid `photo_invalid`, `photo_too_large` or `photo_too_heavy`.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("photo_too_heavy", field="photo", megabytes=MAX_BYTES // 1024**2)
    return run_confined(_LIMITS, encode_whole, data)


def encode_whole(data: bytes) -> bytes:
    """Return an image as JPEG, reduced to `LONGEST_SIDE`. Raises Invalid `photo_invalid` or `photo_too_large`."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Invalid("photo_too_large", field="photo", megapixels=MAX_PIXELS // 1_000_000)
            upright = ImageOps.exif_transpose(image).convert("RGBA")
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise Invalid("photo_invalid", field="photo") from None
    return _to_jpeg(upright)


def encode_square(data: bytes, centre: tuple[float, float] = MIDDLE, zoom: float = 1) -> bytes:
    """Return a square of an image as JPEG. Raises Invalid `photo_invalid` or `photo_too_large`."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            # Only the header has been read so far.
            if image.width * image.height > MAX_PIXELS:
                raise Invalid("photo_too_large", field="photo", megapixels=MAX_PIXELS // 1_000_000)
            upright = ImageOps.exif_transpose(image)
            kept = max(1, min(upright.width, upright.height) / min(max(zoom, 1), MAX_ZOOM))
            left, top = centre[0] * (upright.width - kept), centre[1] * (upright.height - kept)
            side = max(1, min(SIDE, int(kept)))
            # Transparent parts become white.
            square = upright.convert("RGBA").resize(
                (side, side), Image.Resampling.LANCZOS, box=(left, top, left + kept, top + kept)
            )
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise Invalid("photo_invalid", field="photo") from None
    return _to_jpeg(square)


def _to_jpeg(image: Image.Image) -> bytes:
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A"))
    encoded = BytesIO()
    flat.save(encoded, "JPEG", quality=_QUALITY, optimize=True)
    return encoded.getvalue()
