"""A plan as text for the terminal: the headline in one screen, the details under it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from myorx.cli.calendar_text import calendar_rows
from myorx.cli.rows import Row, Tone, heading, rows, rule
from myorx.cli.words import Language, say, word
from myorx.guideline.texts import Text
from myorx.plan.model import (
    AdviceResult,
    CandidateResult,
    DecisionResult,
    DoseLine,
    DrugResult,
    Line,
    Need,
    PartResult,
    Plan,
    Reason,
    Remark,
    StatementShown,
)

_LINE_MARKS = {
    "outside": "○",
    "alert": "‼",
    "plan": "▶",
    "check": "?",
    "option": "+",
    "rescue": "↻",
    "not_advised": "×",
    "advice": "·",
    "gap": "…",
    "elsewhere": "□",
}
_HEADLINE_CITES = 3
_STATUS_TONES: dict[str, Tone] = {
    "recommended": "good",
    "option": "good",
    "contested": "warning",
    "blocked": "warning",
    "excluded": "critical",
    "advised_against": "warning",
    "contraindicated": "critical",
    "conflict": "critical",
}


def plan_rows(plan: Plan, lang: Language) -> list[Row]:
    """The whole plan as rows of at most 80 columns."""
    return [
        *_title(plan, lang),
        *headline_rows(plan, lang),
        *_findings(plan, lang),
        *_decisions(plan, lang),
        *_drugs(plan.drugs, lang),
        *_advice(plan.advice, lang),
        *calendar_rows(plan.calendar, lang),
        *need_rows(plan.needs, lang),
        *_remarks_section("not_covered", plan.not_covered, lang),
        *statement_rows(plan.statements, lang),
        *_disputes(plan, lang),
        *_receipt(plan, lang),
    ]


def _title(plan: Plan, lang: Language) -> list[Row]:
    receipt = plan.receipt
    first = f"MyoRx · {receipt.guideline} {receipt.version} · {word('as_of', lang)} {plan.as_of}"
    return [
        Row(first, "head"),
        *rows(say(plan.title, lang), "dim"),
        *rows(f"{say(receipt.review, lang)} · {say(receipt.notice, lang)}", "dim"),
    ]


def headline_rows(plan: Plan, lang: Language) -> list[Row]:
    """The headline between two rules."""
    body = [row for line in plan.headline for row in _headline_line(line, lang)]
    return [rule(), *body, rule()]


def _headline_line(line: Line, lang: Language) -> list[Row]:
    tone: Tone = "plain"
    if line.level == "critical":
        tone = "critical"
    elif line.level == "warning":
        tone = "warning"
    return rows(
        say(line.says, lang) + cited(line.cites, _HEADLINE_CITES),
        tone,
        first=f"{_LINE_MARKS[line.kind]} ",
    )


def cited(cites: Sequence[str], most: int | None = None) -> str:
    """`` [S5.17, S5.F1]``, or nothing; at most ``most`` of them, then an ellipsis."""
    shown = list(cites if most is None else cites[:most])
    if len(shown) < len(cites):
        shown.append("…")
    return f" [{', '.join(shown)}]" if shown else ""


def quoted(verb: Text, lang: Language) -> str:
    """The source's own verb in quotation marks."""
    return f"「{verb.zh}」" if lang == "zh" else f"“{verb.en}”"


def _basis(basis: str, lang: Language) -> str:
    return f" ({word('inferred', lang)})" if basis == "inferred" else ""


def _findings(plan: Plan, lang: Language) -> list[Row]:
    if not plan.findings:
        return []
    out = heading(word("findings", lang))
    for finding in plan.findings:
        if finding.value not in ("false", "unknown"):
            text = f"{say(finding.says, lang)}{_basis(finding.basis, lang)}{cited(finding.cites)}"
            out += rows(text, first="  - ")
    for value in ("unknown", "false"):
        labels = [say(f.label, lang) for f in plan.findings if f.value == value]
        if labels:
            out += rows(listed(labels, lang), "dim", first=f"  {word(value, lang)}: ", rest="    ")
    return out


def listed(items: Sequence[str], lang: Language) -> str:
    """The items side by side, with the separator of the language."""
    return ("、" if lang == "zh" else "; ").join(items)


def _decisions(plan: Plan, lang: Language) -> list[Row]:
    if not plan.decisions:
        return []
    out = heading(word("decisions", lang))
    for decision in plan.decisions:
        out += [Row(""), *_decision(decision, lang)]
    return out


def _decision(decision: DecisionResult, lang: Language) -> list[Row]:
    state = word(decision.status, lang)
    title = f"§{decision.section} {say(decision.question, lang)}"
    out = rows(f"{title} — {state}" if state else title, "head")
    if decision.applies is not None and decision.status == "open":
        out += rows(say(decision.applies.condition, lang), first="    ")
    if decision.keeps is not None:
        out += _remark(decision.keeps, lang, indent="    ")
    shown = [c for c in decision.candidates if c.status != "not_indicated" or c.reserved]
    for candidate in shown:
        out += candidate_rows(candidate, lang)
    if decision.none_left is not None:
        out += rows(say(decision.none_left, lang), "warning", first="  ! ")
    for gap in decision.gaps:
        label = word("gap" if gap.value == "true" else "maybe_gap", lang)
        out += rows(f"{label}: {say(gap.says, lang)}{cited(gap.cites)}", first="  … ")
    for note in decision.notes:
        out += _remark(note, lang, indent="    ")
    hidden = [say(c.names, lang) for c in decision.candidates if c not in shown]
    if hidden:
        out += rows(f"{word('others', lang)}: {listed(hidden, lang)}", "dim", first="    ")
    return out


def status_words(candidate: CandidateResult, lang: Language) -> str:
    """The status with its qualifiers: "INDICATED, BLOCKED, provisional"."""
    words = []
    if candidate.status in ("blocked", "excluded") and candidate.indication == "indicated":
        words.append(word("indicated", lang))
    words.append(word("reserved" if candidate.reserved else candidate.status, lang))
    if candidate.provisional:
        words.append(word("provisional", lang))
    if candidate.basis == "inferred":
        words.append(word("inferred", lang))
    return "，".join(words) if lang == "zh" else ", ".join(words)


def candidate_rows(candidate: CandidateResult, lang: Language) -> list[Row]:
    """One candidate with its parts, doses, arguments and notes."""
    tone = _STATUS_TONES.get(candidate.status, "plain")
    title = f"{say(candidate.names, lang)} — {status_words(candidate, lang)}"
    if candidate.role != "first_line":
        title += f" · {word(candidate.role, lang)}"
    if candidate.verb is not None:
        title += f" · {quoted(candidate.verb, lang)}"
    out = rows(title + cited(candidate.cites), tone, first="  ■ ")
    if candidate.requires is not None:
        text = f"{word('only_after', lang)}: {say(candidate.requires.condition, lang)}"
        out += rows(f"{text} = {word(candidate.requires.value, lang)}", first="      ")
    if candidate.capped_by:
        text = f"{word('not_covered_for', lang)}: {', '.join(candidate.capped_by)}"
        out += rows(text, first="      ")
    for part in candidate.parts:
        out += _part(part, lang, indent="      ")
    for reason in candidate.reasons:
        if reason.drug is None and reason.value != "false":
            out += reason_rows(reason, lang, indent="      ")
    for note in candidate.notes:
        out += _remark(note, lang, indent="      ")
    return out


def _part(part: PartResult, lang: Language, *, indent: str) -> list[Row]:
    text = f"{say(part.names, lang)}: {word(part.safety, lang)}"
    if part.is_class:
        text += f" · {word('any_of', lang)}"
    if part.dose_not_stated:
        text += f" · {word('dose_not_stated', lang)}"
    if part.not_covered:
        text += f" · {word('not_covered_for', lang)}: {', '.join(part.not_covered)}"
    tone: Tone = "plain" if part.safety == "clear" else "warning"
    out = rows(text, tone, first=f"{indent}- ")
    for dose in part.doses:
        out += dose_rows(dose, lang, indent=f"{indent}  ")
    for hazard in part.hazards:
        out += reason_rows(hazard, lang, indent=f"{indent}  ")
    for member in part.members:
        out += _part(member, lang, indent=f"{indent}  ")
    return out


def dose_rows(dose: DoseLine, lang: Language, *, indent: str) -> list[Row]:
    """One dose line with its reason where it is withheld."""
    text = f"{say(dose.says, lang)}{_basis(dose.basis, lang)}{cited(dose.cites)}"
    if dose.withheld is not None:
        text = f"{say(dose.label, lang)}: {say(dose.withheld, lang)}{cited(dose.cites)}"
    return rows(text, first=f"{indent}= ")


def reason_rows(reason: Reason, lang: Language, *, indent: str) -> list[Row]:
    """One argument: kind, condition in words, its value, the reason given, citations."""
    colon, stop = ("：", "。") if lang == "zh" else (": ", ". ")
    text = f"{word(reason.kind, lang)}{colon}{say(reason.condition, lang)}"
    text += f" = {word(reason.value, lang)}"
    if reason.says is not None:
        text += f"{stop}{say(reason.says, lang)}"
    if reason.strength is not None:
        text += f" {quoted(reason.strength, lang)}"
    if reason.indirect:
        text += f" ({word('indirect', lang)})"
    tone: Tone = "plain"
    if reason.value == "true" and reason.kind in ("exclude", "against"):
        tone = (
            "critical" if reason.kind == "exclude" or reason.severity == "critical" else "warning"
        )
    return rows(
        f"{text}{_basis(reason.basis, lang)}{cited(reason.cites)}", tone, first=f"{indent}· "
    )


def _remark(remark: Remark, lang: Language, *, indent: str) -> list[Row]:
    text = say(remark.says, lang)
    if remark.indirect:
        text += f" ({word('indirect', lang)})"
    return rows(
        f"{text}{_basis(remark.basis, lang)}{cited(remark.cites)}", "dim", first=f"{indent}* "
    )


def _remarks_section(key: str, remarks: Iterable[Remark], lang: Language) -> list[Row]:
    body = [row for remark in remarks for row in rows(say(remark.says, lang), first="  □ ")]
    return [*heading(word(key, lang)), *body] if body else []


def _drugs(drugs: Sequence[DrugResult], lang: Language) -> list[Row]:
    if not drugs:
        return []
    out = heading(word("drugs", lang))
    quiet = [say(drug.names, lang) for drug in drugs if _is_quiet(drug)]
    for drug in drugs:
        if _is_quiet(drug):
            continue
        flags = [word(key, lang) for key in ("taken", "ordered") if getattr(drug, key)]
        if drug.offered:
            flags.append(word("offered", lang))
        verdict = word(
            "not_covered_verdict" if drug.verdict == "not_covered" else drug.verdict, lang
        )
        text = f"{say(drug.names, lang)} ({', '.join(flags)}): {verdict}"
        if drug.says is not None:
            text += f" — {say(drug.says, lang)}"
        out += rows(text, _STATUS_TONES.get(drug.verdict, "plain"), first="  - ")
        if drug.taken or drug.ordered or drug.verdict in ("contraindicated", "conflict"):
            for hazard in drug.hazards:
                out += reason_rows(hazard, lang, indent="    ")
            for note in drug.notes:
                out += _remark(note, lang, indent="    ")
    if quiet:
        out += rows(listed(quiet, lang), "dim", first=f"  {word('clear', lang)}: ", rest="    ")
    return out


def _is_quiet(drug: DrugResult) -> bool:
    """Only offered, nothing against it, nothing left to ask: listed by name."""
    return drug.verdict == "clear" and not (drug.taken or drug.ordered or drug.needs)


def _advice(advice: Sequence[AdviceResult], lang: Language) -> list[Row]:
    if not advice:
        return []
    out = heading(word("advice", lang))
    for item in advice:
        text = f"[{word(item.status, lang)}] {say(item.label, lang)}"
        if item.verb is not None:
            text += f" {quoted(item.verb, lang)}"
        text += f": {say(item.says, lang)}{_basis(item.basis, lang)}{cited(item.cites)}"
        out += rows(text, first="  - ")
        if item.status == "may_apply" and item.condition is not None:
            out += rows(
                f"{word('pending_verdict', lang)}: {say(item.condition.condition, lang)}",
                first="      ",
            )
        for part in item.parts:
            for dose in part.doses:
                out += dose_rows(dose, lang, indent="      ")
        for reason in item.reasons:
            if reason.value != "false":
                out += reason_rows(reason, lang, indent="      ")
        for note in item.notes:
            out += _remark(note, lang, indent="      ")
    return out


def need_rows(needs: Sequence[Need], lang: Language) -> list[Row]:
    """What to find out next, best first."""
    if not needs:
        return []
    out = heading(word("needs", lang))
    for number, need in enumerate(needs, start=1):
        reason = word(need.reason, lang)
        asked = f"{say(need.label, lang)} ({reason}): {say(need.question, lang)}"
        text = f"{asked} → {say(need.why, lang)}"
        out += rows(text, "warning" if need.urgent else "plain", first=f" {number:2}. ")
    return out


def statement_rows(statements: Sequence[StatementShown], lang: Language) -> list[Row]:
    """The statements that were cited, with the words that anchor them and their references."""
    if not statements:
        return []
    out = heading(word("statements", lang))
    for statement in statements:
        refs = (
            f" ({word('ref', lang)} {', '.join(map(str, statement.refs))})"
            if statement.refs
            else ""
        )
        text = f"「{statement.quote}」 {say(statement.says, lang)}{refs}"
        out += rows(text, "dim", first=f"  {statement.id} ", rest="        ")
    return out


def _disputes(plan: Plan, lang: Language) -> list[Row]:
    if not plan.disputes:
        return []
    out = heading(word("disputes", lang))
    for dispute in plan.disputes:
        taken = f"{word('reading_taken', lang)}: {say(dispute.taken, lang)}"
        text = f"{say(dispute.problem, lang)} {taken}"
        out += rows(text, "dim", first=f"  {dispute.id}: ", rest="      ")
    return out


def _receipt(plan: Plan, lang: Language) -> list[Row]:
    receipt = plan.receipt
    out = heading(word("receipt", lang))
    out += rows(
        f"{word('guideline', lang)} {receipt.guideline} {receipt.version} "
        f"{receipt.guideline_hash[:16]} · {word('engine', lang)} {receipt.engine} · "
        f"{word('case', lang)} {receipt.case_hash[:16]} · {word('as_of', lang)} {receipt.as_of}",
        "dim",
        first="  ",
    )
    for fact in receipt.inferences:
        says = f" — {say(fact.says, lang)}" if fact.says is not None else ""
        value = f"{say(fact.label, lang)} = {fact.value}"
        text = f"{word('inferences', lang)}: {value}{says}{cited(fact.cites)}"
        out += rows(text, "dim", first="  ")
    return out
