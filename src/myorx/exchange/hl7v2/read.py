"""Messages of one patient -> results, courses of drugs, sex and date of birth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import msgspec

from myorx.exchange.claims import Claim
from myorx.exchange.codes import Codes
from myorx.exchange.courses import Course, Recognised, recognise
from myorx.exchange.hl7v2.message import Message, Segment, read_messages
from myorx.exchange.hospital import DrugCode, Hospital
from myorx.exchange.importing import Found
from myorx.exchange.people import born, sex
from myorx.exchange.pieces import in_amounts
from myorx.exchange.report import Ignored, UnreadableError
from myorx.exchange.rows import Row, read_rows
from myorx.exchange.words import note
from myorx.facts.names import index
from myorx.facts.spelling import key
from myorx.facts.words import RHYTHMS
from myorx.guideline.models import Guideline

_STATUSES: Final[Mapping[str, str]] = {
    "F": "final",
    "U": "final",
    "C": "corrected",
    "P": "preliminary",
    "R": "preliminary",
    "S": "preliminary",
    "I": "pending",
    "O": "pending",
    "D": "deleted",
    "W": "deleted",
}
"""OBX-11 -> status; X (cannot be obtained) and N (not asked) are no results."""

_WHOLE_ORDER: Final[Mapping[str, str]] = {"X": "deleted", "Y": "deleted"}
"""OBR-25 -> status of every result under it, where its own says nothing."""

_RESULTS: Final = ("ORU",)
_ORDERS: Final = ("RDE", "OMP", "RDS", "RGV", "RAS")
_NEW: Final = ("NW", "XO", "RE", "RF", "OK", "SN", "")
_OVER: Final = ("DC", "CA", "OD", "OC", "CR", "DR")
_PLAIN: Final = ("NM", "ST", "TX", "FT", "CE", "CWE", "SN", "IS", "ID", "NA", "")
"""Value types (OBX-2) that are read; not dates, files, waveforms."""


class _Order(NamedTuple):
    """What stands above the results that follow: OBR and, later, its specimen."""

    number: str = ""
    at: str = ""
    status: str = ""
    specimen: str = ""


def read(data: bytes, hospital: Hospital | None, codes: Codes, guideline: Guideline) -> Found:
    """What the messages in ``data`` say. Raises UnreadableError for what is no message, and where
    they are of more than one patient."""
    messages = read_messages(data, None if hospital is None else hospital.encoding)
    _one_patient(messages)
    rows: list[Row] = []
    others: list[Claim | Course | Ignored] = []
    for message in messages:
        kind = message.kind.partition("^")[0]
        if kind in _RESULTS:
            found = list(_rows(message, codes))
            rows += [each for each in found if isinstance(each, Row)]
            others += [each for each in found if isinstance(each, Ignored)]
        elif kind in _ORDERS:
            others += _courses(message, hospital, codes, guideline)
        else:
            others.append(Ignored(message.where, "MSH", note("message_kind", kind=message.kind)))
            continue
        others += _unread(message, kind)
        others += _person(message, guideline)
    others += read_rows(rows, hospital, codes, guideline)
    return Found(
        "hl7",
        tuple(each for each in others if isinstance(each, Claim)),
        tuple(each for each in others if isinstance(each, Course)),
        tuple(each for each in others if isinstance(each, Ignored)),
        (note("needs_mapping"),) if hospital is None else (),
    )


def _one_patient(messages: list[Message]) -> None:
    identities: dict[str, None] = {}
    nobody: list[str] = []
    for message in messages:
        person = next((each for each in message.segments if each.name == "PID"), None)
        identity = "" if person is None else person.part(3) or person.part(2)
        if identity:
            identities[identity] = None
        else:
            nobody.append(message.where)
    if len(identities) > 1:
        places = ", ".join(f"PID-3 #{number + 1}" for number in range(len(identities)))
        raise UnreadableError(note("many_patients", count=str(len(identities)), places=places))
    if nobody and len(messages) > 1:
        raise UnreadableError(note("patient_missing"))


def _person(message: Message, guideline: Guideline) -> Iterator[Claim | Ignored]:
    for segment in message.segments:
        if segment.name == "PID":
            yield from sex(segment.part(8), f"{segment.where} PID-8", guideline)
            yield from born(moment(segment.part(7))[:10], f"{segment.where} PID-7", guideline)


_READ: Final = ("PID", "OBR", "OBX", "ORC", "SPM", "RXE", "RXO", "RXR", "RXD", "RXA", "TQ1")
_QUIET: Final = ("PV1", "PV2", "NK1", "EVN", "TXT", "CTI", "FT1")
"""Segments about the visit; they say nothing of the patient's state."""


def _unread(message: Message, kind: str) -> Iterator[Ignored]:
    for segment in message.segments:
        drug = segment.name.startswith("RX") or segment.name == "TQ1"
        out_of_place = kind in _RESULTS and drug
        if (segment.name not in _READ and segment.name not in _QUIET) or out_of_place:
            yield Ignored(segment.where, segment.name, note("segment", kind=segment.name))


# -- results ---------------------------------------------------------------------------------------


def _rows(message: Message, codes: Codes) -> Iterator[Row | Ignored]:
    """The results of a message; those of a kind that is no text or number are said."""
    specimens = _specimens(message)
    order = _Order()
    number = 0
    for segment in message.segments:
        if segment.name == "OBR":
            order = _Order(
                segment.part(3) or segment.part(2),
                moment(segment.part(7)),
                segment.part(25),
                specimens.get(number) or segment.part(15, 2) or segment.part(15),
            )
            number += 1
        elif segment.name == "OBX" and segment.part(2) not in _PLAIN:
            what = segment.part(3, 2) or segment.part(3)
            yield Ignored(segment.where, what, note("value_type", kind=segment.part(2)))
        elif segment.name == "OBX":
            yield _row(segment, order, codes)


def _specimens(message: Message) -> dict[int, str]:
    """The specimen (SPM-4) of each OBR, by its number; it may stand before or after its OBR."""
    found: dict[int, str] = {}
    orders = -1
    for segment in message.segments:
        orders += segment.name == "OBR"
        if segment.name == "SPM":
            found[max(orders, 0)] = segment.part(4, 2) or segment.part(4)
    return found


def _row(segment: Segment, order: _Order, codes: Codes) -> Row:
    field = segment.repeats(3)[0]
    code, name = segment.of(field, 1), segment.of(field, 2)
    codings = tuple(
        codes.prefixed(segment.of(field, first + 2), segment.of(field, first))
        for first in (1, 4)
        if segment.of(field, first + 2) and segment.of(field, first)
    )
    own = segment.part(11)
    status = _STATUSES.get(own, own or _STATUSES.get(order.status, "?"))
    if order.status in _WHOLE_ORDER:
        status = _WHOLE_ORDER[order.status]
    at = moment(segment.part(14)) or order.at
    same = (order.number, code, segment.part(4)) if order.number and code else ()
    return Row(
        where=segment.where,
        code=code,
        name=name,
        codings=tuple(each for each in codings if each.system is not None),
        value=_value(segment),
        unit=segment.part(6),
        specimen=order.specimen,
        at=at,
        status=status,
        method=segment.part(17, 2) or segment.part(17),
        same=same,
    )


def _value(segment: Segment) -> str:
    """OBX-5 as text; a structured number (SN) is put together: ``>^2000``, ``^1^:^320``."""
    kind = segment.part(2)
    field = segment.repeats(5)[0]
    if kind == "SN":
        return "".join(segment.of(field, number) for number in (1, 2, 3, 4))
    if kind in ("CE", "CWE"):
        return segment.of(field, 2) or segment.of(field, 1)
    # One text may run over repetitions.
    return " ".join(segment.of(each, 1) for each in segment.repeats(5)).strip()


def moment(text: str) -> str:
    """``20261122083000+0800`` as ISO 8601, as precise as it is; empty for what is no moment."""
    digits, zone = text.strip(), ""
    for sign in ("+", "-"):
        if sign in digits:
            digits, _, offset = digits.partition(sign)
            zone = f"{sign}{offset[:2]}:{offset[2:4]}" if len(offset) == 4 else ""
    digits = digits.partition(".")[0]
    if not digits.isdecimal():
        return ""
    day = "-".join(filter(None, (digits[:4], digits[4:6], digits[6:8])))
    if len(digits) < 12:
        return day
    return f"{day}T{digits[8:10]}:{digits[10:12]}:{digits[12:14] or '00'}{zone}"


# -- drugs -----------------------------------------------------------------------------------------


class _Sig(msgspec.Struct, frozen=True):
    """One order while its segments are read."""

    control: str = ""
    written: str = ""
    drug: Segment | None = None
    route: str = ""
    timing: Segment | None = None


def _courses(
    message: Message, hospital: Hospital | None, codes: Codes, guideline: Guideline
) -> Iterator[Course | Ignored]:
    sig = _Sig()
    for segment in message.segments:
        match segment.name:
            case "ORC":
                yield from _course(sig, hospital, codes, guideline)
                sig = _Sig(segment.part(1), moment(segment.part(9)))
            case "RXE" | "RXD" | "RXA":
                sig = msgspec.structs.replace(sig, drug=segment)
            case "RXO" if sig.drug is None:
                sig = msgspec.structs.replace(sig, drug=segment)
            case "RXR":
                route = segment.part(1)
                sig = msgspec.structs.replace(sig, route=route)
            case "TQ1":
                sig = msgspec.structs.replace(sig, timing=segment)
    yield from _course(sig, hospital, codes, guideline)


def _course(
    sig: _Sig, hospital: Hospital | None, codes: Codes, guideline: Guideline
) -> Iterator[Course | Ignored]:
    segment = sig.drug
    if segment is None:
        return
    number = 2 if segment.name in ("RXE", "RXD") else 5 if segment.name == "RXA" else 1
    code, name = segment.part(number), segment.part(number, 2)
    what = " ".join(filter(None, (name, f"[{code}]" if code else "")))
    if sig.control not in _NEW and sig.control not in _OVER:
        yield Ignored(segment.where, what, note("order_control", code=sig.control))
        return
    if sig.control in ("CA", "OC", "CR"):
        yield Ignored(segment.where, what, note("order_control", code=sig.control))
        return
    route = _route(sig.route, codes, guideline)
    local = _local(code, hospital)
    if local is not None:
        route = route or local.route
        by = f"{hospital.id if hospital else '?'} {code}"
        found = Recognised(index(guideline).drugs.find(local.drug)[0], by)
    else:
        coding = codes.prefixed(segment.part(number, 3), code, name)
        found = recognise((coding,), name, route, codes, guideline)
    if found.drug is None:
        yield Ignored(segment.where, what, found.why or note("drug_unknown"))
        return
    given = segment.name == "RXA"
    start, end, rhythm = _timing(sig, segment)
    start = start or sig.written[:10]
    amount, unit = _amount(segment)
    dose, told = in_amounts(amount, unit, rhythm, None if local is None else local.piece)
    yield Course(
        found.drug,
        segment.where,
        what,
        found.by,
        start=None if given else start or None,
        stop=None if given else end or ("stopped" if sig.control in _OVER else None),
        on=moment(segment.part(3))[:10] or None if given else None,
        dose=dose,
        route=route,
        notes=(*found.notes, *(() if given else (note("assumed_taken"),)), *told),
    )


def _local(code: str, hospital: Hospital | None) -> DrugCode | None:
    rows = () if hospital is None else hospital.drugs
    return next((each for each in rows if each.code == code), None)


def _amount(segment: Segment) -> tuple[str, str]:
    """Amount and unit: RXE-3 and 5, RXO-2 and 4, RXD-4 and 5, RXA-6 and 7."""
    places = {"RXE": (3, 5), "RXO": (2, 4), "RXD": (4, 5), "RXA": (6, 7)}
    figure, unit = places[segment.name]
    return segment.part(figure), segment.part(unit, 2) or segment.part(unit)


def _timing(sig: _Sig, segment: Segment) -> tuple[str, str, str]:
    """Start, end and rhythm: of TQ1, else of the older quantity/timing field (RXE-1)."""
    if sig.timing is not None:
        timing = sig.timing
        rhythm = timing.part(3)
        return moment(timing.part(7))[:10], moment(timing.part(8))[:10], _rhythm(rhythm)
    if segment.name != "RXE":
        return "", "", ""
    return (
        moment(segment.part(1, 4))[:10],
        moment(segment.part(1, 5))[:10],
        _rhythm(segment.part(1, 2)),
    )


def _rhythm(text: str) -> str:
    """``QD``, ``BID&0800`` and the like as a word that the case reader knows."""
    word = text.partition("&")[0].strip()
    return word if key(word) in RHYTHMS else ""


def _route(text: str, codes: Codes, guideline: Guideline) -> str | None:
    return codes.routes.get(("route", text.upper())) or index(guideline).routes.get(key(text))
