"""Names in any script: suggesting a Latin form, and building search texts that match any way of typing them.

A person has one name, as they write it. Search folds case, accents, width, traditional and simplified characters,
and adds the reading in Latin letters, so that "zhang", "Zhang Wei", "張偉" and "张" all find 张伟. In a search
text each word follows a space, and a word of a query finds words that begin with it (`LIKE '% zhang%'`).
"""

import functools
import hashlib
import itertools
import re
import unicodedata
from importlib.resources import files

from anyascii import anyascii

from expo.pure.readings import latin_letters, passport_syllables, read_syllables

# In longer runs without spaces (a company's full name) not every character starts a searchable word.
MAX_RUN = 24
# Longer texts and names of more words are only searched by their words.
MAX_JOINED_LENGTH = 100
MAX_JOINED_WORDS = 6
MAX_EASTERN_NAME = 4

# Family names of two characters; every other Chinese family name is the first character.
_DOUBLE_SURNAMES = frozenset(
    {
        "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "轩辕", "令狐", "慕容", "宇文",
        "长孙", "司徒", "司空", "夏侯", "南宫", "西门", "独孤", "端木", "申屠", "闻人", "澹台",
    }
)  # fmt: skip
# Characters with a special reading as a family name.
_SURNAME_READINGS = {
    "单": "Shan", "曾": "Zeng", "解": "Xie", "仇": "Qiu", "查": "Zha", "任": "Ren", "区": "Ou", "朴": "Piao",
    "翟": "Zhai", "覃": "Qin", "盖": "Ge", "华": "Hua", "乐": "Yue", "缪": "Miao", "召": "Shao", "折": "She",
    "员": "Yun", "秘": "Bi", "尉迟": "Yuchi", "长孙": "Zhangsun", "澹台": "Tantai",
}  # fmt: skip
# The usual romanizations of the most common Korean family names.
_KOREAN_SURNAMES = {
    "김": "Kim", "이": "Lee", "박": "Park", "최": "Choi", "정": "Jung", "강": "Kang", "조": "Cho", "윤": "Yoon",
    "장": "Jang", "임": "Lim", "한": "Han", "오": "Oh", "서": "Seo", "신": "Shin", "권": "Kwon", "황": "Hwang",
    "안": "Ahn", "송": "Song", "류": "Ryu", "유": "Yoo", "홍": "Hong", "전": "Jeon", "고": "Ko", "문": "Moon",
    "양": "Yang", "손": "Son", "배": "Bae", "백": "Baek", "허": "Heo", "남": "Nam", "심": "Shim", "노": "Noh",
    "우": "Woo", "구": "Koo",
}  # fmt: skip
# Scripts that omit most vowels or whose readings do not follow from the letters: better no suggestion.
_NOT_SUGGESTED = frozenset({"ARABIC", "HEBREW", "THAI", "SYRIAC", "LAO", "KHMER", "MYANMAR"})
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
_UMLAUT_SPELLING = re.compile("ae|oe|ue|aa")


@functools.cache
def _simplified() -> dict[int, str]:
    """Map traditional characters to their simplified forms."""
    lines = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {ord(pair[0]): pair[1].split(" ")[0] for pair in pairs if len(pair[0]) == 1}


@functools.lru_cache(maxsize=4096)
def script_of(char: str) -> str:
    """Return the script of a letter by the first word of its Unicode name: `LATIN`, `CJK`, `HANGUL` or such.

    Return an empty text for anything but a letter.
    """
    if not unicodedata.category(char).startswith("L"):
        return ""
    return unicodedata.name(char, "").split(" ")[0].split("-")[0]


def latin_form(name: str, language: str = "") -> str:
    """Suggest a romanization of a name; empty if it is already Latin or cannot be romanized by its letters.

    A Chinese name becomes "Zhang Wei", a Korean one "Kim Minjun"; Cyrillic, Greek and Indian scripts are written
    letter by letter. Nothing is suggested for Japanese names in kanji or for scripts without vowels.
    """
    name = unicodedata.normalize("NFKC", name).strip()
    scripts = {script_of(char) for char in name} - {""}
    if not scripts - {"LATIN"} or scripts & _NOT_SUGGESTED:
        return ""
    if "CJK" in scripts:
        if language == "ja" or scripts & {"HIRAGANA", "KATAKANA"}:
            return ""
        return " ".join(filter(None, (_latin_word(word) for word in re.split(r"[\s·・]+", name))))
    if scripts == {"HANGUL"}:
        return _latin_korean(name)
    return " ".join(word[:1].upper() + word[1:] for word in _spelled(name).split())


def _spelled(text: str) -> str:
    return " ".join(re.sub(r"[^\w .'-]+", "", anyascii(text)).split())


def _latin_word(word: str) -> str:
    if script_of(word[:1]) != "CJK":
        return _spelled(word)
    simplified = word.translate(_simplified())
    surname = simplified[:2] if simplified[:2] in _DOUBLE_SURNAMES and len(simplified) > 2 else simplified[:1]  # noqa: PLR2004
    given = simplified[len(surname) :]
    reading = _SURNAME_READINGS.get(surname) or anyascii(surname).capitalize()
    return f"{reading} {anyascii(given).capitalize()}".strip()


def _latin_korean(name: str) -> str:
    family, given = name[:1], "".join(name[1:].split())
    reading = _KOREAN_SURNAMES.get(family) or anyascii(family).capitalize()
    return f"{reading} {anyascii(given).capitalize()}".strip()


def fold(text: str) -> str:
    """Normalize a text so that width, case, accents, vowel signs, and 繁 and 简 do not matter."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", bare).translate(_simplified())


def _words(folded: str) -> list[str]:
    """Split at everything but letters and numbers, and between scripts without spaces and others."""
    words: list[str] = []
    spaced = "".join(char if unicodedata.category(char)[0] in "LNM" else " " for char in folded)
    for chunk in spaced.split():
        words.extend("".join(run) for _, run in itertools.groupby(chunk, key=_is_unspaced))
    return words


def _is_unspaced(char: str) -> bool:
    return script_of(char) in {"CJK", "HANGUL"}


def search_text(*parts: str) -> str:
    """Build a search text: every word of the parts in each way that someone may type it, each after a space."""
    found: dict[str, None] = {}
    for part in parts:
        if part.isascii():
            for word in re.findall("[a-z0-9]+", part.lower()):
                found.update(((word, None), (_UMLAUT_SPELLING.sub(lambda pair: pair[0][0], word), None)))
            continue
        spelled_out = "".join(_UMLAUTS.get(char, char) for char in unicodedata.normalize("NFC", part.casefold()))
        for word in itertools.chain(_words(fold(part)), _words(fold(spelled_out))):
            found.update(dict.fromkeys(_spellings(word)))
    found.pop("", None)
    return "".join(f" {word}" for word in found)


@functools.lru_cache(maxsize=4096)
def _spellings(word: str) -> tuple[str, ...]:
    if not _is_unspaced(word[0]):
        letters = latin_letters(word)
        return word, letters, _UMLAUT_SPELLING.sub(lambda found: found[0][0], letters)
    spellings = []
    syllables = read_syllables(word[:MAX_RUN])
    passport = passport_syllables(syllables)
    for start in range(len(syllables)):
        rest = word[start:MAX_RUN]
        # Each character separately as well: not every word is known, and some have both readings.
        spellings += [rest, latin_letters(rest), "".join(syllables[start:]), "".join(passport[start:])]
    surname = _KOREAN_SURNAMES.get(word[0]) or _SURNAME_READINGS.get(word[0])
    if surname:
        spellings += [surname.lower() + latin_letters(word[1:])]
    return tuple(spellings)


def joined_words(name: str, latin_name: str, company: str) -> str:
    """Return additional search words: adjacent words of a name joined, in both orders, and of the company.

    So "vanderberg" finds Jan van der Berg, "obrien" finds O'Brien, and "weizhang" finds Zhang Wei and 张伟.
    """
    found: dict[str, None] = {}
    firm = [latin_letters(word) for word in _words(fold(company))]
    if 1 < len(firm) <= MAX_JOINED_WORDS:
        found["".join(firm)[:MAX_RUN]] = None
    for text in (name, latin_name):
        if len(text) > MAX_JOINED_LENGTH:
            continue
        words = [each for word in _words(fold(text)) if (each := latin_letters(word))][:MAX_JOINED_WORDS]
        for first, last in itertools.combinations(range(len(words) + 1), 2):
            if last - first > 1:
                found["".join(words[first:last])] = None
        if len(words) > 1:
            found["".join([words[-1], *words[:-1]])] = None
            found["".join([*words[1:], words[0]])] = None
        found.update(dict.fromkeys(_given_name_first(text)))
    return "".join(f" {word}" for word in found)


def _given_name_first(name: str) -> list[str]:
    """Return the reading of a Chinese or Korean name with the family name last, as in many lists abroad."""
    turned = []
    for word in _words(fold(name)):
        if _is_unspaced(word[0]) and 1 < len(word) <= MAX_EASTERN_NAME:
            family = 2 if word[:2] in _DOUBLE_SURNAMES and len(word) > 2 else 1  # noqa: PLR2004
            turned.append(latin_letters(word[family:]) + latin_letters(word[:family]))
    return turned


def identity_key(name: str, company: str) -> str:
    """Return a key that is equal for the same name at the same company, regardless of order, case and spaces.

    Empty without a company: a name alone is not distinctive enough.
    """
    letters = sorted("".join(_words(fold(name))))
    firm = "".join(_words(fold(company)))
    if not letters or not firm:
        return ""
    return hashlib.sha256(f"{''.join(letters)}|{firm}".encode()).hexdigest()[:32]


def search_ways(query: str) -> list[list[str]]:
    """Return the ways to read a query: its words as typed, two adjacent words joined, and all words joined.

    So "mac donald" finds MacDonald and "anne marie" finds Annemarie. Empty for a query without words.
    """
    terms = search_terms(query)
    if not terms:
        return []
    ways = [terms]
    if len(terms) <= MAX_JOINED_WORDS:
        ways += [
            [*terms[:n], terms[n] + terms[n + 1], *terms[n + 2 :]]
            for n in range(len(terms) - 1)
            if terms[n].isascii() == terms[n + 1].isascii()
        ]
        if len(terms) > 2:  # noqa: PLR2004
            ways.append(["".join(terms)])
    return ways


def search_terms(query: str) -> list[str]:
    """Return the words of a query in the form in which they begin a word of a search text.

    Chinese and Korean are searched as written; every other script by its romanization, so that "Иванов" also finds
    Ivanov.
    """
    return [term for word in _words(fold(query)) if (term := word if _is_unspaced(word[0]) else latin_letters(word))]
