"""Markdown as safe HTML: emphasis beside Chinese and Japanese punctuation, and what stays plain text."""

import pytest

from expo.web.kit.rich_text import rich_text


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("**重要！**说明", "<strong>重要！</strong>说明"),
        ("请看**《数据安全法》**第三条", "请看<strong>《数据安全法》</strong>第三条"),
        ("他说**“数据是资产”**并解释", "他说<strong>“数据是资产”</strong>并解释"),
        ("参加*（免费）*论坛", "参加<em>（免费）</em>论坛"),
        ("***注意：***请带证件", "<em><strong>注意：</strong></em>请带证件"),
        ("**first!**后", "<strong>first!</strong>后"),
        ("これは**強調。**です", "これは<strong>強調。</strong>です"),
        ("**甲**乙**丙**", "<strong>甲</strong>乙<strong>丙</strong>"),
        # As in CommonMark: no emphasis beside a space, within a word with underscores, or in words without CJK.
        ("** 重要！** 说明", "** 重要！** 说明"),
        ("数据_重要_说明", "数据_重要_说明"),
        ("**first!**then", "**first!**then"),
        ("**important!** then", "<strong>important!</strong> then"),
        ("2 * 3 * 4", "2 * 3 * 4"),
    ],
)
def test_emphasis_when_beside_full_width_punctuation_then_rendered(source: str, shown: str) -> None:
    assert rich_text(source) == f"<p>{shown}</p>\n"


def test_emphasis_when_it_contains_markup_then_still_sanitized() -> None:
    text = rich_text("**重要！<img src=x onerror=alert(1)>**说明 **[点击！](javascript:alert(1))**说明")

    assert text == "<p><strong>重要！</strong>说明 <strong>[点击！](javascript:alert(1))</strong>说明</p>\n"
