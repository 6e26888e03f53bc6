"""Door records: what a device at a door holds about a badge, readable only with the badge itself. Pure.

A record is found and opened with keys derived from the 76 bytes of the badge's token (HKDF-SHA256, RFC 5869), so a
device can read the records of badges that were shown to it, and no others:

    id (9 bytes) ‖ nonce (8 bytes) ‖ AES-128-GCM ciphertext with tag

The nonce is the start of an HMAC of the content under the record's key (a synthetic nonce as in RFC 8452): unchanged
content gives an unchanged record, and no nonce is used for two contents. The content is compressed with raw DEFLATE
(RFC 1951), only with the fixed code of its section 3.2.6, after a dictionary that both sides know; the dictionary
consists of what is the same for thousands of records and says nothing about a person.

`static/js/door/records.js` reads what this module writes.
"""

import base64
import hmac
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from expo.pure.tokens import token_bytes

SALT = b"expo-door-v1"
ID_BYTES, KEY_BYTES, NONCE_BYTES = 9, 16, 8
WINDOW_BITS = 13
# What lies further back than the window cannot be referred to.
MAX_DICTIONARY = 2**WINDOW_BITS - 600
# GCM takes 12 bytes; the record stores those that differ.
_NONCE_START = bytes(4)
_write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

# Frequent parts of names and of organizations' names, which shorten those names without naming anybody.
_WORDS = (
    "Technologies Technology Systems Software Solutions University Institute Group GmbH S.p.A. S.A. Inc. Ltd. LLC "
    "Data Cloud AI Labs ООО « 株式会社 주식회사 유한회사 "
    "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Song Tang Han "
    "Feng Deng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du Ye Cheng Wei Su Lu Ding Ren Yao Shen Zhong Cui "
    "Tan Fan Liao Shi Jin Jia Xia Fu Fang Zou Xiong Bai Meng Qin Qiu Hou Yin Xue Yan Lei Long Tao Mao Gu Wan Qian Dai "
    "Xinyi Zihan Haoran Yuxuan Jiahao Mengqi Yating Zixuan Siyu Ruihan Junjie Xiaoming Jianguo Yuhang Mingming Yaxin "
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万钱戴严莫孔向常"
    "伟芳娜敏静秀丽强磊洋艳勇军杰娟涛超明霞平刚文辉玲桂英慧建国玉梅兰红春晓宇浩轩梓涵子欣怡佳俊嘉雨思雪婷鑫鹏飞亚志"
    "海天一博瑞泽诗琪梦倩颖悦彤晨阳睿航凯峰斌波蓉莉燕琳君洁宁萍薇瑶"
    "山东江苏浙江广东河南河北湖南湖北四川福建安徽云南广西陕西山西辽宁吉林黑龙江江西甘肃海南内蒙古宁夏新疆西藏青海"
    "苏州宁波青岛厦门济南合肥郑州长沙昆明南昌福州石家庄太原沈阳大连长春哈尔滨遵义安顺毕节"
    "金融投资咨询传媒教育医疗健康生物能源环境建筑工程设计机械制造汽车材料贸易商务服务管理发展国际创新联合华云星蓝"
    "北京 上海 深圳 广州 杭州 成都 重庆 天津 南京 武汉 西安 贵州 贵阳 "
    "大学 学院 研究院 研究所 中心 银行 数据 大数据 智能 网络 通信 软件 安全 电子 系统 信息 计算 "
    "股份有限公司 集团有限公司 信息技术有限公司 科技有限公司 "
)


@dataclass(frozen=True, slots=True)
class RecordKey:
    """Where the record of a badge is found, and the key that opens it."""

    id: bytes
    key: bytes


def record_key(token_text: str) -> RecordKey:
    """Return the id and the key of the record that belongs to a token's text."""
    secret = hmac.digest(SALT, token_bytes(token_text), "sha256")
    return RecordKey(_expand(secret, b"id")[:ID_BYTES], _expand(secret, b"key")[:KEY_BYTES])


class RecordSealer:
    """Writes the records of one dictionary."""

    def __init__(self, dictionary: bytes) -> None:
        # A small window and table, prepared once and copied, make this fifteen times as fast for short contents.
        self._packer = zlib.compressobj(9, zlib.DEFLATED, -WINDOW_BITS, 5, zlib.Z_FIXED, zdict=dictionary)

    def seal(self, where: RecordKey, content: list[Any]) -> bytes:
        """Return the content encrypted for the holder of the badge."""
        plain = _write_json(content).encode()
        nonce = hmac.digest(where.key, plain, "sha256")[:NONCE_BYTES]
        packer = self._packer.copy()
        packed = packer.compress(plain) + packer.flush()
        return where.id + nonce + AESGCM(where.key).encrypt(_NONCE_START + nonce, packed, None)


def open_record(where: RecordKey, record: bytes, dictionary: bytes) -> list[Any]:
    """Return the content of a record. Raises InvalidTag unless it belongs to this badge and is unchanged."""
    nonce, sealed = record[ID_BYTES : ID_BYTES + NONCE_BYTES], record[ID_BYTES + NONCE_BYTES :]
    packed = AESGCM(where.key).decrypt(_NONCE_START + nonce, sealed, None)
    content: list[Any] = json.loads(zlib.decompressobj(-WINDOW_BITS, zdict=dictionary).decompress(packed))
    return content


def make_dictionary(sessions: Iterable[str], kinds: Iterable[tuple[str, date, date]]) -> bytes:
    """Return the dictionary for seats in these sessions and badges of these kinds, the most frequent last.

    A kind is a ticket type with its first and last day.
    """
    ends = "".join(
        f'","CN","{code}",1,0,"{first}","{last}","confirmed","confirmed",1,1,[],[],"' for code, first, last in kinds
    )
    seats = "".join(f'["{slug}"],"' for slug in sessions)
    return (seats + _WORDS + ends).encode()[-MAX_DICTIONARY:]


def text_of(raw: bytes) -> str:
    """Return bytes as base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _expand(secret: bytes, info: bytes) -> bytes:
    """Return the first block of HKDF-Expand."""
    return hmac.digest(secret, info + b"\x01", "sha256")
