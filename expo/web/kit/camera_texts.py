"""What pages that scan badges say about the camera."""

from flask_babel import gettext


def camera_texts() -> dict[str, str]:
    """Return the texts in the page's language, as `static/js/door/tools.js` names them."""
    return {
        "camera_refused": gettext(
            "The browser is blocking the camera. Allow camera access in your browser settings, or use a handheld "
            "scanner."
        ),
        "camera_missing": gettext("No camera found. Use a handheld scanner, or enter the code."),
        "camera_busy": gettext("Another app is using the camera. Close that app, then start scanning again."),
        "camera_ended": gettext("The camera has stopped. Start scanning again, or use a handheld scanner."),
        "camera_insecure": gettext(
            "This address does not begin with https, so the browser provides no camera. Use a handheld scanner, or "
            "enter the code."
        ),
        "camera_starting": gettext("Starting the camera…"),
        "torch_failed": gettext("The flashlight does not work on this device."),
    }
