"""Export runs: a large file that the worker prepares for one person.

A run is a row with a state. Its file is stored beside it, can be downloaded for an hour by the person who asked for
it and nobody else, and is deleted after that. What is in the file is known to the job of its kind; this domain knows
who asked, how far the worker is, and until when.
"""
