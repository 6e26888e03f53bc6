"""Papers: badges, programmes, QR codes. Frozen dataclasses in, bytes out.

Nothing here knows a table, a request or a translation: whoever calls hands over the words that are to stand on the
paper. ReportLab and qrcode are imported on this floor alone. Fonts are read on first use and kept for the process.
"""
