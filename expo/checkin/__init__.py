"""Checkpoints, scans and verdicts: who is admitted, where, and only once.

Every scan is stored as a row, whatever its verdict. An admission is one conditional statement on `presence`, so the
same badge scanned at two gates at the same moment is admitted once. Repeating a `scan_id` returns the same answer
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
    "attendance",
    "occupancy",
    "alarms",
    "control_room",
    "discrepancies",
    "devices",
    "snapshots",
    "records",
    "facts",
    "reasons",
    "trees",
    "judging",
    "validation",
)
