"""The Total Improvement Score against figures worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myorx.instruments import core_set
from myorx.instruments.errors import InputError
from myorx.instruments.registry import INSTRUMENTS
from myorx.instruments.result import Result
from tests.instruments.given import complete

VECTOR: dict[str, Any] = {
    "physician_global_before": 6,
    "physician_global_after": 3,
    "patient_global_before": 7,
    "patient_global_after": 5,
    "strength_scale": "150",
    "strength_before": 120,
    "strength_after": 138,
    "function_before": "1.5",
    "function_after": "0.75",
    "enzyme": "ck",
    "enzyme_before": 3000,
    "enzyme_after": 600,
    "enzyme_upper_limit": 200,
    "extramuscular_before": 4,
    "extramuscular_after": 2,
    "juvenile": False,
}
SAME = {
    f"{name}_{end}": 1 if name != "strength" else 70
    for name in core_set.measures()
    for end in ("before", "after")
} | {"strength_scale": "80", "enzyme": "ck", "enzyme_upper_limit": 200, "juvenile": False}


def score(**inputs: Any) -> Result:
    return INSTRUMENTS["total_improvement"].run(inputs)


def test_the_vector_of_the_field() -> None:
    found = score(**VECTOR)
    points = {value.id: value.value for value in found.values}
    assert points == {
        "score": Decimal(70),
        "response": "major",
        "minimal": True,
        "physician_global_points": Decimal("17.5"),
        "patient_global_points": Decimal(5),
        "strength_points": Decimal(20),
        "function_points": Decimal("7.5"),
        "enzyme_points": Decimal("7.5"),
        "extramuscular_points": Decimal("12.5"),
    }
    assert score(**{**VECTOR, "juvenile": True}).value("response").value == "major"


def test_nothing_changed_and_everything_lost_are_no_points() -> None:
    assert score(**SAME).value("score").value == 0
    assert score(**SAME).verified
    worst = {k: (0 if k.startswith("strength_a") else v) for k, v in SAME.items()}
    worst |= {f"{n}_after": 3 for n in core_set.measures() if n != "strength"}
    assert score(**worst).value("score").value == 0


def test_everything_won_is_a_hundred() -> None:
    best = {
        **SAME,
        **{f"{n}_before": 10 for n in ("physician_global", "patient_global", "extramuscular")},
        **{f"{n}_after": 0 for n in core_set.measures()},
        "function_before": 3,
        "enzyme_before": 3000,
        "strength_before": 0,
        "strength_after": 80,
    }
    assert score(**best).value("score").value == 100


@pytest.mark.parametrize(
    ("measure", "before", "after", "points"),
    [
        # Upper edges belong to the lower band: 5, 15, 25, 40 % of the range.
        ("physician_global", "9", "8.5", "0"),
        ("physician_global", "9", "8.49", "7.5"),
        ("physician_global", "9", "7.5", "7.5"),
        ("physician_global", "9", "6.5", "15"),
        ("physician_global", "9", "5", "17.5"),
        ("physician_global", "9", "4.99", "20"),
        ("patient_global", "9", "8.49", "2.5"),
        ("patient_global", "9", "7.49", "5"),
        ("patient_global", "9", "6.49", "7.5"),
        ("patient_global", "9", "4.99", "10"),
        ("function", "3", "2.85", "0"),
        ("function", "3", "2.84", "5"),
        ("function", "3", "2.54", "7.5"),
        ("function", "3", "2.24", "7.5"),
        ("function", "3", "1.79", "10"),
        ("enzyme", "3000", "2850", "0"),
        ("enzyme", "3000", "2849", "2.5"),
        ("enzyme", "3000", "2549", "5"),
        ("enzyme", "3000", "2249", "7.5"),
        ("enzyme", "3000", "1799", "7.5"),
        ("extramuscular", "9", "8.49", "7.5"),
        ("extramuscular", "9", "7.49", "12.5"),
        ("extramuscular", "9", "6.49", "15"),
        ("extramuscular", "9", "4.99", "20"),
        # Strength has bands of its own: 2, 10, 20, 30 % of 80.
        ("strength", "40", "41.6", "0"),
        ("strength", "40", "41.7", "10"),
        ("strength", "40", "48", "10"),
        ("strength", "40", "56", "20"),
        ("strength", "40", "64", "27.5"),
        ("strength", "40", "64.1", "32.5"),
        ("strength", "40", "30", "0"),
    ],
)
def test_every_band_and_its_edges(measure: str, before: str, after: str, points: str) -> None:
    found = score(**{**SAME, f"{measure}_before": before, f"{measure}_after": after})
    assert found.value(f"{measure}_points").value == Decimal(points)
    assert found.value("score").value == Decimal(points)


@pytest.mark.parametrize(
    ("scale", "before", "after", "points"),
    [("150", 100, 115, "10"), ("260", 100, 126, "10"), ("52", 26, "31.2", "10"),
     ("52", 26, "31.3", "20"), ("80", 60, 69, "20")],
)  # fmt: skip
def test_the_maximum_of_the_scale_counts(
    scale: str, before: object, after: object, points: str
) -> None:
    changed = {"strength_scale": scale, "strength_before": before, "strength_after": after}
    found = score(**{**SAME, **changed}).value("strength_points")
    assert found.value == Decimal(points)
    assert found.verified == (scale != "52")


@pytest.mark.parametrize(
    ("enzyme", "before", "points"),
    [
        ("ck", 900, "5"),
        ("aldolase", 900, "7.5"),
        ("ldh", 220, "2.5"),
        ("ast", 220, "2.5"),
        ("alt", 340, "7.5"),
    ],
)
def test_each_enzyme_has_its_own_range(enzyme: str, before: int, points: str) -> None:
    changed = {"enzyme": enzyme, "enzyme_before": before, "enzyme_after": 180}
    found = score(**{**SAME, **changed}).value("enzyme_points")
    assert (found.value, found.verified) == (Decimal(points), False)


@pytest.mark.parametrize(
    ("points", "adult", "juvenile"),
    [
        ("17.5", "none", "none"),
        ("20", "minimal", "none"),
        ("30", "minimal", "minimal"),
        ("40", "moderate", "minimal"),
        ("45", "moderate", "moderate"),
        ("60", "major", "moderate"),
        ("70", "major", "major"),
    ],
)
def test_degrees_of_adults_and_juveniles(points: str, adult: str, juvenile: str) -> None:
    # Made up of the two globals, strength and extramuscular activity, whose ranges are verified.
    parts = {
        "17.5": {"physician_global": (9, "5.5")},
        "20": {"strength": (40, 50)},
        "30": {"strength": (40, 50), "patient_global": (9, 4)},
        "40": {"strength": (40, 50), "physician_global": (9, 4)},
        "45": {"strength": (40, 50), "physician_global": (9, 4), "patient_global": (9, 7)},
        "60": {"strength": (40, 50), "physician_global": (9, 4), "extramuscular": (9, 4)},
        "70": {
            "strength": (40, 50),
            "physician_global": (9, 4),
            "extramuscular": (9, 4),
            "patient_global": (9, 4),
        },
    }[points]
    changed: dict[str, Any] = {}
    for name, (before, after) in parts.items():
        changed |= {f"{name}_before": before, f"{name}_after": after}
    for young, degree in ((False, adult), (True, juvenile)):
        found = score(**{**SAME, **changed, "juvenile": young})
        assert found.value("score").value == Decimal(points)
        assert found.value("response").value == degree
        assert found.verified
    either = score(**{**SAME, **changed, "juvenile": None}).value("response").value
    assert either == (adult if adult == juvenile else None)


def test_a_missing_measure_gives_bounds_and_is_named() -> None:
    known = {k: v for k, v in VECTOR.items() if not k.startswith("extramuscular")}
    found = score(**known)
    total = found.value("score")
    assert (total.value, total.low, total.high) == (None, Decimal("57.5"), Decimal("77.5"))
    assert found.value("response").value is None
    assert found.value("minimal").value is True
    assert found.missing == ("extramuscular_before", "extramuscular_after")
    assert any("extramuscular activity, baseline" in text.en for text in found.warnings)


def test_the_enzyme_without_its_upper_limit_counts_as_unknown() -> None:
    known = {k: v for k, v in VECTOR.items() if k != "enzyme_upper_limit"}
    found = score(**known)
    assert (found.value("score").low, found.value("score").high) == (Decimal("62.5"), Decimal(70))
    assert found.missing == ("enzyme_upper_limit",)


def test_an_enzyme_that_was_normal_is_warned_about() -> None:
    found = score(**{**VECTOR, "enzyme_before": 190, "enzyme_after": 100})
    assert any("most abnormal" in text.en for text in found.warnings)
    assert not any("most abnormal" in text.en for text in score(**VECTOR).warnings)


def test_a_total_above_its_scale_is_refused_both_ends_at_once() -> None:
    with pytest.raises(InputError) as error:
        score(strength_scale="80", strength_before=81, strength_after=150)
    assert [fault.where for fault in error.value.faults] == ["strength_before", "strength_after"]


@given(inputs=complete("total_improvement"), times=st.integers(1, 60), length=st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_what_is_called_verified_rests_on_no_unverified_constant(
    inputs: dict[str, Any], times: int, length: int
) -> None:
    """With any other range in place of those without a source, a verified value stays the same."""
    table = core_set._table()
    replace = msgspec.structs.replace
    other = replace(
        table,
        measures=tuple(
            m if m.verified or m.range is None else replace(m, range=Decimal(length))
            for m in table.measures
        ),
        enzymes=tuple(replace(e, times_upper_limit=Decimal(times)) for e in table.enzymes),
        strength_scales=tuple(
            s if s.verified else replace(s, most=Decimal(52 + times)) for s in table.strength_scales
        ),
    )
    before = score(**inputs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core_set, "_table", lambda: other)
        after = score(**inputs)
    for value in before.values:
        if value.verified:
            assert after.value(value.id).value == value.value, value.id
