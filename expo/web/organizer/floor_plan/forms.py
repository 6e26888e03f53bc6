"""Forms of floor plans: the hall, its background, a row of booths, one booth, and who gets it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DecimalField,
    FloatField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from expo.exhibitors.queries import BoothCompany, BoothRow, HallPlan
from expo.exhibitors.rules import (
    MAX_BOOTH_LENGTH,
    MAX_SIDE,
    Geometry,
    PlanRequest,
    StructureKind,
    check_corners,
    check_geometry,
    read_structures,
)
from expo.exhibitors.services import RowRequest
from expo.exhibitors.services.booths import MAX_ROW
from expo.pure.plane import Box
from expo.web.forms.row_fields import Row, RowsField
from expo.web.kit.choices import as_choices
from expo.web.kit.language import lazy_pgettext
from expo.web.kit.text_fields import moment_field
from expo.web.kit.uploads import FileField

METRES = {"inputmode": "decimal", "step": "0.01"}
MAX_CORNERS_LENGTH = 2000
_REQUIRED = _l("Enter a number.")
DIRECTIONS = [("across", _l("To the right")), ("down", lazy_pgettext("direction", "Down"))]


def _metres(label: Any, description: Any = "", **options: Any) -> FloatField:
    validators = [InputRequired(_REQUIRED), NumberRange(-MAX_SIDE * 5, MAX_SIDE * 5)]
    return FloatField(label, description=description, validators=validators, render_kw=METRES, **options)


class StructuresField(RowsField):
    """Walls, obstacles, entrances and passages, one a row. A wall extends from its position by its width and depth."""

    columns: ClassVar[tuple[str, ...]] = ("kind", "x", "y", "width", "depth", "label", "to")

    @staticmethod
    def of(structures: Sequence[Mapping[str, Any]]) -> list[Row]:
        """Return stored structures as rows."""
        rows: list[Row] = []
        for each in structures:
            if each["kind"] == StructureKind.OUTLINE:
                continue
            x, y = each.get("x", each.get("x1", 0)), each.get("y", each.get("y1", 0))
            width, depth = each.get("width", ""), each.get("depth", "")
            if each["kind"] == StructureKind.WALL:
                width, depth = round(each["x2"] - x, 2), round(each["y2"] - y, 2)
            rows.append(
                (
                    each["kind"],
                    f"{x:g}",
                    f"{y:g}",
                    _plain(width),
                    _plain(depth),
                    each.get("label", ""),
                    each.get("to", ""),
                )
            )
        return rows

    def is_filled(self, row: Row) -> bool:
        """Return whether a kind is chosen."""
        return bool(row[0])

    def to_structures(self) -> tuple[dict[str, Any], ...]:
        """Return the rows as the rules expect them, which check every figure."""
        return tuple(self._structure(row) for row in self.data)

    @staticmethod
    def _structure(row: Row) -> dict[str, Any]:
        kind, *figures, label, to = row
        x, y, width, depth = (each.replace(",", ".") for each in figures)
        if kind == StructureKind.WALL:
            try:
                end = float(x) + float(width or 0), float(y) + float(depth or 0)
            except ValueError:
                end = (float("nan"), float("nan"))
            return {"kind": kind, "x1": x, "y1": y, "x2": end[0], "y2": end[1]}
        return {"kind": kind, "x": x, "y": y, "width": width, "depth": depth, "label": label, "to": to}


def corners_field(label: Any, description: Any) -> TextAreaField:
    """Return a field of the corners of a polygon, one a line."""
    kw = {"rows": 5, "dir": "ltr", "inputmode": "text"}
    return TextAreaField(label, description=description, validators=[Length(max=MAX_CORNERS_LENGTH)], render_kw=kw)


def corners_to_text(corners: Sequence[Sequence[float]]) -> str:
    """Return corners as they are entered."""
    return "\n".join(f"{x:g} {y:g}" for x, y in corners)


def text_to_corners(text: str | None) -> list[list[str]]:
    """Return what was entered as corners; the rules check every figure."""
    return [line.replace(";", " ").split() for line in (text or "").splitlines() if line.strip()]


def _read_version(text: str | None) -> int:
    """Return a version; one that cannot be read is that of no row."""
    return int(text) if text and text.isdecimal() and text.isascii() else -1


def _plain(value: Any) -> str:
    return f"{value:g}" if value != "" else ""


class PlanForm(FlaskForm):  # type: ignore[misc]
    """The size of a hall, its position on the site, and the structures in it."""

    version = HiddenField()
    width = _metres(_l("Width in metres"))
    depth = _metres(_l("Depth in metres"))
    x = _metres(_l("From the left of the site, in metres"), default=0)
    y = _metres(_l("From the top of the site, in metres"), default=0)
    structures = StructuresField(_l("Walls, entrances and passages"))
    outline = corners_field(
        _l("Corners of the hall"),
        _l("Only for a hall that is not a rectangle: one corner on each line, in metres from the left and the top."),
    )

    @classmethod
    def of(cls, plan: HallPlan) -> "PlanForm":
        """Return the form filled in with the plan, or with what was just submitted."""
        data: dict[str, Any] = {"version": str(plan.version), "x": plan.x, "y": plan.y}
        if plan.is_drawn:
            data |= {"width": plan.width, "depth": plan.depth, "structures": StructuresField.of(plan.structures)}
            data["outline"] = corners_to_text(read_structures(plan.structures).outline)
        return cls(data=data)

    def to_request(self) -> PlanRequest:
        """Return the submitted values as a service request."""
        size = self.width.data or 0, self.depth.data or 0
        structures = self.structures.to_structures()
        if self.outline.data:
            corners = check_corners(text_to_corners(self.outline.data), (0, 0), size)
            structures += ({"kind": StructureKind.OUTLINE.value, "points": corners},)
        return PlanRequest(*size, self.x.data or 0, self.y.data or 0, structures)

    def seen_version(self) -> int:
        """Return the version that the person saw."""
        return _read_version(self.version.data)


class BackgroundForm(FlaskForm):  # type: ignore[misc]
    """A picture or drawing of the hall."""

    file = FileField(
        _l("Drawing or picture"),
        description=_l("SVG, JPEG, PNG or WebP. It is stretched to the size of the hall."),
        validators=[InputRequired(_l("Choose a file."))],
        render_kw={"accept": ".svg,.jpg,.jpeg,.png,.webp"},
    )
    makes_booths = BooleanField(
        _l("Create booths from the named shapes of an SVG"),
        description=_l("Rectangles, polygons and paths whose ID or title is a booth number."),
    )
    width = FloatField(
        _l("Width of the drawing in metres"),
        description=_l("Only needed to create booths. The hall gets this width."),
        validators=[Optional(), NumberRange(1, MAX_SIDE)],
        render_kw=METRES,
    )


class ArrangeForm(FlaskForm):  # type: ignore[misc]
    """The button that arranges booths."""

    everything = BooleanField(_l("Also move booths that already have a place"))


class RowForm(FlaskForm):  # type: ignore[misc]
    """A row of equal booths."""

    prefix = StringField(_l("Prefix"), description=_l("Such as A- for A-01, A-02."), validators=[Length(max=80)])
    start = IntegerField(_l("First number"), default=1, validators=[InputRequired(_REQUIRED), NumberRange(0, 99999)])
    step = IntegerField(
        _l("Count by"),
        description=_l("2 for rows of odd or even numbers."),
        default=1,
        validators=[InputRequired(_REQUIRED), NumberRange(1, 100)],
    )
    count = IntegerField(_l("Number of booths"), validators=[InputRequired(_REQUIRED), NumberRange(1, MAX_ROW)])
    width = _metres(_l("Width of a booth in metres"), default=3)
    depth = _metres(_l("Depth of a booth in metres"), default=3)
    x = _metres(_l("From the left, in metres"))
    y = _metres(_l("From the top, in metres"))
    gap = _metres(_l("Gap between booths in metres"), default=0)
    direction = SelectField(_l("Direction"), choices=as_choices(DIRECTIONS))
    price = DecimalField(_l("Price of a booth"), validators=[Optional(), NumberRange(0)], places=2)

    def to_request(self) -> RowRequest:
        """Return the submitted values as a service request."""
        return RowRequest(
            prefix=self.prefix.data or "",
            start=self.start.data or 0,
            step=self.step.data or 1,
            count=self.count.data or 0,
            place=Box(self.x.data or 0, self.y.data or 0, self.width.data or 0, self.depth.data or 0),
            gap=self.gap.data or 0,
            is_vertical=self.direction.data == "down",
            price=int(self.price.data * 100) if self.price.data is not None else None,
        )


class BoothForm(FlaskForm):  # type: ignore[misc]
    """A booth's number, place and price."""

    version = HiddenField()
    code = StringField(
        _l("Booth number"),
        validators=[InputRequired(_l("Enter a booth number.")), Length(max=MAX_BOOTH_LENGTH)],
        render_kw={"dir": "auto"},
    )
    x = FloatField(_l("From the left, in metres"), validators=[Optional()], render_kw=METRES)
    y = FloatField(_l("From the top, in metres"), validators=[Optional()], render_kw=METRES)
    width = FloatField(_l("Width in metres"), validators=[Optional()], render_kw=METRES)
    depth = FloatField(_l("Depth in metres"), validators=[Optional()], render_kw=METRES)
    rotation = IntegerField(_l("Rotation in degrees"), default=0, validators=[Optional(), NumberRange(-360, 360)])
    outline = corners_field(
        _l("Corners"),
        _l("Only for a booth that is not a rectangle: one corner on each line, in metres from the left and the top."),
    )
    price = DecimalField(_l("Price"), validators=[Optional(), NumberRange(0)], places=2)

    @classmethod
    def of(cls, booth: BoothRow | None) -> "BoothForm":
        """Return the form filled in with the booth, or with what was just submitted."""
        if booth is None:
            return cls(data={"version": "0", "width": 3, "depth": 3})
        data: dict[str, Any] = {"version": str(booth.version), "code": booth.code}
        if booth.place:
            box = booth.place.box
            data |= {"x": box.x, "y": box.y, "width": box.width, "depth": box.depth, "rotation": booth.place.rotation}
            data["outline"] = corners_to_text(booth.place.polygon)
        if booth.price is not None:
            data["price"] = booth.price / 100
        return cls(data=data)

    def to_place(self) -> Geometry | None:
        """Return the place: the corners if there are any, else the rectangle; None without either. Raises Invalid."""
        corners = text_to_corners(self.outline.data)
        if corners:
            return check_geometry({"polygon": corners})
        values = {name: self[name].data for name in ("x", "y", "width", "depth", "rotation")}
        return check_geometry(values) if values["x"] is not None or values["y"] is not None else None

    def price_in_cents(self) -> int | None:
        """Return the price in the minor unit."""
        return int(self.price.data * 100) if self.price.data is not None else None

    def seen_version(self) -> int:
        """Return the version that the person saw."""
        return _read_version(self.version.data)


class CompanyForm(FlaskForm):  # type: ignore[misc]
    """The company that gets a booth, or shares it."""

    slug = SelectField(_l("Exhibitor"))

    def offer(self, companies: list[BoothCompany], nobody: str) -> None:
        """Set the choices; `nobody` is chosen first, so that no company gets a booth by mistake."""
        self.slug.choices = as_choices([("", nobody), *((each.slug, each.name) for each in companies)])


class HoldForm(CompanyForm):
    """The company that a booth is held for, if any, and until when."""

    until = moment_field(
        _l("Until"), _l("After this time, the booth is free again. Leave empty to hold it until you release it.")
    )


def kinds_in_words() -> list[tuple[str, str]]:
    """Return the kinds of structures with their names."""
    return [
        (StructureKind.WALL.value, _("Wall")),
        (StructureKind.OBSTACLE.value, _("Obstacle")),
        (StructureKind.ENTRANCE.value, _("Entrance")),
        (StructureKind.PASSAGE.value, _("Passage to another hall")),
    ]
