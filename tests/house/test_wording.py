"""Texts for people read as a native writer would put them: tell-tale patterns of translated or private wording."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from expo.infra.config import ROOT

CHINESE = ROOT / "expo" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"

# A pattern, and what to write instead.
ENGLISH = {
    r"\banew\b": "again",
    r"\b(?:no|any) more\b(?! than)": "no longer",
    r"(?<![Tt]here )\b(?:is|are) no (?!longer\b|\w+ing\b)": "is not a …",
    r"\b[Tt]here (?:is|are) no such\b": "We could not find …, and what to do",
    r"\b[Ss]tands? (?:in|on|here|for|under|at)\b": "is; appears",
    r"\b[Tt]ak(?:e|es|en|ing) (?:it |them )?in\b": "import",
    r"\blet in against\b": "let in despite",
    r"\b[Ww]ho (?:\w+s|is|has)\b[^?.,]* (?:is|are|must|has)\b(?![^?]*\?)": "anyone who …; people who …",
    r"\bmeanwhile\b": "in the meantime",
    r"\bgiven? back\b": "released",
    r"\bthings stand\b": "the status",
    r"\bis told\b|\bare told\b": "is notified",
    r"\bby (?:itself|themselves)\b": "automatically",
    r"\ball the same\b": "still",
    r"\bof ours\b": "ours, or name it",
    r"\b[Gg]o on\b": "continue",
    r"\b[Ww]hoever\b|\b[Ww]hatever\b": "anyone who; everything that",
    r"^(?!.*[Pp]roposal).*\bwithdraw(?:n|s)?\b": "revoke",  # speakers withdraw proposals
    r"\btrust it\b": "revoke",
    r"\bis paid\b(?=\.?$)": "Mark as paid",
    # One term for each thing.
    r"\b[Ee]ditions?\b": "expo",
    r"(?<![-\w])[Ll]etter\b(?! or digit)|\b(?:your|the|every|our) letters\b": "e-mail",
    r"\boutbox\b": "e-mails",
    r"\b[Dd]oors?\b": "checkpoint, check-in, entrance",
    r"^[Ss]tands?\b|, stand\b": "booth",
    r"^Every (?:ticket|state|day|room|track|category|country)\b|^Everywhere$": "All …",
    r"^Find\b": "Search",
    r"^Save as\b": "Export",
    r"^Send again\b": "Resend",
    r"^State$": "Status",
    r"\b[Cc]ame in\b|\b[Ii]nside now\b": "checked in; on site now",
    r"\b[Ii]nto my calendar\b": "Add to calendar",
    r"\bfits? (?:you|me|yet)\b": "recommended",
    r"\b[Pp]eople and roles\b": "Team",
    r"\bby hand\b": "manually",
    r"\b[Kk]inds? of tickets?\b": "ticket type",
}
MANDARIN = {
    r"[\u4e00-\u9fff][,;:!?]": "full-width punctuation",
    r"[,;!?][\u4e00-\u9fff]": "full-width punctuation",
    r"(?<!\.)\.\.\.|(?<!…)…(?!…)": "……",
    r"你": "您",
    r"怎么办": "处理方法",
    r"检查点|入口检查": "检票点",
    r"信件|发件箱": "邮件",
    r"会议室": "会场",
    r"(?<!收款)账户": "账号",
    r"场次(?!数)": "会议",
}


def _messages() -> Iterator[tuple[str, str]]:
    with CHINESE.open("rb") as file:
        for message in read_po(file, locale="zh_Hans_CN"):
            if message.id:
                sources = [message.id] if isinstance(message.id, str) else list(message.id)
                strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
                for source in sources:
                    yield source, strings[-1]


@pytest.mark.parametrize("pattern", ENGLISH)
def test_texts_when_read_then_say_it_as_a_native_writer_would(pattern: str) -> None:
    found = {source for source, _ in _messages() if re.search(pattern, source)}

    assert found == set(), f"Write instead: {ENGLISH[pattern]}"


@pytest.mark.parametrize("pattern", MANDARIN)
def test_chinese_when_read_then_follows_the_conventions_of_chinese_products(pattern: str) -> None:
    found = {string for _, string in _messages() if re.search(pattern, string)}

    assert found == set(), f"Write instead: {MANDARIN[pattern]}"
