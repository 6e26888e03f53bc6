"""Photos of people: checked by their content, cropped to a square and written anew, without any metadata."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from expo.errors import Invalid

MAX_BYTES = 12 * 1024 * 1024
MAX_MEGAPIXELS = 40
# The side of the stored square, in pixels.
SIDE = 800
_KINDS = ("JPEG", "PNG", "WEBP")


def crop_photo(data: bytes, centre_x: float = 0.5, centre_y: float = 0.4) -> bytes:
    """Return the largest square around a point (0 to 1 from the left and the top) as JPEG.

    The size is read from the head of the file, so that a picture beyond the limit is never unpacked. Raises Invalid
    `file_too_large`, `photo_unknown`, `photo_too_large`.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("file_too_large", field="photo", megabytes=MAX_BYTES // (1024 * 1024))
    try:
        with Image.open(io.BytesIO(data), formats=_KINDS) as opened:
            width, height = opened.size
            if width * height > MAX_MEGAPIXELS * 1_000_000:
                megapixels = round(width * height / 1_000_000)
                raise Invalid("photo_too_large", field="photo", maximum=MAX_MEGAPIXELS, megapixels=megapixels)
            opened.draft("RGB", (2 * SIDE, 2 * SIDE))
            picture = ImageOps.exif_transpose(opened)
            square = _square(picture, centre_x, centre_y)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise Invalid("photo_unknown", field="photo") from None
    out = io.BytesIO()
    square.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


def _square(picture: Image.Image, centre_x: float, centre_y: float) -> Image.Image:
    width, height = picture.size
    side = min(width, height)
    left = round(min(max(centre_x * width - side / 2, 0), width - side))
    top = round(min(max(centre_y * height - side / 2, 0), height - side))
    cut = picture.crop((left, top, left + side, top + side)).convert("RGBA")
    # What is transparent becomes white.
    ground = Image.new("RGBA", cut.size, "white")
    ground.alpha_composite(cut)
    square = ground.convert("RGB")
    return square.resize((SIDE, SIDE), Image.Resampling.LANCZOS) if side > SIDE else square
