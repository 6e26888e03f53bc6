"""Display text of spreadsheet cells: a number in its number format, according to ECMA-376 18.8.30."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

# Formats that files identify only by number. Those that depend on the reader's region are shown as ISO dates.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
# 27 to 36 and 50 to 58 are dates in East Asian editions, with different texts in each.
_EAST_ASIAN_DATES = frozenset({*range(27, 32), 36, *range(50, 55), 57, 58})
_EAST_ASIAN_TIMES = frozenset({32, 33, 34, 35, 55, 56})
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)'
    r"|\[(?P<elapsed>h+|m+|s+)\]|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>General)|(?P<half>AM/PM|A/P|上午/下午)|(?P<exponent>E[+-]0+)"
    r"|(?P<date>y+|e+|m+|d+|h+|s+(?:\.0+)?|a{3,4})|(?P<digits>[0#?][0#?,. ]*[0#?,]|[0#?])"
    r"|(?P<fraction>/\s?[0-9?#]+)|(?P<text>@)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[\d.]+)")
# No date of a spreadsheet is later than the last day of 9999.
_LAST_DAY = 2_958_466
_SIGNIFICANT = 15


def built_in_format(number: int) -> str:
    """Return the built-in format with this number."""
    if number in _EAST_ASIAN_DATES:
        return "yyyy-mm-dd"
    return "h:mm:ss" if number in _EAST_ASIAN_TIMES else BUILT_IN.get(number, "General")


def show_number(value: float, number_format: str, *, from_1904: bool = False) -> str:
    """Return the text shown for a number in a format; an invalid format counts as General."""
    sections = _sections(number_format)
    tokens, is_absolute = _choose(sections, value)
    kinds = {kind for kind, _ in tokens}
    if kinds & {"date", "elapsed", "half"} and "general" not in kinds:
        return _show_moment(value, tokens, from_1904=from_1904)
    shown = abs(value) if is_absolute else value
    if "text" in kinds or not tokens or not kinds & {"digits", "general"}:
        literal = _literals(tokens)
        return literal if literal and "text" not in kinds else show_general(value)
    if "general" in kinds:
        return "".join(show_general(shown) if kind == "general" else _literal(kind, text) for kind, text in tokens)
    if "fraction" in kinds:
        return _show_fraction(shown, tokens)
    return _show_digits(shown, tokens)


def show_general(value: float) -> str:
    """Return a number as it would be typed: without a needless decimal point or binary rounding noise."""
    if value == int(value) and abs(value) < 10**_SIGNIFICANT:
        return str(int(value))
    text = f"{value:.{_SIGNIFICANT}g}"
    return format(Decimal(text), "f") if "e" in text and abs(value) >= 1e-9 else text  # noqa: PLR2004 - as Excel does


def is_date_format(number_format: str) -> bool:
    """Return whether a cell of this format shows a date or a time."""
    tokens = _sections(number_format)[0]
    kinds = {kind for kind, _ in tokens}
    return bool(kinds & {"date", "elapsed", "half"}) and "general" not in kinds


@lru_cache(maxsize=512)
def _sections(number_format: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    sections: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(number_format[:255]):
        kind = match.lastgroup or "other"
        text = match.group(kind)
        if kind == "other" and text == ";":
            sections.append([])
        else:
            sections[-1].append((kind, text))
    return tuple(tuple(each) for each in sections)


def _choose(
    sections: tuple[tuple[tuple[str, str], ...], ...], value: float
) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Return the section for a value, and whether the section itself expresses the sign."""
    conditions = [
        next((found for kind, text in each if kind == "bracket" and (found := _CONDITION.fullmatch(text))), None)
        for each in sections
    ]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _satisfies(value, condition.group(1), float(condition.group(2))):
                return section, False
        return sections[-1], False
    numeric = sections[:3]
    if value < 0 and len(numeric) > 1:
        return numeric[1], True
    if value == 0 and len(numeric) > 2:  # noqa: PLR2004 - positive; negative; zero
        return numeric[2], False
    return numeric[0], False


def _satisfies(value: float, sign: str, other: float) -> bool:
    return {
        "<": value < other,
        "<=": value <= other,
        ">": value > other,
        ">=": value >= other,
        "=": value == other,
        "<>": value != other,
    }[sign]


def _literal(kind: str, text: str) -> str:
    if kind in {"quoted", "escaped", "currency"}:
        return text
    if kind == "space":
        return " "
    return text if kind == "other" else ""


def _literals(tokens: tuple[tuple[str, str], ...]) -> str:
    return "".join(_literal(kind, text) for kind, text in tokens)


def _show_digits(value: float, tokens: tuple[tuple[str, str], ...]) -> str:
    """Fill the digits into the placeholders: zeros pad, and literals between placeholders stay in place (`0-00`)."""
    exponent = next((text for kind, text in tokens if kind == "exponent"), None)
    places = "".join(text for kind, text in tokens if kind == "digits")
    has_percent = any(kind == "other" and text == "%" for kind, text in tokens)
    whole_places, dot, decimal_places = _dotted(tokens, places)
    grouped = bool(re.search(r"[0#?],+[0#?]", whole_places))
    thousands = len(places) - len(places.rstrip(","))
    number = Decimal(repr(float(value)))
    if has_percent:
        number *= 100
    number /= Decimal(1000) ** thousands
    power = 0
    if exponent is not None and number:
        power = number.adjusted()
        number = number.scaleb(-power)
    decimals = len(re.sub(r"[^0#?]", "", decimal_places))
    rounded = (
        abs(number).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) if number.is_finite() else number
    )
    whole, _, fraction = format(rounded, "f").partition(".")
    needed = whole_places.count("0")
    whole = whole.lstrip("0").rjust(needed, "0")
    least = len(re.sub(r"[^0]", "", decimal_places))
    while len(fraction) > least and fraction.endswith("0"):
        fraction = fraction[:-1]
    sign = "-" if number < 0 and rounded else ""
    if grouped:
        whole = re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", whole)
    filled = _fill(tokens, whole, fraction, dot, grouped=grouped)
    if exponent is not None:
        filled += f"E{'-' if power < 0 else '+' if exponent[1] == '+' else ''}{abs(power):0{len(exponent) - 2}d}"
    return sign + filled


def _dotted(tokens: tuple[tuple[str, str], ...], places: str) -> tuple[str, bool, str]:
    """Return the placeholders before and after the decimal point."""
    if "." in places:
        whole, _, decimals = places.partition(".")
        return whole, True, decimals
    before, after, passed = "", "", False
    for kind, text in tokens:
        if kind == "other" and text == ".":
            passed = True
        elif kind == "digits" and passed:
            after += text
        elif kind == "digits":
            before += text
    return (before, True, after) if passed and before else (places, False, "")


def _fill(
    tokens: tuple[tuple[str, str], ...],
    whole: str,
    fraction: str,
    dot: bool,  # noqa: FBT001 - from the format
    *,
    grouped: bool,
) -> str:
    """Return the tokens with the digits filled in, those of the integer part from the right."""
    parts: list[str] = []
    places_left = sum(
        len(re.sub(r"[^0#?]", "", text.partition(".")[0])) for kind, text in _before_point(tokens) if kind == "digits"
    )
    rest, decimals_left, passed = whole, fraction, False
    for kind, text in tokens:
        if kind == "other" and text == "." and dot:
            passed = True
            parts.append("." if decimals_left else "")
        elif kind != "digits":
            parts.append("" if kind in {"exponent", "bracket", "fill"} else _literal(kind, text))
        elif passed:
            count = len(re.sub(r"[^0#?]", "", text))
            parts.append(decimals_left[:count])
            decimals_left = decimals_left[count:]
        else:
            before, point, after = text.partition(".")
            count = len(re.sub(r"[^0#?]", "", before))
            places_left -= count
            # Thousands separators appear among the digits, so such a format has one block of placeholders.
            take = len(rest) if grouped or places_left <= 0 else max(len(rest) - places_left, 0)
            parts.append(rest[:take])
            rest = rest[take:]
            if point:
                passed = True
                count = len(re.sub(r"[^0#?]", "", after))
                parts.append("." + decimals_left[:count] if decimals_left or "0" in after else "")
                decimals_left = decimals_left[count:]
    return "".join(parts)


def _before_point(tokens: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    found = []
    for kind, text in tokens:
        if kind == "other" and text == ".":
            break
        found.append((kind, text))
        if kind == "digits" and "." in text:
            break
    return found


def _show_fraction(value: float, tokens: tuple[tuple[str, str], ...]) -> str:
    below = next(text[1:].strip() for kind, text in tokens if kind == "fraction")
    whole, rest = divmod(abs(value), 1)
    if below.isdigit():
        top, bottom = round(rest * int(below)), int(below)
    else:
        part = Fraction(rest).limit_denominator(10 ** len(below) - 1)
        top, bottom = part.numerator, part.denominator
    has_whole = sum(kind == "digits" for kind, _ in tokens) > 1 or any(
        kind == "digits" and " " in text.strip() for kind, text in tokens
    )
    sign = "-" if value < 0 else ""
    if not has_whole:
        return f"{sign}{top + int(whole) * bottom}/{bottom}"
    if top == bottom:
        whole, top = whole + 1, 0
    parts = [str(int(whole)) if whole or not top else "", f"{top}/{bottom}" if top else ""]
    return sign + " ".join(part for part in parts if part)


def _show_moment(value: float, tokens: tuple[tuple[str, str], ...], *, from_1904: bool) -> str:
    if not 0 <= value < _LAST_DAY:
        return show_general(value)
    moment = _moment_of(value, tokens, from_1904=from_1904)
    is_half = any(kind == "half" for kind, _ in tokens)
    parts = []
    for place, (kind, text) in enumerate(tokens):
        if kind == "date":
            parts.append(_part_of_moment(moment, text.casefold(), _is_minute(tokens, place), is_half=is_half))
        elif kind == "elapsed":
            seconds = round(value * 86_400)
            unit = {"h": 3600, "m": 60, "s": 1}[text[0].casefold()]
            parts.append(str(seconds // unit).rjust(len(text), "0"))
        elif kind == "half":
            before, after = text.split("/")
            parts.append(before if moment.hour < 12 else after)  # noqa: PLR2004 - noon
        elif kind in {"digits", "fraction"}:
            parts.append(text)
        else:
            parts.append(_literal(kind, text))
    return "".join(parts).strip()


def _moment_of(value: float, tokens: tuple[tuple[str, str], ...], *, from_1904: bool) -> datetime:
    has_fraction = any(kind == "date" and "." in text for kind, text in tokens)
    seconds = round(value * 86_400, 3 if has_fraction else 0)
    # Day 60 is 29 February 1900, which did not exist.
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 31 if value < 60 else 30)  # noqa: DTZ001, PLR2004
    return start + timedelta(seconds=seconds)


def _is_minute(tokens: tuple[tuple[str, str], ...], place: int) -> bool:
    """Return whether an `m` means minutes: after hours, or before seconds."""
    times = [(at, text[0].casefold()) for at, (kind, text) in enumerate(tokens) if kind in {"date", "elapsed"}]
    at = next(number for number, (where, _) in enumerate(times) if where == place)
    before = times[at - 1][1] if at else ""
    after = times[at + 1][1] if at + 1 < len(times) else ""
    return before == "h" or after == "s"


def _part_of_moment(moment: datetime, text: str, is_minute: bool, *, is_half: bool) -> str:  # noqa: FBT001
    length, letter = len(text), text[0]
    if letter in {"y", "e"}:
        return f"{moment.year % 100:02d}" if letter == "y" and length <= 2 else str(moment.year)  # noqa: PLR2004
    if letter == "m" and not is_minute:
        month = _MONTHS[moment.month - 1]
        return (str(moment.month), f"{moment.month:02d}", month[:3], month, month[0])[min(length, 5) - 1]
    if letter in {"d", "a"}:
        day = _DAYS[moment.weekday()]
        return (str(moment.day), f"{moment.day:02d}", day[:3], day)[min(length, 4) - 1]
    if letter == "s" and "." in text:
        whole, _, decimals = text.partition(".")
        fraction = f"{moment.microsecond:06d}"[: len(decimals)]
        return f"{moment.second:0{len(whole)}d}.{fraction}"
    hour = (moment.hour % 12 or 12) if is_half else moment.hour
    number = {"h": hour, "m": moment.minute, "s": moment.second}[letter]
    return f"{number:0{min(length, 2)}d}"
