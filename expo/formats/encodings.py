"""In which encoding a text is written: certain for UTF-8 and UTF-16, else the most plausible, for a person to confirm.

A reading is judged by its letters: common ones of a script beside others of the same script speak for it; rare signs,
marks within words, and Chinese characters or capitals in the middle of Latin words speak against it. Short lists leave
libraries little to count, so what charset-normalizer finds is one voice among these.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from expo.formats.errors import BadFile

# What a person may choose, most used first.
ENCODINGS = (
    "utf-8", "gb18030", "cp1252", "cp932", "cp949", "big5hkscs", "cp1251", "cp1256", "cp1250", "cp1254", "cp1253",
    "cp1255", "cp1257", "cp874", "euc_jp", "iso2022_jp", "koi8_r", "cp866", "mac_roman", "cp850", "iso8859_2", "utf-16",
    "utf-16-le", "utf-16-be",
)  # fmt: skip
_GUESSED = tuple(each for each in ENCODINGS if not each.startswith("utf") and each != "iso2022_jp")
_SAMPLE = 64 * 1024
# Evidence within the text: countries, cities' languages and domains that go with an encoding.
_PLACES = {
    "cp1250": r"pl|cz|sk|hu|ro|hr|si|ba|poland|polska|czechia|czech republic|slovakia|hungary"
    r"|romania|croatia|slovenia",
    "cp1252": r"de|at|ch|fr|nl|be|ie|es|it|pt|br|dk|no|se|fi|is|germany|deutschland|austria|switzerland|france|spain"
    r"|italy|portugal|brazil|denmark|norway|sweden|finland|iceland|mexico|netherlands|belgium",
    "cp1254": r"tr|turkey|türkiye|turkiye|istanbul|ankara",
    "cp1257": r"lt|lv|ee|lithuania|latvia|estonia",
    "cp1251": r"ru|ua|bg|by|rs|mk|russia|ukraine|bulgaria|belarus|serbia",
    "cp1253": r"gr|cy|greece|cyprus",
    "cp1255": r"il|israel",
    "cp1256": r"sa|ae|eg|iq|sy|jo|lb|ma|dz|tn|kw|qa|saudi arabia|egypt|iraq|jordan|lebanon|morocco|kuwait|qatar",
    "cp874": r"th|thailand|bangkok",
    "cp932": r"jp|japan|tokyo|osaka",
    "euc_jp": r"jp|japan|tokyo|osaka",
    "cp949": r"kr|korea|seoul|busan",
    "big5hkscs": r"tw|hk|mo|taiwan|hong kong|taipei|macau|macao",
    "gb18030": r"cn|china|beijing|shanghai|guizhou|guiyang|shenzhen",
}
_COMMON_LETTERS = {
    "cp1252": "äöüßéèêëàâçîïôûùñáíóúãõåæøÄÖÜÉÅØÇÁÓœìò",
    "mac_roman": "äöüßéèêëàâçîïôûùñáíóúãõåæøÄÖÜÉÅØÇÁÓ",
    "cp850": "äöüßéèêëàâçîïôûùñáíóúãõåæøÄÖÜÉÅØÇÁÓ",
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžőűăâîşđäöüŁŚŻŹČŠŽŘ",
    "iso8859_2": "ąćęłńóśźżáčďéěíňřšťúůýžőűăâîşđäöüŁŚŻŹČŠŽŘ",
    "cp1254": "ğışçöüİŞĞÇÖÜâî",
    "cp1257": "āčēģīķļņšūžąęėįųõäöüŠŽČĀĒĪŪ",
}
# Letters of Icelandic, which stand in few lists.
_SELDOM_LETTERS = frozenset("þðÞÐÆ")
_COMMON_SIGNS = {
    "gb18030": "的中国有限公司科技业电子信息技术北京上海广州深圳贵阳大学市工程师经理总监主任教授开发数据智能网络"
    "发展集团"
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文辉力俊国美云飞展商参会人姓名邮箱家票种位名称观众代表",
    "big5hkscs": "的中國有限公司科技業電子資訊技術北臺台灣香港高雄大學市工程師經理總監主任教授開發數據智慧網路發展集團"
    "王李張劉陳楊黃趙吳周徐孫馬朱胡郭何高林羅鄭梁謝宋唐許韓馮鄧曹彭曾蕭田董袁潘于蔣蔡余杜葉程蘇魏呂丁任沈姚盧"
    "偉芳娜敏靜麗強軍勇傑娟濤明超秀霞平剛英華玉蘭紅建文輝俊美雲飛淑惠雅婷怡君志豪姓名信箱家票種展位參觀者",
    "cp932": "の株式会社東京大阪京都日本山田中村本木井川口島野原上下松林佐藤鈴高橋伊渡辺小加吉斎清水太郎花子一二三美"
    "恵真由香明和雄博史健正雅之部長課営業技術開発研究所大学工電機産名氏国メール",
    "cp949": "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나지엄채원천방공현함"
    "영수호준민서지우은경미숙희철상동훈재석기선태연아름회사주식한국대학교서울부산대표과장팀원이메일국가성명이름",
}
_COMMON_SIGNS["euc_jp"] = _COMMON_SIGNS["cp932"]
_SCRIPTS = {
    "cp1251": "CYRILLIC", "koi8_r": "CYRILLIC", "cp866": "CYRILLIC", "cp1253": "GREEK", "cp1255": "HEBREW",
    "cp1256": "ARABIC", "cp874": "THAI",
}  # fmt: skip
_QUOTES = frozenset("’‘“”„«»–—…€·°№®™©§ \u200c\u200e\u200f،؛؟")


def decode_text(data: bytes) -> str:
    """Return the text of a file in its most plausible encoding. Raises BadFile."""
    encoding, _ = detect_encoding(data)
    return decode_as(data, encoding)


def decode_as(data: bytes, encoding: str) -> str:
    """Return a text in the encoding that was found or chosen. Raises BadFile `file_not_in_encoding`."""
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except (UnicodeError, LookupError):
        raise BadFile("file_not_in_encoding", encoding=encoding[:40]) from None


def detect_encoding(data: bytes) -> tuple[str, bool]:
    """Return the encoding of a text and whether it is certain, as a mark or well-formed UTF-8 make it.

    Raises BadFile for what is no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", True
    if b"\x00" in data[:4096]:
        return _utf_16_without_mark(data), False
    if re.search(rb"\x1b\$[@B]|\x1b\(J", data[:_SAMPLE]):
        return "iso2022_jp", False
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8", True
    readings = {name: text for name in _GUESSED if (text := _read(data, name)) is not None}
    if not readings:
        raise BadFile("file_encoding")
    voice = _library_voice(data)
    places = (
        readings["cp850"].casefold() if "cp850" in readings else data[:_SAMPLE].decode("ascii", "ignore").casefold()
    )
    scores = {
        name: _plausibility(text, name) + (0.05 if name == voice else 0) + _from_places(name, places)
        for name, text in readings.items()
    }
    return max(scores, key=lambda name: round(scores[name] - 0.012 * _GUESSED.index(name), 3)), False


def _read(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)[:_SAMPLE]
    except UnicodeDecodeError:
        return None


def _utf_16_without_mark(data: bytes) -> str:
    """Return the byte order in which separators and ASCII letters stand. Raises BadFile for what is no text."""
    for encoding, high in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros = data[high:4096:2].count(0)
        others = data[1 - high : 4096 : 2].count(0)
        if zeros > others * 8 and len(data) % 2 == 0:
            text = data[:4096].decode(encoding, "ignore")
            if not any(unicodedata.category(sign) in {"Cc", "Cn", "Co"} and sign not in "\r\n\t" for sign in text):
                return encoding
    raise BadFile("file_not_text")


def _library_voice(data: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - large, and needed by few files

    best = from_bytes(data[:_SAMPLE], cp_isolation=list(_GUESSED)).best()
    return best.encoding if best is not None else ""


def _from_places(encoding: str, text: str) -> float:
    pattern = _PLACES.get(encoding)
    if pattern is None:
        return 0
    return 0.3 if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z.@])", text) else 0


def _plausibility(text: str, encoding: str) -> float:
    """Return the mean plausibility of what is not ASCII, about -2 to 2."""
    judge: Callable[[str, str, str, str], float] = _judge_east_asian if encoding in _EAST_ASIAN else _judge_letter
    total = count = 0.0
    for at, sign in enumerate(text):
        if sign < "\x80":
            continue
        before = text[at - 1] if at else " "
        after = text[at + 1] if at + 1 < len(text) else " "
        total += judge(sign, before, after, encoding)
        count += 1
    return total / count if count else 0


_EAST_ASIAN = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"})


@cache
def _bytes_of(sign: str, encoding: str) -> bytes:
    return sign.encode(encoding, "replace")


def _judge_east_asian(sign: str, before: str, after: str, encoding: str) -> float:  # noqa: PLR0911 - a table of cases
    beside_latin = _is_ascii_letter(before) + _is_ascii_letter(after)
    if sign in _COMMON_SIGNS[encoding]:
        return 1.6 - beside_latin * 0.5
    code = _bytes_of(sign, encoding)
    lead = code[0]
    kind = unicodedata.category(sign)
    if "\u3040" <= sign <= "\u30ff":
        return 1.3 if encoding in {"cp932", "euc_jp"} else -0.6
    if "\uff66" <= sign <= "\uff9f":
        return -0.8
    if kind[0] in "PZ" or "\uff01" <= sign <= "\uff5e":
        return 0.3 - beside_latin
    if len(code) > 2 or kind in {"Co", "Cn", "Cc"}:  # noqa: PLR2004 - four bytes are for rare signs
        return -1.5
    common = {
        "gb18030": 0xB0 <= lead <= 0xD7 and len(code) == 2 and code[1] >= 0xA1,  # noqa: PLR2004
        "big5hkscs": 0xA4 <= lead <= 0xC6,  # noqa: PLR2004
        "cp932": 0x88 <= lead <= 0x97,  # noqa: PLR2004
        "euc_jp": 0xB0 <= lead <= 0xCF,  # noqa: PLR2004
        "cp949": 0xB0 <= lead <= 0xC8 and len(code) == 2 and code[1] >= 0xA1,  # noqa: PLR2004
    }[encoding]
    if common:
        return 0.8 - beside_latin
    is_basic = encoding not in {"gb18030", "cp949"} or (len(code) > 1 and code[1] >= 0xA1)  # noqa: PLR2004
    return (0.0 if is_basic and kind == "Lo" else -0.9) - beside_latin


def _judge_letter(sign: str, before: str, after: str, encoding: str) -> float:  # noqa: PLR0911 - a table of cases
    kind = unicodedata.category(sign)
    in_word = before.isalpha() + after.isalpha()
    if kind[0] not in "LM":
        if kind in {"Cc", "Cn", "Co"}:
            return -2
        return (0.2 if sign in _QUOTES else -0.3) if in_word < 2 or sign in "’·" else -1.5  # noqa: PLR2004 - within
    script = _SCRIPTS.get(encoding)
    if script is None:
        return _judge_latin(sign, before, after, encoding)
    if not unicodedata.name(sign, "").startswith(script):
        return -0.8
    if _is_ascii_letter(before) or _is_ascii_letter(after):
        return -1.2
    if sign.isupper() and before.isalpha() and before.islower():
        return -1
    beside_own = any(unicodedata.name(each, "").startswith(script) for each in (before, after))
    if not beside_own:
        return -0.3
    # Words of small letters after a capital are what texts are made of; the wrong Cyrillic table turns them about.
    return 0.7 if sign.isupper() or (not before.isalpha() and sign != sign.upper()) else 1.1


def _judge_latin(sign: str, before: str, after: str, encoding: str) -> float:
    if unicodedata.category(sign) not in {"Ll", "Lu"}:
        return -0.5
    if sign.isupper() and before.isalpha() and (before.islower() or (after.isalpha() and after.islower())):
        return -1.5
    if sign.islower() and before.isalpha() and before.isupper() and after.isalpha() and after.isupper():
        return -0.5
    is_common = sign in _COMMON_LETTERS.get(encoding, "")
    beside_letters = _is_ascii_letter(before) or _is_ascii_letter(after)
    beside_other = any(each >= "\x80" and each.isalpha() for each in (before, after))
    is_seldom = encoding == "cp1252" and sign in _SELDOM_LETTERS
    value = (1.1 if is_common else 0.5 if is_seldom else -0.2) + (0.2 if beside_letters else -0.6)
    return value - (0.5 if beside_other else 0)


def _is_ascii_letter(sign: str) -> bool:
    return sign < "\x80" and sign.isalpha()
