"""Papers: badges, programmes, QR codes. Frozen dataclasses in, bytes out.

Nothing here knows a table, a request or a translation: the caller supplies every word to be printed. ReportLab and
qrcode are imported on this floor alone. Fonts are read on first use and cached for the process.
"""
