"""Checkpoints, scans and verdicts: who is admitted, where, and only once.

Every scan is stored as a row, whatever its verdict. Scans are processed in batches that lock their badges, so the same
badge scanned at two gates of a zone at the same moment is admitted once. Repeating a `scan_id` returns the same answer
without a second row.

NOUNS lists the file names allowed in this domain's packages.
"""

NOUNS = (
    "zones",
    "checkpoints",
    "scans",
    "verdicts",
    "batches",
    "undo",
    "passages",
    "admissions",
    "presence",
    "days",
    "figures",
    "arrivals",
    "day_counts",
    "attendance",
    "occupancy",
    "alarms",
    "control_room",
    "discrepancies",
    "devices",
    "holders",
    "snapshots",
    "records",
    "facts",
    "reasons",
    "trees",
    "needs",
    "judging",
    "validation",
    "hubs",
    "hall_devices",
    "copies",
)
