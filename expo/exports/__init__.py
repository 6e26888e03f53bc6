"""Export runs: large files that the worker prepares for one person.

A run is a row with a state. Its file is stored in a separate table, can be downloaded for an hour by the person who
requested it and nobody else, and is then deleted. Only the job of its kind knows the content; this domain knows who
requested it, its progress and when it expires.
"""
