"""Limits of a company's documents. Pure."""

MAX_DOCUMENTS = 20
MAX_DOCUMENT_TITLE_LENGTH = 200
