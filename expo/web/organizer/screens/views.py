"""The screens at the venue: their addresses, as links and QR codes."""

from flask import render_template, url_for

from expo.accounts.rules import Permission
from expo.documents.qr import link_svg
from expo.infra.addresses import public_url
from expo.program.queries import list_screen_rooms
from expo.web.kit.access import current_edition
from expo.web.kit.language import localized
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_screens", __name__, "/program/screens", Permission.PROGRAM_READ)


@blueprint.get("")
def list_screens() -> str:
    """List the screens with the addresses to open on each display."""
    rooms = list_screen_rooms(current_edition().id)
    board = public_url(url_for("public_screens.show_board"))
    signs = [(room, public_url(url_for("public_screens.show_room", room=room.slug))) for room in rooms]
    return render_template(
        "organizer/screens/list.html",
        board=board,
        board_code=link_svg(board, board),
        screens=[(room, url, link_svg(url, localized(room.name))) for room, url in signs],
    )
