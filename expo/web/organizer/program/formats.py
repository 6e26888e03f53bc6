"""The formats in which the programme can be exported."""

from expo.web.kit.downloads import CONTENT_TYPES

# Name → (end of the file name, media type).
FORMATS = {
    "frab-xml": ("xml", "application/xml"),
    "frab-json": ("json", "application/json"),
    "json": ("opass.json", "application/json"),
    "pretalx": ("pretalx.json", "application/json"),
    "sessionize": ("sessionize.json", "application/json"),
    "sessionize-grid": ("sessionize-grid.json", "application/json"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "xlsx": ("xlsx", CONTENT_TYPES["xlsx"]),
    "ics": ("ics", "text/calendar; charset=utf-8"),
    "pdf": ("pdf", "application/pdf"),
}
