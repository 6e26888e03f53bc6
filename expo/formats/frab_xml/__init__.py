"""Schedules as frab (pentabarf) XML: https://c3voc.de/wiki/schedule."""

from expo.formats.frab_xml.reading import PLACES, read_frab_xml
from expo.formats.frab_xml.writing import write_frab_xml

__all__ = ["PLACES", "read_frab_xml", "write_frab_xml"]
