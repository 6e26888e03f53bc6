"""Ed25519 signatures of every kind, also those that a library for signing does not make: for comparing verifiers.

The curve's arithmetic is written out as in RFC 8032, section 5.1, because libraries offer no points of small order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha512
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Point = tuple[int, int]

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
IDENTITY: Point = (0, 1)
COFACTOR = 8
_ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
_SEED = 20270526
_SIGN_BIT = 0x80


@dataclass(frozen=True)
class SignatureCase:
    """A signature of a message, and the key to verify it with. `is_own_key`: an honestly generated key."""

    name: str
    signature: bytes
    message: bytes
    key: bytes
    is_own_key: bool = True


@dataclass(frozen=True)
class _Signer:
    scalar: int
    point: Point

    @property
    def key(self) -> bytes:
        return encode(self.point)

    def sign(self, message: bytes, nonce: int, at: bytes, key: bytes | None = None) -> bytes:
        """Return the signature with a point that is encoded as given, and whose multiple of the base is the nonce."""
        challenge = challenge_of(at, key or self.key, message)
        return at + _number((nonce + challenge * self.scalar) % ORDER)


def list_cases() -> list[SignatureCase]:
    """Return genuine, forged, damaged, malleable, non-canonical and small-order signatures, by distinct names."""
    random = Random(_SEED)  # noqa: S311 - test data
    cases = [*_plain_cases(random), *_crafted_points(random), *_foreign_keys(random)]
    assert len({each.name for each in cases}) == len(cases)
    return cases


def _plain_cases(random: Random) -> Iterator[SignatureCase]:
    for number in range(20):
        private, message = Ed25519PrivateKey.from_private_bytes(random.randbytes(32)), random.randbytes(12)
        key, other = private.public_key().public_bytes_raw(), random.randbytes(32)
        good = private.sign(message)
        point, scalar = good[:32], int.from_bytes(good[32:], "little")
        yield SignatureCase(f"genuine {number}", good, message, key)
        yield SignatureCase(f"other message {number}", good, bytes(12), key)
        other_key = Ed25519PrivateKey.from_private_bytes(other).public_key().public_bytes_raw()
        yield SignatureCase(f"other key {number}", good, message, other_key)
        place = random.randrange(64)
        flipped = bytes(each ^ (1 << random.randrange(8)) if at == place else each for at, each in enumerate(good))
        yield SignatureCase(f"one bit differs {number}", flipped, message, key)
        # The same signature in another form: every verifier must refuse it, or badges could be copied unnoticed.
        yield SignatureCase(f"scalar plus order {number}", point + _number(scalar + ORDER), message, key)
        yield SignatureCase(f"truncated {number}", good[: random.randrange(64)], message, key)
        yield SignatureCase(f"extended {number}", good + b"\0", message, key)
        yield SignatureCase(f"random {number}", random.randbytes(64), message, key)
    yield SignatureCase("empty", b"", b"", bytes(32), is_own_key=False)
    yield SignatureCase("zeros", bytes(64), bytes(12), bytes(32), is_own_key=False)


def _crafted_points(random: Random) -> Iterator[SignatureCase]:
    """Yield signatures whose point only the owner of a key can choose so."""
    signer, message = _new_signer(random), random.randbytes(12)
    nonce = random.randrange(1, ORDER)
    torsion = small_points()

    def made(name: str, at: bytes, nonce: int) -> SignatureCase:
        return SignatureCase(name, signer.sign(message, nonce, at), message, signer.key)

    yield made("point as usual", encode(multiply(nonce, BASE)), nonce)
    for number, small in enumerate(torsion):
        yield made(f"point with a part of small order {number}", encode(add(multiply(nonce, BASE), small)), nonce)
        yield made(f"point of small order {number}", encode(small), 0)
    for name, at in _odd_encodings():
        yield made(f"point {name}", at, 0)
    outside = next(each for each in range(2, 100) if not _is_on_curve(each))
    yield made("point not on the curve", _number(outside), nonce)
    beyond = signer.key[:31] + bytes([signer.key[31] | _SIGN_BIT])
    yield SignatureCase("scalar with high bits", encode(multiply(nonce, BASE)) + b"\xff" * 32, message, beyond)


def _foreign_keys(random: Random) -> Iterator[SignatureCase]:
    """Yield keys that nobody generates: their signatures verify for several messages, or in some libraries only."""
    nonce = random.randrange(1, ORDER)
    at = encode(multiply(nonce, BASE))
    for number, small in enumerate(small_points()):
        message = _find_message(random, at, encode(small))
        yield SignatureCase(f"key of small order {number}", at + _number(nonce), message, encode(small), False)
        signer = _new_signer(random)
        mixed = encode(add(signer.point, small))
        message = _find_message(random, at, mixed, is_multiple=small == IDENTITY)
        signature = signer.sign(message, nonce, at, mixed)
        yield SignatureCase(f"key with a part of small order {number}", signature, message, mixed, False)
    for name, key in _odd_encodings():
        message = _find_message(random, at, key)
        yield SignatureCase(f"key {name}", at + _number(nonce), message, key, False)
    yield SignatureCase("key too short", at + _number(nonce), b"", bytes(31), False)


def _odd_encodings() -> list[tuple[str, bytes]]:
    return [
        ("is the identity", _number(1)),
        ("is the identity with a sign", bytes([1, *bytes(30), _SIGN_BIT])),
        ("is the identity plus the prime", _number(P + 1)),
        ("has y = 0 plus the prime", _number(P)),
        ("has the highest y", _number(2**255 - 1)),
    ]


def _find_message(random: Random, at: bytes, key: bytes, *, is_multiple: bool = True) -> bytes:
    """Return a message whose challenge is a multiple of the cofactor, so that parts of small order vanish, or not."""
    while True:
        message = random.randbytes(12)
        if (challenge_of(at, key, message) % COFACTOR == 0) is is_multiple:
            return message


def _new_signer(random: Random) -> _Signer:
    scalar = random.randrange(1, ORDER)
    return _Signer(scalar, multiply(scalar, BASE))


def challenge_of(at: bytes, key: bytes, message: bytes) -> int:
    """Return what a signature depends on, as a number."""
    return int.from_bytes(sha512(at + key + message).digest(), "little") % ORDER


def add(one: Point, two: Point) -> Point:
    """Return the sum of two points; the formula is complete."""
    (x1, y1), (x2, y2) = one, two
    both = D * x1 * x2 * y1 * y2
    return (x1 * y2 + x2 * y1) * pow(1 + both, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - both, -1, P) % P


def multiply(times: int, point: Point) -> Point:
    """Return the multiple of a point."""
    total = IDENTITY
    while times:
        if times & 1:
            total = add(total, point)
        point, times = add(point, point), times >> 1
    return total


def encode(point: Point) -> bytes:
    """Return the 32 bytes of a point."""
    x, y = point
    return _number(y | (x & 1) << 255)


def small_points() -> list[Point]:
    """Return the eight points whose multiple by the cofactor is the identity."""
    y = 2
    while True:
        if _is_on_curve(y):
            point = multiply(ORDER, (_x_of(y), y))
            if multiply(COFACTOR // 2, point) != IDENTITY:
                return [multiply(times, point) for times in range(COFACTOR)]
        y += 1


def _x_of(y: int) -> int:
    """Return an x for a y on the curve; RFC 8032, section 5.1.3."""
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    return x if v * x * x % P == u else x * _ROOT_OF_MINUS_1 % P


def _is_on_curve(y: int) -> bool:
    x = _x_of(y)
    return (D * y * y + 1) * x * x % P == (y * y - 1) % P


def _number(value: int) -> bytes:
    return value.to_bytes(32, "little")


def _even(x: int) -> int:
    return x if x % 2 == 0 else P - x


_BASE_Y = 4 * pow(5, -1, P) % P
BASE: Point = (_even(_x_of(_BASE_Y)), _BASE_Y)
