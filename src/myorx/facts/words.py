"""The words people type, in both languages: for truth, for not knowing, for routes and rhythms.

One table per question, keyed by ``spelling.key`` of the word. Nothing here is about any disease.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from myorx.facts.case import Reason
from myorx.facts.spelling import key

_T = TypeVar("_T")


def _keys(words: str) -> list[str]:
    """``"one|other"`` as the keys of the words."""
    return [key(word) for word in words.split("|")]


def _table(groups: Mapping[str, str]) -> dict[str, str]:
    """``{meaning: "word|word"}`` turned round; each meaning is also a word for itself."""
    return _turned([(meaning, f"{meaning}|{words}") for meaning, words in groups.items()])


def _turned(groups: list[tuple[_T, str]]) -> dict[str, _T]:
    """``(meaning, "word|word")`` turned round: key of each word -> meaning."""
    return {word: meaning for meaning, words in groups for word in _keys(words)}


TRUTH: Final[Mapping[str, bool]] = {
    word: meaning == "true"
    for word, meaning in _table(
        {
            "true": "yes|positive|present|有|是|阳性|真|存在"
            "|strong positive|strongly positive|强阳性",
            "false": "no|negative|absent|none|无|否|没有|阴性|假|不是|不存在",
        }
    ).items()
}
"""Key of a word -> what it says of a Boolean fact."""

SIGNS: Final[Mapping[str, bool | None]] = {
    "+": True,
    "(+)": True,
    "阳性(+)": True,
    "++": True,
    "(++)": True,
    "+++": True,
    "(+++)": True,
    "++++": True,
    "阳性(++)": True,
    "阳性(+++)": True,
    "-": False,
    "(-)": False,
    "阴性(-)": False,
    "±": None,
    "(±)": None,
    "+/-": None,
    "+-": None,
    "弱阳性(±)": None,
    "阳性(±)": None,
}
"""Signs as laboratories print them; None is indeterminate. Looked up in half-width, not by key."""

_NOT_ASKED = (
    "not asked|not_asked|unknown|unclear|don't know|null|?|未问|未询问|不详|未知|不清楚|不知道"
)
_INDETERMINATE = (
    "indeterminate|weak positive|weakly positive|weak|borderline|equivocal|inconclusive"
    "|弱阳性|可疑|可疑阳性|临界|临界阳性|不确定|无法判定"
)
_UNKNOWN: Final[list[tuple[Reason, str]]] = [
    ("not_asked", _NOT_ASKED),
    ("pending", "pending|awaited|result pending|待回报|待报告|待回|未回报|结果未回|检测中"),
    ("not_done", "not done|not_done|not tested|not measured|未做|未查|未检|未检测|未测"),
    ("indeterminate", _INDETERMINATE),
]
UNKNOWN: Final[Mapping[str, Reason]] = _turned(_UNKNOWN)
"""Key of a word -> why a value is unknown. ``unknown`` itself counts as still to be asked."""

UNKNOWN_WORDS: Final = tuple(word for _, words in _UNKNOWN for word in words.split("|")) + tuple(
    sign for sign, truth in SIGNS.items() if truth is None
)
"""The same words as people type them."""

ONGOING: Final = frozenset(
    _keys("ongoing|current|now|present|continuing|至今|仍在用|在用|持续|继续|目前")
)
"""Keys of words for a therapy that has not been stopped."""

STOPPED: Final = frozenset(_keys("stopped|discontinued|已停|已停用|停用|已停药"))
"""Keys of words for a therapy that was stopped on some day before the case's date."""

NEVER: Final = frozenset(_keys("none|never|no|无|没有|从未|未用"))
"""Keys of words for "no therapy at all, ever"."""

ROUTES: Final[Mapping[str, str]] = _table(
    {
        "oral": "po|by mouth|口服",
        "iv": "intravenous|intravenously|静脉|静滴|静注|静脉滴注|静脉注射|静脉输注",
        "im": "intramuscular|肌注|肌内注射",
        "sc": "subcutaneous|皮下|皮下注射",
        "topical": "cutaneous|外用|局部外用",
        "inhaled": "inhalation|吸入",
        "intralesional": "local injection|局部注射|病灶内注射",
        "intraarticular": "intra-articular|关节腔|关节腔注射",
        "ocular": "eye drops|滴眼",
        "procedure": "操作|血液净化",
    }
)
"""Key of a word -> route."""

RESPONSES: Final[Mapping[str, str]] = _table(
    {
        "improved": "response|responded|better|good|effective|改善|好转|有效|缓解",
        "partial": "partial response|partially improved|部分缓解|部分改善|部分有效",
        "stable": "unchanged|no change|稳定|无变化",
        "failed": "failure|no response|none|refractory|ineffective|无效|失败|无应答|未缓解",
        "worsened": "worse|progressed|progression|加重|恶化|进展",
        "intolerant": "intolerance|not tolerated|adverse effects|不耐受|不良反应",
    }
)
"""Key of a word -> response to a therapy."""

_DAILY = (
    "qd|od|qn|qm|daily|once daily|once a day|a day|per day"
    "|每日|每天|每日一次|每日1次|每天一次|每天1次|1次/日|1次/天"
)
_TWICE_DAILY = "bid|bd|twice daily|twice a day|每日两次|每日2次|每天两次|每天2次|2次/日|2次/天"
_THRICE_DAILY = (
    "tid|tds|three times daily|three times a day|每日三次|每日3次|每天三次|3次/日|3次/天"
)
_FOUR_DAILY = "qid|qds|four times daily|four times a day|每日四次|每日4次|每天四次|4次/日|4次/天"
RHYTHMS: Final[Mapping[str, tuple[int, str]]] = _turned(
    [
        ((1, "d"), _DAILY),
        ((2, "d"), _TWICE_DAILY),
        ((3, "d"), _THRICE_DAILY),
        ((4, "d"), _FOUR_DAILY),
        (
            (1, "wk"),
            "qw|weekly|once weekly|once a week|a week|per week|每周|每周一次|每周1次|1次/周",
        ),
        ((2, "wk"), "biw|twice weekly|twice a week|每周两次|每周2次|2次/周"),
    ]
)
"""Key of a rhythm -> how many times in which unit of time."""

FIELDS: Final[Mapping[str, str]] = _table(
    {
        "value": "值|数值|结果",
        "unit": "单位",
        "on": "date|日期|检测日期|时间",
        "comparator": "比较符",
        "method": "assay|方法|检测方法",
        "unknown": "未知|原因",
    }
)
"""Key of a key inside a value written as a mapping -> field."""

THERAPY_FIELDS: Final[Mapping[str, str]] = _table(
    {
        "drug": "therapy|药物|药名|治疗",
        "dose": "剂量",
        "route": "途径|给药途径",
        "start": "from|started|开始|起始|开始日期",
        "stop": "to|until|end|stopped|停止|停药|停药日期|结束",
        "on": "given on|date|日期|给药日期",
        "response": "疗效|反应",
        "effective": "effective dose|有效剂量|足量",
        "pulse": "冲击",
        "note": "备注",
    }
)
"""Key of a key inside a therapy -> field."""

CASE_FIELDS: Final[Mapping[str, str]] = _table(
    {
        "as_of": "截至|截至日期|评估日期",
        "facts": "资料",
        "therapies": "treatments|medications|治疗史|用药|用药史",
        "therapies_complete": "history complete|用药史完整|治疗史完整",
        "orders": "ordered|医嘱|拟用药物",
        "about": "title|note|说明|备注",
    }
)
"""Key of a key at the top of a case -> field."""
