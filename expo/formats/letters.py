"""Likelihood of a word in a language, by its letters and letter pairs."""

import math
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

PAIRS_FILE = Path(__file__).parent / "data" / "letter_pairs.txt"
# The weights of a pair, a letter and the script.
_PAIR, _LETTER, _SCRIPT = 0.7, 0.25, 0.05
# The same for scripts whose characters are words, where a pair rarely recurs.
_SIGN_PAIR, _SIGN, _COMMON, _STANDARD = 0.15, 0.2, 0.45, 0.2
_NO_LETTER = math.log(1e-7)
_OTHER_LETTER = math.log(1e-5)
_UNASSIGNED = math.log(1e-9)
_PUNCTUATION_MARK = math.log(3e-3)
# A single letter is rarely a word, and half-width Japanese has become rare.
_LONE_LETTER, _HALF_WIDTH = math.log(0.01), math.log(0.3)
_ODD_CAPITAL, _ALL_CAPITALS, _NO_CAPITAL = math.log(0.02), math.log(0.1), math.log(0.4)
_PUNCTUATION = frozenset("’‘“”„«»–—·°№®™©…€½ªº´、。・（）「」，：；－ー\xa0")
_COMMON_CHARS = {
    "zh_Hans": "的中国有限公司科技业电子信息技术北京上海广州深圳贵阳大学市工程师经理总监主任教授开发数据智能网络"
    "发展集团"
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文辉力俊国美云飞展商参会人姓名邮箱家票种位名称观众代表",
    "zh_Hant": "的中國有限公司科技業電子資訊技術北臺台灣香港高雄大學市工程師經理總監主任教授開發數據智慧網路發展集團"
    "王李張劉陳楊黃趙吳周徐孫馬朱胡郭何高林羅鄭梁謝宋唐許韓馮鄧曹彭曾蕭田董袁潘于蔣蔡余杜葉程蘇魏呂丁任沈姚盧"
    "偉芳娜敏靜麗強軍勇傑娟濤明超秀霞平剛英華玉蘭紅建文輝俊美雲飛淑惠雅婷怡君志豪姓名信箱家票種展位參觀者",
    "ja": "の株式会社東京大阪京都日本山田中村本木井川口島野原上下松林佐藤鈴高橋伊渡辺小加吉斎清水太郎花子一二三美"
    "恵真由香明和雄博史健正雅之部長課営業技術開発研究所大学工電機産名氏国メール",
    "ko": "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나지엄채원천방공현함"
    "영수호준민서지우은경미숙희철상동훈재석기선태연아름회사주식한국대학교서울부산대표과장팀원이메일국가성명이름",
}
# Half of a standard's characters form its first level, which covers nearly all names.
_STANDARDS = {"zh_Hans": "gb2312", "zh_Hant": "big5", "ja": "shift_jis", "ko": "euc_kr"}
_FIRST_LEVEL = {
    "zh_Hans": (0xB0, 0xD7), "zh_Hant": (0xA4, 0xC6), "ja": (0x82, 0x97), "ko": (0xB0, 0xC8),
}  # fmt: skip
_FIRST_LEVEL_SIZE, _SECOND_LEVEL_SHARE = 4_000, 0.02


def fold_word(word: str) -> str:
    """Return a word in the form in which letters are counted: lower case, composed."""
    return unicodedata.normalize("NFC", word.lower())


class Language:
    """Statistics about the words of one language."""

    def __init__(self, name: str, pairs: dict[str, int]) -> None:
        self.name = name
        self.pairs = pairs
        self.before: Counter[str] = Counter()
        self.letters: Counter[str] = Counter()
        for pair, count in pairs.items():
            self.before[pair[0]] += count
            self.letters[pair[1]] += count
        self.total = max(sum(self.letters.values()), 1)
        self.common = _COMMON_CHARS.get(name, "")
        self._logs: dict[str, float] = {}

    def log_likelihood(self, word: str) -> float:
        """Return the log-likelihood of the word."""
        total = self._log_of_shape(word)
        before = " "
        folded = fold_word(word)
        if self.name == "ja":
            total += sum("\uff61" <= letter <= "\uff9f" for letter in folded) * _HALF_WIDTH
            folded = unicodedata.normalize("NFKC", folded)
        for letter in folded:
            total += self._log_of_pair(before, letter)
            before = letter
        return total if self.common else total + self._log_of_pair(before, " ")

    def _log_of_pair(self, before: str, letter: str) -> float:
        pair = before + letter
        found = self._logs.get(pair)
        if found is None:
            found = self._logs[pair] = self._log_of(before, letter)
        return found

    def _log_of(self, before: str, letter: str) -> float:
        seen = self.letters[letter]
        follows = self.pairs.get(before + letter, 0) / (self.before[before] + 1)
        if self.common:
            standard = _share_in_standard(letter, self.name)
            common = _COMMON / len(self.common) if letter in self.common else 0.0
            share = _SIGN_PAIR * follows + _SIGN * seen / self.total + common + _STANDARD * standard
            return math.log(share) if share else _log_of_stranger(letter)
        if not seen:
            return _log_of_stranger(letter)
        return math.log(_PAIR * follows + _LETTER * seen / self.total + _SCRIPT / len(self.letters))

    def _log_of_shape(self, word: str) -> float:
        """Return the penalty for a word's shape: unusual or missing capitals, a single letter."""
        odd = sum(
            before.islower() and after.isupper() and not (before.isascii() and after.isascii())
            for before, after in pairwise(word)
        )
        shape = _ALL_CAPITALS if len(word) > 1 and word.isupper() else _NO_CAPITAL if word[:1].islower() else 0.0
        is_alone = len(word) == 1 and word.isalpha() and (not self.common or "\uff66" <= word <= "\uff9f")
        alone = _LONE_LETTER if is_alone else 0.0
        return odd * _ODD_CAPITAL + shape + alone


@cache
def languages() -> dict[str, Language]:
    """Return the languages with counted letter pairs, by name."""
    found = {}
    for line in PAIRS_FILE.read_text("utf-8").splitlines():
        name, *pairs = line.split("\t")
        found[name] = Language(name, {each[:2]: int(each[2:]) for each in pairs})
    return found


@lru_cache(maxsize=32_768)
def _share_in_standard(char: str, language: str) -> float:
    """Return the probability of a character of the language's standard that was not counted; 0 for others."""
    try:
        code = char.encode(_STANDARDS[language])
    except UnicodeEncodeError:
        return 0.0
    if len(code) < 2 or not unicodedata.category(char).startswith("L"):  # noqa: PLR2004 - ASCII, or a half-width sign
        return 0.0
    first, last = _FIRST_LEVEL[language]
    share = 1 if first <= code[0] <= last else _SECOND_LEVEL_SHARE
    return share / _FIRST_LEVEL_SIZE


@lru_cache(maxsize=32_768)
def _log_of_stranger(letter: str) -> float:
    """Return the log-likelihood of a character that a language does not use."""
    kind = unicodedata.category(letter)
    if letter in _PUNCTUATION:
        return _PUNCTUATION_MARK
    if kind in {"Cc", "Cn", "Co", "Cs"} or letter == "\ufffd":
        return _UNASSIGNED
    return _OTHER_LETTER if kind[0] in "LM" else _NO_LETTER
