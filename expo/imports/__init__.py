"""Import runs: uploaded files, from upload and preview to the result.

A run is a row with a kind and a state. The worker reads the file and stores its findings (`ready`), a person starts the
import, and the worker imports it: attendees in batches of rows, a schedule or a list of companies as a whole, always in
one transaction with the run's position. A killed worker therefore resumes where it stopped, and no row is imported
twice. Only the flow of its kind knows what a row means; this domain knows files, positions, counts and faults.
"""
