"""Import runs: an uploaded file on its way from the upload over the preview to the result.

A run is a row with a state. The worker reads the file and stores what it found (`ready`), a person starts it, and
the worker takes batches of rows, each in one transaction with the run's position: a killed worker is continued
where it stopped, and no row is taken twice. What a row means is known to the flow of its kind; this domain knows
files, positions, counts and faults.
"""
