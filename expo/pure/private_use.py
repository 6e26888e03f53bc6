"""Private-use code points of older Chinese software for characters that Unicode did not have yet.

GB 18030-2000 assigned U+E815 to U+E864 to characters in names such as 䶮, which have since got code points of their
own. Old input methods still produce the private ones, which other typefaces do not have.
"""

# Python's codec maps most of them; these were added by GB 18030-2005 and 2022.
_LATER = {
    0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7,
    0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE855: 0x241FE, 0xE864: 0x9FBB,
    0xE78D: 0xFE10, 0xE78E: 0xFE12, 0xE78F: 0xFE11, 0xE790: 0xFE13, 0xE791: 0xFE14, 0xE792: 0xFE15, 0xE793: 0xFE16,
    0xE794: 0xFE17, 0xE795: 0xFE18, 0xE796: 0xFE19,
}  # fmt: skip
_TRAILS = [trail for trail in range(0x50, 0xA1) if trail != 0x7F]  # noqa: PLR2004 - no second byte
_BY_CODEC = {0xE815 + at: ord(bytes([0xFE, trail]).decode("gb18030")) for at, trail in enumerate(_TRAILS)}
_PUBLIC = {code: public for code, public in (_BY_CODEC | _LATER).items() if code != public}


def replace_private_use_characters(text: str) -> str:
    """Replace each such character with its standard code point."""
    return text.translate(_PUBLIC)
