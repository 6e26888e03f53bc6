"""Lines of text in any script, typeset and drawn on a ReportLab canvas.

ReportLab alone does not reorder Hebrew or join Arabic. Here a text becomes a `Line`: normalized (NFC), split into runs
by direction and typeface, shaped, and put in visual order. A text that must fit a box becomes lines of one size.
"""

from expo.documents.text.characters import name_unprintable, unprintable
from expo.documents.text.direction import is_right_to_left
from expo.documents.text.drawing import baseline_offset, draw_block, draw_line, write_line
from expo.documents.text.fitting import Fitted, fit_text, wrap_text
from expo.documents.text.lines import Line, set_line

__all__ = [
    "Fitted",
    "Line",
    "baseline_offset",
    "draw_block",
    "draw_line",
    "fit_text",
    "is_right_to_left",
    "name_unprintable",
    "set_line",
    "unprintable",
    "wrap_text",
    "write_line",
]
