"""Programs: what they share, what they leave out, and how batches are cut and read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

import numpy as np  # noqa: E402

from myorx.language import (  # noqa: E402
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    Bounds,
    Days,
    Expression,
    Facts,
    LanguageError,
    QuantityType,
    StringType,
    Type,
    Value,
    columns,
    evaluate,
    parse,
)
from myorx.language.columns import (  # noqa: E402
    Builder,
    ColumnError,
    Truth,
    arrow_type,
    compile_all,
    count,
    decode,
    encode,
    field,
    record_batch,
    unpack,
)
from myorx.language.columns.planes import from_bits, masks, pack  # noqa: E402
from tests.language.columns.batches import patients  # noqa: E402
from tests.language.generate import CRP, PHASE, TYPES  # noqa: E402

ROWS = patients(7, 200, TYPES)
BATCH = record_batch(ROWS, TYPES)


def trees(texts: Mapping[str, str]) -> dict[str, Expression]:
    return {name: parse(text) for name, text in texts.items()}


def number(low: str | None, high: str | None = None, unit: str | None = None) -> Bounds:
    first = None if low is None else Decimal(low)
    last = first if high is None else Decimal(high)
    return Bounds(first, last, unit=unit)


# -- sharing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a and b", "b and a"),
        ("a or b", "b or a or b"),
        ("not (a and b)", "not a or not b"),
        ("a implies b", "b or not a"),
        ("crp > 5 'mg/L'", "0.5 'mg/dL' < crp"),
        ("not (crp > 5 'mg/L')", "crp <= 5 'mg/L'"),
        ("n = m", "m = n"),
        ("n != m", "not (m = n)"),
        ("n between 1 and 5", "n >= 1 and n <= 5"),
        ("phase in {'new', 'relapse'}", "phase in {'relapse', 'new'}"),
        ("phase = 'new'", "phase in {'new'}"),
        ("n + 1 > 3", "n + (2 - 1) > 3"),
        ("AtLeast(1, {a, b})", "a or b"),
        ("AtLeast(2, {a, b})", "a and b"),
        ("AtLeast(2, {a, b, c})", "AtLeast(1 + 0, {true, a}) and AtLeast(2, {c, b, a})"),
    ],
)
def test_equal_parts_are_computed_once(one: str, other: str) -> None:
    alone = compile_all({"one": parse(one)}, TYPES)
    both = compile_all(trees({"one": one, "other": other}), TYPES)
    assert len(both) == len(alone)
    assert both.outputs["one"] == both.outputs["other"]


def test_only_what_is_asked_for_is_computed() -> None:
    builder = Builder(TYPES)
    truth = builder.truth(parse("(a or b) and (c or d)"))
    both, one = builder.program({"x": truth}), builder.program({"x": truth.true})
    assert len(one) < len(both)
    assert (one.run(BATCH).true("x") == both.run(BATCH).true("x")).all()
    assert set(compile_all(trees({"x": "a and n > 3"}), TYPES).facts) == {"a", "n"}


def test_contradictions_and_constants_cost_nothing() -> None:
    program = compile_all(trees({"x": "true or a", "y": "1 > 2", "z": "a and null"}), TYPES)
    assert program.run(BATCH).counts("x") == (200, 0, 0)
    assert program.run(BATCH).counts("y") == (0, 200, 0)
    builder = Builder(TYPES)
    a = builder.truth(parse("a"))
    graph = builder.graph
    assert graph.all_of((a.true, graph.negate(a.true))) == graph.nowhere
    assert graph.any_of((a.true, graph.negate(a.true))) == graph.everywhere
    assert graph.negate(graph.negate(a.true)) == a.true


# -- beyond the language ---------------------------------------------------------------------------


def test_the_first_that_is_known() -> None:
    builder = Builder(TYPES)
    builder.define("c", builder.first_known(builder.meaning(parse(t)) for t in ("a", "b", "true")))
    builder.define("n", builder.first_known(builder.meaning(parse(t)) for t in ("n", "m")))
    builder.define(
        "phase", builder.first_known(builder.meaning(parse(t)) for t in ("null", "phase", "'new'"))
    )
    builder.define(
        "onset", builder.first_known(builder.meaning(parse(t)) for t in ("onset", "seen"))
    )
    wanted = {name: parse(name) for name in ("c", "n", "phase", "onset")}
    found = builder.program({**wanted, "big": parse("n > 5")}).run(BATCH, chunk=64)
    values = {
        name: decode(found.column(name), kind)
        for name, kind in (("c", BOOLEAN), ("n", INTEGER), ("phase", PHASE), ("onset", DATE))
    }
    for place, row in enumerate(ROWS):
        truth = row["a"] if row["a"] is not None else row["b"]
        assert values["c"][place] is (True if truth is None else truth)
        assert values["n"][place] == (row["m"] if row["n"] is None else row["n"])
        assert values["phase"][place] == (row["phase"] or "new")
        assert values["onset"][place] == (row["seen"] if row["onset"] is None else row["onset"])
    assert found.counts("big") != (0, 0, 200)


@pytest.mark.parametrize("seed", range(12))
def test_the_first_known_interval_of_any_scale(seed: int) -> None:
    rows = patients(seed, 100, {"x": DECIMAL, "y": DECIMAL, "onset": DATE, "seen": DATE})
    types = {name: TYPES[name] for name in rows[0]}
    vague = Bounds(Decimal("0.125"), Decimal("0.5"), low_open=True)
    builder = Builder({**types, "z": DECIMAL}, settings={"z": vague})
    numbers = builder.first_known(builder.meaning(parse(name)) for name in ("x", "y", "z"))
    days = builder.first_known(builder.meaning(parse(text)) for text in ("onset", "seen", "@2026"))
    builder.define("n", numbers)
    wanted = {"n": numbers, "d": days, "large": parse("n > 0.25"), "late": parse("seen > @2024")}
    found = builder.program(wanted).run(record_batch(rows, types), chunk=64)
    expected = [next(v for v in (row["x"], row["y"], vague) if v is not None) for row in rows]
    assert decode(found.column("n"), DECIMAL) == expected
    assert decode(found.column("d"), DATE) == [
        row["onset"] or row["seen"] or Days(date(2026, 1, 1), date(2026, 12, 31)) for row in rows
    ]
    assert found.column("large").to_pylist() == answered("n > 0.25", [{"n": v} for v in expected])
    assert found.column("late").to_pylist() == answered("seen > @2024", rows)


def answered(text: str, rows: Sequence[Mapping[str, Value]]) -> list[Value]:
    """What the reference says."""
    return [evaluate(parse(text), Facts(row, types=TYPES)).value for row in rows]


def test_a_choice_keeps_an_unknown_that_was_chosen() -> None:
    builder = Builder(TYPES)
    a, n, m = (builder.meaning(parse(text)) for text in ("a", "n", "m"))
    assert isinstance(a, Truth)
    chosen = builder.choose(((a.true, n), (a.false, m)))
    stale = builder.choose(((a.true, builder.meaning(parse("null"))), (a.false, m)))
    found = builder.program({"x": chosen, "y": stale}).run(BATCH)
    columns = [decode(found.column(name), INTEGER) for name in ("x", "y")]
    for row, one, other in zip(ROWS, *columns, strict=True):
        assert one == (row["n"] if row["a"] is True else row["m"] if row["a"] is False else None)
        assert other == (row["m"] if row["a"] is False else None)


def test_a_choice_of_several_sorts_is_refused() -> None:
    builder = Builder(TYPES)
    everywhere = builder.graph.everywhere
    for texts in (("a", "n"), ("crp", "dose"), ("n", "sex")):
        cases = [(everywhere, builder.meaning(parse(text))) for text in texts]
        with pytest.raises(TypeError, match="a choice between"):
            builder.choose(cases)


# -- units and settings ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "dose > 7 'mg/wk'",
        "dose > 1 'mg/wk'",
        "1 'mg/wk' <= dose",
        "dose between 1 'mg/wk' and 20 'mg/wk'",
        "dose = 7 'mg/wk'",
        "1 'mg/wk' != dose",
        "1 'mg/wk' * 7 = dose",
        "crp > 5 'mg/d'",
        "crp = 5",
        "crp * dose > 1 'mg'",
        "n / crp > 1",
        "crp / dose > 1",
        "crp + 5 > 1 'mg/L'",
    ],
)
def test_units_that_have_no_end_of_digits_or_do_not_meet(text: str) -> None:
    types = {"dose": TYPES["dose"], "crp": CRP, "n": INTEGER}
    for seed in range(8):
        rows = patients(seed, 70, types)
        rows[0]["dose"] = number("1", unit="mg/d")
        found = compile_all({"x": parse(text)}, TYPES).run(record_batch(rows, types))
        assert found.column("x").to_pylist() == answered(text, rows)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, [None] * 4),
        (Bounds(None, None), [None] * 4),
        (number("1"), [True, False, None, True]),
    ],
)
def test_a_setting_is_the_same_for_all(value: Value, expected: list[bool | None]) -> None:
    flags = {"a": pa.array([True, False, None, True]), "b": pa.array([True, False, False, None])}
    settings = {"limit": value, "c": False, "phase": "new", "onset": Days(None, None)}
    program = compile_all(
        trees(
            {
                "x": "AtLeast(limit, {a, b})",
                "y": "c or phase = 'new'",
                "z": "onset is null",
                "w": "days between onset and seen > 3",
            }
        ),
        TYPES,
        settings=settings,
    )
    found = program.run(pa.record_batch(flags))
    assert found.column("x").to_pylist() == expected
    assert found.counts("y") == found.counts("z") == (4, 0, 0)
    assert found.counts("w") == (0, 0, 4)


# -- faults ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["a and n", "not crp", "a < b", "sex < 'male'", "a + 1", "n > sex", "n > onset"]
)
def test_a_tree_that_was_not_checked_is_refused(text: str) -> None:
    with pytest.raises(TypeError):
        compile_all({"x": parse(text)}, TYPES)


def test_days_between_anything_else_are_refused() -> None:
    with pytest.raises(TypeError, match="cannot count days between numbers and days"):
        compile_all({"x": parse("days between n and onset")}, TYPES)


def test_an_unknown_name_and_a_circle_are_refused() -> None:
    with pytest.raises(LanguageError, match="the name nobody has no type"):
        compile_all({"x": parse("nobody")}, TYPES)
    definitions = trees({"d": "a and e", "e": "d"})
    with pytest.raises(LanguageError, match="in a circle: d → e → d"):
        compile_all({"x": parse("d")}, TYPES, definitions=definitions)


def test_a_long_chain_of_definitions_needs_no_deep_stack() -> None:
    definitions = {"d0": parse("a")}
    for index in range(1, 5_000):
        definitions[f"d{index}"] = parse(f"d{index - 1} and b")
    program = compile_all({"x": parse("d4999")}, TYPES, definitions=definitions)
    plain = compile_all({"x": parse("a and b")}, TYPES)
    assert (program.run(BATCH).true("x") == plain.run(BATCH).true("x")).all()


def test_columns_that_do_not_fit_are_named_all_at_once() -> None:
    types: dict[str, Type] = {"a": BOOLEAN, "crp": CRP, "onset": DATE, "sex": StringType(("f",))}
    program = compile_all(
        trees({"x": "a and crp > 1 'mg/L' and sex = 'f' and @2026 < onset"}), types
    )
    batch = pa.table(
        {"a": [1], "crp": [1.5], "onset": ["2026"], "sex": ["f"]},
        schema=pa.schema(
            [
                ("a", pa.int8()),
                ("crp", pa.float64()),
                ("onset", pa.string()),
                ("sex", pa.string()),
            ]
        ),
    ).to_batches()[0]
    with pytest.raises(ColumnError) as caught:
        program.run(batch)
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "column a",
        "column crp",
        "column onset",
    ]
    assert "double does not hold values of the type Quantity in 'mg/L'" in str(caught.value)


def test_two_columns_of_one_name_are_refused() -> None:
    batch = pa.RecordBatch.from_arrays([pa.array([True])] * 2, names=["a", "a"])
    with pytest.raises(ColumnError, match="column a: 2 columns have this name"):
        compile_all({"x": parse("a")}, TYPES).run(batch)


def test_a_column_in_another_unit_is_refused() -> None:
    program = compile_all({"x": parse("crp > 1 'mg/L'")}, TYPES)
    column = encode([number("1", unit="mg/L")], CRP)
    schema = pa.schema([field("crp", QuantityType("mg/dL")).with_type(column.type)])
    with pytest.raises(ColumnError, match=r"its unit is 'mg/dL'; allowed: 'mg/L'"):
        program.run(pa.RecordBatch.from_arrays([column], schema=schema))
    with pytest.raises(ValueError, match="its unit is not the column's"):
        encode([number("1", unit="mg/dL")], CRP)


def test_an_interval_the_wrong_way_round_is_refused() -> None:
    values: list[Value] = [number("1"), *[number("1", "2")] * 70, number("3", "2")]
    batch = pa.RecordBatch.from_arrays([encode(values, DECIMAL)], names=["x"])
    with pytest.raises(ValueError, match=r"column x, row 71: .* low end is above its high end"):
        compile_all({"x": parse("x > 1.0")}, TYPES).run(batch)


# -- batches ---------------------------------------------------------------------------------------

MIXED = trees(
    {
        "truth": "a and not b or AtLeast(2, {a, c, d}) and crp > 5 'mg/L'",
        "text": "phase in {'new', 'relapse'} and sex != 'male'",
        "number": "x * 2 + n / 3",
        "days": "months between onset and seen",
        "day": "onset",
        "code": "phase",
    }
)
MIXED_TYPES: Mapping[str, Type] = {
    "truth": BOOLEAN,
    "text": BOOLEAN,
    "number": DECIMAL,
    "days": INTEGER,
    "day": DATE,
    "code": PHASE,
}


def mixed(batch: pa.RecordBatch, **options: int) -> dict[str, list[Value]]:
    found = compile_all(MIXED, TYPES).run(batch, **options)
    return {name: decode(found.column(name), kind) for name, kind in MIXED_TYPES.items()}


def test_chunks_and_threads_change_nothing() -> None:
    whole = mixed(BATCH)
    assert whole == mixed(BATCH, chunk=64) == mixed(BATCH, chunk=64, threads=3)
    assert any(value is not None for column in whole.values() for value in column)


@pytest.mark.parametrize("start", [1, 7, 8, 63, 64, 65])
def test_a_slice_of_a_batch_is_read_where_it_lies(start: int) -> None:
    whole = mixed(BATCH)
    part = mixed(BATCH.slice(start, 90))
    assert part == {name: column[start : start + 90] for name, column in whole.items()}


def test_a_fact_without_a_column_is_unknown() -> None:
    program = compile_all(trees({"x": "a or n > 3", "y": "n is null"}), TYPES)
    found = program.run(BATCH.select(["a"]))
    assert found.counts("y") == (200, 0, 0)
    trues = sum(row["a"] is True for row in ROWS)
    assert found.counts("x") == (trues, 0, 200 - trues)
    texts = {"x": "a", "y": "sex = 'male'", "z": "onset > @2024", "w": "n / m > 3 or x - y < 1.0"}
    found = compile_all(trees(texts), TYPES).run(BATCH.select(["b"]))
    assert {found.counts(name) for name in texts} == {(0, 0, 200)}
    nulls = BATCH.select(["a"]).append_column("n", pa.nulls(200))
    assert program.run(nulls).counts("y") == (200, 0, 0)


def test_a_batch_without_rows() -> None:
    assert mixed(BATCH.slice(0, 0)) == {name: [] for name in MIXED}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (pa.int8(), [-5, None, 7, 100]),
        (pa.uint32(), [5, None, 2**32 - 1, 0]),
        (pa.int64(), [-(2**63), None, 2**63 - 1, 3]),
        (pa.decimal128(4, 2), [Decimal("-5.25"), None, Decimal("12.5"), Decimal(0)]),
        (pa.decimal32(9, 3), [Decimal("-5.125"), None, Decimal("12.5"), Decimal(0)]),
        (pa.decimal64(18, 1), [Decimal("-5.5"), None, Decimal("12.5"), Decimal(10) ** 16]),
        (pa.decimal128(38, 8), [Decimal("-5.25"), None, Decimal(10) ** 19, Decimal("0.00000001")]),
        (pa.decimal128(38, 0), [Decimal(2) ** 63, None, -(Decimal(2) ** 63), Decimal(2) ** 100]),
    ],
)
def test_numbers_of_every_width(kind: pa.DataType, values: list[int | Decimal | None]) -> None:
    texts = {"same": "x", "twice": "x + x", "small": "x <= 7.5", "scaled": "x * 0.5"}
    program = compile_all(trees(texts), TYPES)
    found = program.run(pa.record_batch({"x": pa.array(values, kind)}))
    exact = [None if each is None else number(str(each)) for each in values]
    assert decode(found.column("same"), DECIMAL) == exact
    facts = [{"x": each} for each in exact]
    for name, text in texts.items():
        expected = [evaluate(parse(text), Facts(row, types=TYPES)).value for row in facts]
        column = found.column(name)
        assert decode(column, BOOLEAN if name == "small" else DECIMAL) == expected


def test_what_lies_under_a_null_means_nothing() -> None:
    values = np.array([2**62, 5, -(2**62), 0], np.int64)
    valid = pa.py_buffer(np.packbits([False, True, False, True], bitorder="little"))
    column = pa.Array.from_buffers(pa.int64(), 4, [valid, pa.py_buffer(values)])
    found = compile_all(trees({"x": "x * 1000.0", "y": "1 / x"}), TYPES).run(
        pa.record_batch({"x": column})
    )
    assert decode(found.column("x"), DECIMAL) == [None, number("5000"), None, number("0")]
    assert decode(found.column("y"), DECIMAL) == [None, number("0.2"), None, None]


def test_texts_may_be_plain_or_coded_and_codes_may_repeat() -> None:
    types: Mapping[str, Type] = {"s": StringType(), "t": StringType()}
    program = compile_all(trees({"x": "s = 'b'", "y": "s in {'a', 'c'}", "z": "s = t"}), types)
    plain = pa.array(["a", "b", None, "c", "d"])
    repeated = pa.DictionaryArray.from_arrays(
        pa.array([0, 2, 1, 3, None], pa.int8()), pa.array(["a", None, "b", "b"])
    )
    found = program.run(pa.record_batch({"s": plain, "t": repeated}))
    assert found.column("x").to_pylist() == [False, True, None, False, False]
    assert found.column("y").to_pylist() == [True, False, None, True, False]
    assert found.column("z").to_pylist() == [True, True, None, False, None]


# -- answers ---------------------------------------------------------------------------------------


def test_answers_as_counts_flags_masks_and_arrow() -> None:
    texts = {"x": "a or b", "y": "not a", "z": "n > 3"}
    builder = Builder(TYPES)
    wanted = {name: builder.truth(parse(text)) for name, text in texts.items()}
    found = builder.program(
        {**wanted, "open": builder.graph.negate(builder.known(wanted["x"]))}
    ).run(BATCH)
    fired, refuted = found.masks(texts), found.masks(texts, false=True)
    for bit, name in enumerate(texts):
        values = found.column(name).to_pylist()
        true, false = found.flags(name)
        assert [bool(flag) for flag in true] == [value is True for value in values]
        assert [bool(flag) for flag in false] == [value is False for value in values]
        assert found.counts(name) == (values.count(True), values.count(False), values.count(None))
        assert [int(row) >> bit & 1 for row in fired[:, 0]] == true.tolist()
        assert [int(row) >> bit & 1 for row in refuted[:, 0]] == false.tolist()
    assert int(count(found.true("open"))) == found.counts("x").unknown
    assert found.column("open").null_count == 0
    with pytest.raises(KeyError):
        found.false("open")


@pytest.mark.parametrize(("rows", "planes"), [(1, 1), (64, 64), (1000, 3), (9000, 130)])
def test_masks_are_the_planes_turned(rows: int, planes: int) -> None:
    dice = np.random.default_rng(rows)
    flags = dice.random((planes, rows)) < 0.4
    packed = np.stack([pack(np.pad(row, (0, -rows % 64))) for row in flags])
    chosen = dice.permutation(planes).tolist()
    found = masks(packed, rows, chosen)
    assert found.shape == (rows, -(-planes // 64))
    for place, plane in enumerate(chosen):
        bits = found[:, place // 64] >> np.uint64(place % 64) & np.uint64(1)
        assert (bits == flags[plane]).all()


@pytest.mark.parametrize("offset", [0, 3, 8, 13])
def test_bits_are_read_from_any_offset(offset: int) -> None:
    flags = np.random.default_rng(offset).random(200) < 0.5
    buffer = pa.py_buffer(np.packbits(flags, bitorder="little"))
    plane = from_bits(buffer, offset, 130)
    assert (unpack(plane, 130) == flags[offset : offset + 130]).all()
    assert int(count(plane)) == int(flags[offset : offset + 130].sum())


@pytest.mark.parametrize("type_", [BOOLEAN, INTEGER, DECIMAL, CRP, PHASE, DATE], ids=str)
def test_values_come_back_from_columns(type_: Type) -> None:
    for seed in range(20):
        values = [row["f"] for row in patients(seed, 40, {"f": type_})]
        assert decode(encode(values, type_), type_) == values


def test_declared_columns_are_wide_enough() -> None:
    for type_ in (BOOLEAN, INTEGER, DECIMAL, CRP, PHASE, DATE):
        for intervals in (False, True):
            declared = field("x", type_, intervals=intervals)
            assert declared.type == arrow_type(type_, intervals=intervals)
            batch = pa.RecordBatch.from_arrays(
                [pa.nulls(3, declared.type)], schema=pa.schema([declared])
            )
            found = compile_all({"x": parse("x is null")}, {"x": type_}).run(batch)
            assert found.counts("x") == (3, 0, 0)


def test_the_language_alone_imports_neither_numpy_nor_pyarrow() -> None:
    code = (
        "import sys, myorx.language; sys.exit(any(n in sys.modules for n in ('numpy', 'pyarrow')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_example_of_the_readme_runs() -> None:
    text = Path(columns.__file__).with_name("README.md").read_text(encoding="utf-8")
    exec(text.partition("```python\n")[2].partition("```")[0], {})  # noqa: S102
