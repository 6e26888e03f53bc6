"""An exhibitor's leads: the list, one lead, questions, exports, and the scanner."""
