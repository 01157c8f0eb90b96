"""The catalogue of faults: every code with its texts in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from myorx.guideline.texts import Text


class Message(msgspec.Struct, frozen=True):
    """What a fault says, what is allowed instead, and what to do. ``{name}`` is filled in.

    ``fatal``: the case cannot be read at all, so that even an import refuses it.
    """

    says: Text
    allowed: Text | None = None
    remedy: Text | None = None
    fatal: bool = False


_DATES = Text("年、年-月或年-月-日，如 2026、2026-03、2026-03-15", "2026, 2026-03 or 2026-03-15")

MESSAGES: Final[Mapping[str, Message]] = {
    # -- the file as a whole
    "too-large": Message(
        Text("病例过大", "the case is too large"),
        Text("不超过 1 MB", "at most 1 MB"),
        Text("一个文件只放一例病人", "one patient in a file"),
        fatal=True,
    ),
    "not-text": Message(
        Text("这不是文本文件", "this file is no text"),
        Text("UTF-8 文本（YAML 或 JSON）", "UTF-8 text (YAML or JSON)"),
        Text("请把病例另存为纯文本", "save the case as plain text"),
        fatal=True,
    ),
    "not-utf-8": Message(
        Text("文件不是 UTF-8 编码{guess}", "the file is not UTF-8{guess}"),
        Text("UTF-8 文本", "UTF-8 text"),
        Text("请另存为 UTF-8", "save the file as UTF-8"),
        fatal=True,
    ),
    "bad-character": Message(
        Text(
            "文件含有不可打印的、或改变显示顺序的字符",
            "the file holds a character that cannot be printed, or that turns the order shown",
        ),
        Text("可打印的字符", "printable characters"),
        Text("删去它", "delete it"),
        fatal=True,
    ),
    "empty-case": Message(
        Text("没有内容", "there is nothing in it"),
        Text("评估日期和至少一项资料", "the date of the case and at least one fact"),
        Text("如 as_of: 2026-11-22", "such as as_of: 2026-11-22"),
        fatal=True,
    ),
    # -- text that is no YAML or JSON
    "full-width": Message(
        Text("用了全角冒号或逗号", "a full-width colon or comma stands here"),
        Text("半角“: ”和“, ”，后面留一个空格", "': ' and ', ', half-width, a space behind"),
        Text("改为半角，如 性别: 女", "write them half-width, such as sex: female"),
        fatal=True,
    ),
    "no-space": Message(
        Text("冒号后面没有空格", "there is no space after the colon"),
        Text("键、冒号、空格、值，如 性别: 女", "key, colon, space, value, such as sex: female"),
        Text("在冒号后加一个空格", "put a space after the colon"),
        fatal=True,
    ),
    "no-colon": Message(
        Text("这一行没有“键: 值”", "this line has no key with its value"),
        Text("键、冒号、空格、值，如 性别: 女", "key, colon, space, value, such as sex: female"),
        Text("补上键和冒号；若是说明，行首写 #", "add them; begin a remark with #"),
        fatal=True,
    ),
    "indentation": Message(
        Text(
            "缩进不一致，或一行里有两个“: ”", "the indentation is uneven, or a line has ': ' twice"
        ),
        Text("同一层的键对齐", "keys of one level below each other"),
        Text("对齐各行；含“: ”的文字加引号", "align the lines; put a text with ': ' in quotes"),
        fatal=True,
    ),
    "tab": Message(
        Text("用了制表符（Tab）", "there is a tab"),
        Text("空格", "spaces"),
        Text("把制表符换成空格", "write spaces in its place"),
        fatal=True,
    ),
    "not-closed": Message(
        Text(
            "括号或引号不成对，或缺逗号", "a bracket or quote is not closed, or a comma is missing"
        ),
        Text("成对的 {{}}、[]、引号，项间用逗号", "pairs of {{}}, [] and quotes, commas between"),
        Text("检查这一行及其上方", "check this line and those above"),
        fatal=True,
    ),
    "sign-first": Message(
        Text("值以 YAML 的专用符号开头", "a value begins with a sign that YAML keeps for itself"),
        Text("以文字或数字开头，或加引号", "a letter or digit first, or the value in quotes"),
        Text("给这个值加上引号", "put the value in quotes"),
        fatal=True,
    ),
    "yaml-reference": Message(
        Text("不读取 YAML 的锚和引用（&、*）", "anchors and aliases of YAML (&, *) are not read"),
        Text("写出来的值", "values written out"),
        Text("在此写出值；是文字则加引号", "write the value here; put a text in quotes"),
        fatal=True,
    ),
    "yaml-tag": Message(
        Text("不读取 YAML 的标签（!）", "tags of YAML (!) are not read"),
        Text("没有标签的值", "values without tags"),
        Text("删去标签；是文字则加引号", "remove the tag; put a text in quotes"),
        fatal=True,
    ),
    "bad-key": Message(
        Text("键是列表或映射", "a list or mapping stands as a key"),
        Text("一个词作键", "a word as a key"),
        Text("在冒号前写一个词", "write a word before the colon"),
        fatal=True,
    ),
    "second-document": Message(
        Text("文件里有第二份文档（---）", "a second document (---) begins here"),
        Text("一个文件一例病人", "one patient in a file"),
        Text("分成两个文件，或删去“---”", "split the file, or remove the line ---"),
        fatal=True,
    ),
    "bad-json": Message(
        Text("JSON 到此处有误", "the JSON goes wrong here"),
        Text("JSON，或 YAML", "JSON, or YAML"),
        Text("检查此处的逗号、引号和括号", "check commas, quotes and brackets around this place"),
        fatal=True,
    ),
    "unreadable": Message(
        Text("无法读取", "this cannot be read"),
        Text("YAML 或 JSON", "YAML or JSON"),
        Text("检查缩进、引号和括号", "check indentation, quotes and brackets"),
        fatal=True,
    ),
    "duplicate-key": Message(
        Text("同一个键写了两次", "a key stands twice"),
        Text("每个键一次", "each key once"),
        Text("删去其中一个", "remove one of the two"),
        fatal=True,
    ),
    "too-deep": Message(
        Text("嵌套过深", "the nesting is too deep"),
        Text("最多“组—资料—数值”三层", "at most group, fact and value"),
        Text(
            "减少层次",
            "flatten it",
        ),
        fatal=True,
    ),
    "not-a-case": Message(
        Text("病例应由“键: 值”组成", "a case is made of keys with their values"),
        Text("每行一项，如 性别: 女", "one in a line, such as sex: female"),
        Text("资料的名称见 myorx facts", "the names of the facts: myorx facts"),
        fatal=True,
    ),
    "list-of-cases": Message(
        Text("这是一个列表，不是一例病人", "this is a list, not one patient"),
        Text("每行一项，如 性别: 女", "one fact in a line, such as sex: female"),
        Text(
            "一个文件一例病人，去掉行首的“-”", "one patient in a file, without the leading dashes"
        ),
        fatal=True,
    ),
    "result-given": Message(
        Text("这是本程序的输出，不是病例", "this is a result of this program, not a case"),
        Text("病例（YAML 或 JSON）", "a case (YAML or JSON)"),
        Text("请给出得到这一结果的病例", "give the case that the result was made from"),
        fatal=True,
    ),
    "fhir-given": Message(
        Text(
            "这是 FHIR 资源，不是本程序的病例",
            "this is a FHIR resource, not a case of this program",
        ),
        Text("病例（YAML 或 JSON）", "a case (YAML or JSON)"),
        Text("资料的名称见 myorx facts", "the names of the facts: myorx facts"),
        fatal=True,
    ),
    "not-facts": Message(
        Text("“{name}”之下应为资料", "under '{name}' stand facts"),
        Text("“键: 值”，如 年龄: 37", "keys with their values, such as age: 37"),
        Text("在其下每行写一项", "write one in a line below it"),
    ),
    "as-of-missing": Message(
        Text("缺少评估日期 as_of", "the date of the case, as_of, is missing"),
        Text("完整日期，如 2026-11-22", "a whole date such as 2026-11-22"),
        Text("在病例中写 as_of，或运行时给出", "write as_of in the case, or give it when running"),
        fatal=True,
    ),
    "as-of-bad": Message(
        Text("评估日期 as_of 不是完整日期", "the date of the case, as_of, is no whole date"),
        Text("完整日期，如 2026-11-22", "a whole date such as 2026-11-22"),
        Text(
            "写出年、月、日",
            "write year, month and day",
        ),
        fatal=True,
    ),
    "as-of-differs": Message(
        Text(
            "病例写的评估日期与运行时给出的（{asked}）不同",
            "the case has another date than the one asked for ({asked})",
        ),
        Text("两处一致，或只给一处", "the same date, or only one of the two"),
        Text(
            "改正其一，或去掉 --as-of",
            "correct one of the two, or leave --as-of out",
        ),
        fatal=True,
    ),
    # -- keys
    "unknown-key": Message(
        Text("没有叫“{name}”的资料", "there is no fact called '{name}'"),
        Text("资料词典中的名称（myorx facts）", "the names of the dictionary (myorx facts)"),
        Text("{near}", "{near}"),
    ),
    "ambiguous-key": Message(
        Text("“{name}”可指多项资料", "'{name}' may mean more than one fact"),
        Text("{names}", "{names}"),
        Text("请写其中一个标识", "write one of these ids"),
    ),
    "given-twice": Message(
        Text("“{label}”给了两次（另见 {other}）", "{label} is given twice (also at {other})"),
        Text("每项资料一次", "each fact once"),
        Text("删去其中一个", "remove one of the two"),
    ),
    "computed-fact": Message(
        Text("“{label}”由其他资料推算，不能直接录入", "{label} is computed and cannot be given"),
        None,
        Text("请录入它所依据的资料：{sources}", "give what it rests on: {sources}"),
    ),
    "unknown-field": Message(
        Text("此处没有“{name}”这一项", "'{name}' has no place here"),
        Text("{names}", "{names}"),
        Text("{near}", "{near}"),
    ),
    # -- the shape of a value
    "not-a-value": Message(
        Text("“{label}”应为一个值", "{label} takes one value"),
        Text(
            "一个值，或 {{value: …, unit: …, on: 日期}}",
            "a value, or {{value: …, unit: …, on: date}}",
        ),
        Text(
            "只写一个值；有多次结果时写最近一次",
            "write one value; of several results the latest",
        ),
    ),
    "not-plain": Message(
        Text("“{name}”只能是一个值", "{name} takes one plain value"),
        Text("一个词、数值或日期", "a word, a number or a date"),
        Text("只写一个；治疗有多次时各占一行", "write one; of treatments, each takes its own line"),
    ),
    "value-missing": Message(
        Text("没有值，也没有未知的原因", "there is neither a value nor a reason for its absence"),
        Text("value，或 unknown: 待回报", "value, or unknown: pending"),
        Text(
            "写出 value，或写明为何未知",
            "give value, or say why it is unknown",
        ),
    ),
    "value-and-unknown": Message(
        Text("既有值又写未知", "there is a value and also a reason for its absence"),
        Text("二者之一", "one of the two"),
        Text(
            "删去其中一个",
            "remove one of the two",
        ),
    ),
    "given-in-two-places": Message(
        Text("{what}写了两处且不同", "the {what} stands in two places and differs"),
        Text("只写一处", "one place"),
        Text(
            "删去其中一个",
            "remove one of the two",
        ),
    ),
    "bad-reason": Message(
        Text("不认识的未知原因", "this is no reason for a value to be unknown"),
        Text("未问、待回报、未做、弱阳性/不确定", "not asked, pending, not done, indeterminate"),
        Text(
            "写其中一个",
            "write one of these",
        ),
    ),
    "bad-boolean": Message(
        Text("“{label}”是是非项", "{label} is a yes-or-no fact"),
        Text(
            "是/否、有/无、阳性/阴性，或未知的原因",
            "yes or no, positive or negative, or why unknown",
        ),
        Text("写其中一个词；不知道则写“不详”", "write one of these words, or unknown"),
    ),
    "bad-code": Message(
        Text("“{label}”没有这个取值", "{label} has no such value"),
        Text("{names}", "{names}"),
        Text("{near}", "{near}"),
    ),
    "bad-number": Message(
        Text("“{label}”应为数值", "{label} takes a number"),
        Text("{form}", "{form}"),
        Text(
            "只写一个阿拉伯数字的数；小数点用“.”，不要千位分隔符和约数",
            "one number, in figures; a point for decimals, no thousands separator, no 'about'",
        ),
    ),
    "number-range": Message(
        Text("“{label}”写成了范围", "{label} is given as a range"),
        Text("一个数值；只知界限则用 < ≤ > ≥", "one number; a bound with < <= > >="),
        Text("写实测值；没有则写“不详”", "give the value measured, or unknown"),
    ),
    "number-too-long": Message(
        Text("“{label}”的数字过长", "the number of {label} is too long"),
        Text("小数点前不超过 20 位", "at most 20 digits before the point"),
        Text(
            "核对数值和单位",
            "check the number and the unit",
        ),
    ),
    "not-whole": Message(
        Text("“{label}”应为整数", "{label} takes a whole number"),
        Text("整数", "a whole number"),
        Text(
            "写整数",
            "write a whole number",
        ),
    ),
    "comparator-misplaced": Message(
        Text("“{label}”不能带比较符", "{label} takes no comparison sign"),
        Text("一个值", "a plain value"),
        Text(
            "删去比较符",
            "remove the sign",
        ),
    ),
    "bad-comparator": Message(
        Text("不认识的比较符", "this is no comparison sign"),
        Text("< ≤ > ≥", "< <= > >="),
        Text(
            "写其中一个，或不写",
            "write one of these, or none",
        ),
    ),
    "bad-date": Message(
        Text("“{label}”不是日期", "{label} is no date"),
        _DATES,
        Text("四位年份在前；不知道则写“不详”", "the year first, in four digits; or unknown"),
    ),
    "no-such-day": Message(
        Text("“{label}”：日历上没有这一天", "{label}: no calendar has this day"),
        _DATES,
        Text("核对年、月、日；记不清日可只写年月", "check it; year and month alone will do"),
    ),
    "date-far": Message(
        Text(
            "“{label}”与评估日期 {as_of} 相差超过 {years} 年",
            "{label} lies more than {years} years from the date of the case, {as_of}",
        ),
        Text("相差不超过 {years} 年", "within {years} years"),
        Text("核对年份", "check the year"),
    ),
    "date-in-future": Message(
        Text("“{label}”晚于评估日期 {as_of}", "{label} lies after the date of the case, {as_of}"),
        Text("不晚于 {as_of}", "no later than {as_of}"),
        Text("核对日期或 as_of", "check the date, or as_of"),
    ),
    # -- units and ranges
    "unit-missing": Message(
        Text(
            "“{label}”必须写单位：常用单位不止一个（{units}）{note}",
            "{label} needs its unit: more than one is in use ({units}){note}",
        ),
        Text("如 {examples}", "one of {examples}"),
        Text("照化验单写出单位", "write the unit as the report has it"),
    ),
    "unit-misplaced": Message(
        Text("“{label}”没有单位", "{label} has no unit"),
        Text("只写数字", "a number alone"),
        Text(
            "删去单位；数值按别的单位计的，先换算",
            "remove the unit; convert first what counts in another one",
        ),
    ),
    "unit-refused": Message(
        Text("“{label}”不接受单位 {unit}：{reason}", "{label} is not accepted in {unit}: {reason}"),
        Text("{units}", "{units}"),
        Text("核对化验单上的单位", "check the unit on the report"),
    ),
    "unit-dimension": Message(
        Text(
            "“{label}”的单位 {unit} 是另一种量，不能换算为 {own}",
            "{unit} measures something else than {label} does and does not convert to {own}",
        ),
        Text("{units}", "{units}"),
        Text("核对化验单上的单位", "check the unit on the report"),
    ),
    "unit-unknown": Message(
        Text("“{label}”不认识单位 {unit}", "{label} does not know the unit {unit}"),
        Text("{units}", "{units}"),
        Text("换成其中一个单位再录入", "convert to one of these units first"),
    ),
    "unit-uneven": Message(
        Text(
            "“{label}”按天数计，不能从 {unit} 换算：月、年的天数不定",
            "{label} counts days; the unit {unit} does not convert: months and years differ",
        ),
        Text("{units}", "{units}"),
        Text(
            "写天数或周数（1 个月约 30 d）；只知界限则用 < ≤ > ≥，如 >90 d",
            "give days or weeks (a month is about 30 d); a bound with < <= > >=, as in >90 d",
        ),
    ),
    "implausible": Message(
        Text("“{label}”的值不可能", "this value of {label} is impossible"),
        Text("{low} 至 {high}", "{low} to {high}"),
        Text("核对数值和单位", "check the number and the unit"),
    ),
    # -- therapies and orders
    "not-therapies": Message(
        Text("治疗史应为列表", "therapies are a list"),
        Text(
            "列表，每行 {{drug: …, dose: …, start: …, stop: …}}；从未用药写 none",
            "a list of {{drug: …, dose: …, start: …, stop: …}}; none for no therapy ever",
        ),
        Text(
            "每种药一行，行首写“- ”",
            "a line for each drug, beginning with a dash",
        ),
    ),
    "not-a-therapy": Message(
        Text("这一行不是治疗", "this is no therapy"),
        Text("{{drug: …, dose: …, start: …, stop: …}}", "{{drug: …, dose: …, start: …, stop: …}}"),
        Text(
            "写出药名（drug）",
            "name the drug (drug)",
        ),
    ),
    "drug-missing": Message(
        Text("没有写药物", "the drug is missing"),
        Text("药物名称（drug）", "the name of the drug (drug)"),
        Text(
            "写出药名；不知道药名则删去此行",
            "name the drug; leave the line out where it is not known",
        ),
    ),
    "unknown-drug": Message(
        Text("不认识药物“{name}”", "the drug '{name}' is not known"),
        Text("本指南的药名或缩写（写全）", "a name of the guideline's drugs, in full"),
        Text("{near}", "{near}"),
    ),
    "ambiguous-drug": Message(
        Text("“{name}”可指多种药物", "'{name}' may mean more than one drug"),
        Text("{names}", "{names}"),
        Text("请写其中一个全名", "write one of these names in full"),
    ),
    "bad-dose": Message(
        Text("剂量无法读取", "the dose cannot be read"),
        Text("数值加单位，如 60 mg/d、60 mg qd、1 mg/kg/d", "such as 60 mg/d, 60 mg qd, 1 mg/kg/d"),
        Text("不知道剂量则不写 dose", "leave dose out where it is not known"),
    ),
    "dose-not-positive": Message(
        Text("剂量不大于 0", "the dose is not more than 0"),
        Text("大于 0 的剂量", "a dose of more than 0"),
        Text("已停药则写 stop: 停药日期", "of what was stopped, give the day: stop: 2026-03-15"),
    ),
    "dose-in-pieces": Message(
        Text("剂量以片、支计，不知每片多少", "the dose counts tablets whose strength is not said"),
        Text("每日的量，如 60 mg/d、60 mg qd", "the amount a day, such as 60 mg/d or 60 mg qd"),
        Text("片数乘以每片的量", "multiply the tablets by their strength"),
    ),
    "doses-overlap": Message(
        Text(
            "同一种药同一天有两个剂量（另见 {other}）",
            "one drug at two doses on the same day (also at {other})",
        ),
        Text("一天一个剂量", "one dose for a day"),
        Text(
            "改过剂量：前一行写 stop: {start}；同日分次：合为一行",
            "after a change of dose, end the earlier line: stop: {start}; "
            "doses of one day make one line",
        ),
    ),
    "drug-class": Message(
        Text("“{name}”是一类药，不是一种药", "'{name}' is a class of drugs, not one drug"),
        Text("{names}", "{names}"),
        Text("写出是哪一种；不知道是哪一种则不列此行", "name the drug; leave it out where unknown"),
    ),
    "dose-without-rhythm": Message(
        Text("剂量没有写每日多少", "the dose does not say per how long"),
        Text(
            "{dose}/d，或 {dose} qd、bid；冲击请写 pulse: yes",
            "{dose}/d, or {dose} qd, bid; a pulse: pulse: yes",
        ),
        Text(
            "写出每日的量或频次",
            "say how much a day, or how often",
        ),
    ),
    "bad-route": Message(
        Text("不认识的给药途径", "this route is not known"),
        Text("{names}", "{names}"),
        Text(
            "写其中一个；不知道则不写",
            "write one of these, or leave it out",
        ),
    ),
    "bad-response": Message(
        Text("不认识的疗效", "this response is not known"),
        Text("{names}", "{names}"),
        Text(
            "写其中一个；不知道则不写",
            "write one of these, or leave it out",
        ),
    ),
    "bad-yes-no": Message(
        Text("此处只能是或否", "this is a yes-or-no question"),
        Text("是、否、不详", "yes, no, unknown"),
        Text(
            "写其中一个",
            "write one of these",
        ),
    ),
    "on-and-start": Message(
        Text("既写给药日期 on 又写起止日期", "there is a day (on) and also a start or stop"),
        Text("二者之一", "one of the two"),
        Text(
            "单次用药写 on，持续用药写 start、stop",
            "on for a single day; start and stop for a course",
        ),
    ),
    "stop-before-start": Message(
        Text("停药早于开始", "it stops before it starts"),
        Text("停药不早于开始", "a stop on or after the start"),
        Text("核对两个日期", "check both dates"),
    ),
    "start-in-future": Message(
        Text("开始日期晚于评估日期 {as_of}", "it starts after the date of the case, {as_of}"),
        Text("不晚于 {as_of}", "no later than {as_of}"),
        Text(
            "核对日期；尚未用的药移入 orders",
            "check the date; move what is not yet taken to orders",
        ),
    ),
    "never-yet-listed": Message(
        Text("写了没有用药，又说用药史不完整", "no therapy ever, yet the history is not complete"),
        Text("二者之一", "one of the two"),
        Text(
            "核对后改正其一",
            "correct one of the two",
        ),
    ),
    "not-orders": Message(
        Text("医嘱应为药名列表", "orders are a list of drugs"),
        Text("药名列表", "a list of names of drugs"),
        Text(
            "每种药一项，如 [药名, 药名]",
            "one item for each drug: [name, name]",
        ),
    ),
}


LOOK_UP: Final = Text("查看 myorx facts", "see myorx facts")
CHOOSE: Final = Text(
    "选其中一个；不知道则写“不详”", "choose one; write unknown where it is not known"
)
ONE_OF_THESE: Final = Text("请用其中一个键", "use one of these keys")
ANOTHER_DRUG: Final = Text(
    "若确非本指南所列药物，删去此行（可记入 about）：它不影响方案",
    "if it is none of these, leave it out (or name it under about): no advice depends on it",
)


def suggest(names: Text, otherwise: Text = LOOK_UP) -> Text:
    """The remedy for an unknown name: what may have been meant, or ``otherwise``."""
    if not names.en:
        return otherwise
    return Text(f"是否指 {names.zh}？", f"did you mean {names.en}?")


def number_form(unit: str | None) -> Text:
    """How a number is written, for a quantity with its unit."""
    if unit is None:
        return Text("数值，如 12.5、<0.5", "a number such as 12.5 or <0.5")
    return Text(f"数值加单位，如 12.5 {unit}、<0.5 {unit}", f"such as 12.5 {unit} or <0.5 {unit}")
