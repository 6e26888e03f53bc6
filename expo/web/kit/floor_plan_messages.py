"""The messages of the error codes of floor plans and booths."""

from flask_babel import lazy_gettext as _l

FLOOR_PLAN_MESSAGES = {
    "plan_missing": _l("We could not find a plan of this hall. It may not have been drawn yet."),
    "plan_changed": _l(
        "Someone else has changed this plan in the meantime. Reload the page and make your change again."
    ),
    "booth_missing": _l("We could not find this booth. It may have been deleted."),
    "booth_changed": _l(
        "Someone else has changed booth %(booth)s in the meantime. Nothing was saved. Reload the page to see the "
        "current plan."
    ),
    "booth_taken": _l("Booth %(booth)s is already sold, or held for another company."),
    "booth_exists": _l("There is already a booth %(booth)s in this hall. Choose another number."),
    "plan_picture_invalid": _l(
        "This file is not a drawing or picture that can be read. Upload an SVG, JPEG, PNG or WebP file."
    ),
    "booth_occupied": _l("Booth %(booth)s is held or sold. Release it first, then delete it."),
    "booth_not_sold": _l("Booth %(booth)s is not sold yet. Sell it to one company first, then let others share it."),
    "booth_holder": _l("Booth %(booth)s was sold to this company. Release the booth instead."),
    "booth_number_empty": _l("Enter a booth number."),
    "size_invalid": _l("Enter a size from %(least)s to %(most)s metres."),
    "position_invalid": _l("Enter a position from %(least)s to %(most)s metres."),
    "rotation_invalid": _l("Enter an angle from %(least)s to %(most)s degrees."),
    "polygon_invalid": _l("The outline needs 3 to 40 corners whose edges do not cross."),
    "structures_too_many": _l("A hall can have up to %(maximum)s walls, obstacles, entrances and passages."),
    "structure_invalid": _l("Item %(number)s of the walls and passages is incomplete, or outside the hall."),
    "changes_too_many": _l("Too many changes at once. Save up to %(maximum)s at a time."),
    "row_length_invalid": _l("Enter a number of booths from 1 to %(maximum)s."),
    "price_invalid": _l("Enter a price of 0 or more."),
    "hold_in_the_past": _l("Choose a time in the future."),
    "svg_invalid": _l("We cannot read this file as an SVG drawing. Export it as plain SVG and upload it again."),
    "svg_too_large": _l("This drawing is too large. Up to %(megabytes)s MB and %(elements)s shapes are supported."),
    "svg_without_booths": _l(
        "This drawing has no shapes that could be booths. Give rectangles, polygons or paths an ID or a title."
    ),
}
