"""Vendored code is what its authors published: the library for signatures must be the one that was audited."""

from hashlib import sha256

from expo.web.kit.pages import SIGNATURE_LIBRARY, STATIC

# SHA-256 of the files of the npm packages `@noble/curves` 1.6.0 and `@noble/hashes` 1.5.0 (folder `esm`).
PUBLISHED = {
    "noble-curves-1.6.0/abstract/curve.js": "29cb2d3e05cf81ff079677b56bbae132fcfe519d1f5fd50b1090e74f11d6f8fd",
    "noble-curves-1.6.0/abstract/edwards.js": "c277e97f079a6972bc26765fb12f88067f2a48f17d280215e051c259ab416412",
    "noble-curves-1.6.0/abstract/hash-to-curve.js": "73656461f62eb30c3bc70371dd3bd0138685aae9d560e7cb7f56035d20594b45",
    "noble-curves-1.6.0/abstract/modular.js": "3ae6373338bd37707ecb81c6b0e8fd06293f06deba36b28f8a4685921dd530ce",
    "noble-curves-1.6.0/abstract/montgomery.js": "7965c9a7b8d6faa5114fb33531b39314040c5aeddb2f6a825a4ea86bf648b82c",
    "noble-curves-1.6.0/abstract/utils.js": "302d8028fac12eee9f7332f5c774996d5b6a14cc1aa83b95cf0e287262b7f0b0",
    "noble-curves-1.6.0/ed25519.js": "7e3fe66003dec57b6e0e2818b9dec6325025150ada7a8d20e605fd5c8aa24aaa",
    "noble-hashes-1.5.0/_assert.js": "b32ab2fad690f26bccc440ee4251879fd327871ded8ee22e344e0b985f121f7d",
    "noble-hashes-1.5.0/_md.js": "a68964dae10647550e342326b431100c649387dbe23ec4d3799a1dc1f84fbe51",
    "noble-hashes-1.5.0/_u64.js": "25a28c13f59b354b981f44c647a35e69df7775fbae5e549d966f7b1d519ea22e",
    "noble-hashes-1.5.0/crypto.js": "9211d026c5d21e60e0126dd6f01150d87da5ba7261b8f468215c1264372ff5a5",
    "noble-hashes-1.5.0/sha512.js": "1300b555013644847247b80799f27c8d97bfff5e1aa356c6af7ddad3b14c7236",
    "noble-hashes-1.5.0/utils.js": "64cf850dde3aa9e5bd335904d3a326f971487159e43419a511240651c26f9444",
}
# A browser resolves files, not packages: these imports differ from the published ones, and nothing else.
IMPORTS = {
    "noble-curves-1.6.0/ed25519.js": (
        ("'../noble-hashes-1.5.0/sha512.js'", "'@noble/hashes/sha512'"),
        ("'../noble-hashes-1.5.0/utils.js'", "'@noble/hashes/utils'"),
    ),
    "noble-hashes-1.5.0/utils.js": (("'./crypto.js'", "'@noble/hashes/crypto'"),),
}


def test_library_for_signatures_when_read_then_is_as_published_except_for_imports() -> None:
    found = {}
    for name in PUBLISHED:
        text = (STATIC / "vendor" / name).read_text(encoding="utf-8")
        for ours, theirs in IMPORTS.get(name, ()):
            assert text.count(ours) == 1
            text = text.replace(ours, theirs)
        found[name] = sha256(text.encode()).hexdigest()

    assert found == PUBLISHED
    assert set(SIGNATURE_LIBRARY) == {f"vendor/{name}" for name in PUBLISHED}
