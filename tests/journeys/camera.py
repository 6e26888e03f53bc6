"""A fake camera for Chromium: pictures become a film that is shown in a loop."""

from io import BytesIO
from pathlib import Path

import zxingcpp
from PIL import Image, ImageOps

WIDTH, HEIGHT = 640, 480


def qr_picture(text: str, size: int = 300) -> Image.Image:
    """Return the QR code of a text, by another encoder than the product's."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture = Image.fromarray(zxingcpp.write_barcode_to_image(barcode, scale=6, add_quiet_zones=True))
    return picture.convert("RGB").resize((size, size), Image.Resampling.NEAREST)


def write_film(path: Path, pictures: list[Image.Image], *, seconds_each: float = 1.0) -> Path:
    """Write what the camera sees: each picture in the middle of a grey frame, for a while, in this order."""
    with path.open("wb") as film:
        for picture in pictures:
            frame = Image.new("RGB", (WIDTH, HEIGHT), (120, 124, 130))
            shown = (
                ImageOps.contain(picture, (HEIGHT - 40, HEIGHT - 40)) if max(picture.size) > HEIGHT - 40 else picture
            )
            frame.paste(shown, ((WIDTH - shown.width) // 2, (HEIGHT - shown.height) // 2))
            shot = BytesIO()
            frame.save(shot, "JPEG", quality=85)
            film.write(shot.getvalue() * max(1, round(seconds_each * 30)))
    return path


def camera_arguments(film: Path) -> list[str]:
    """Return Chromium's arguments for a camera that shows this film and asks nobody."""
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
