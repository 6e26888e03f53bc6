"""Printed documents: badges, programmes, QR codes. Frozen dataclasses in, bytes out.

This floor knows no tables, requests or translations: the caller supplies every text to print. ReportLab and qrcode are
imported only here. Fonts are read on first use and cached for the process.
"""
