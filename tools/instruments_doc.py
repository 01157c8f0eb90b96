"""Write docs/instruments.md from the instruments' own descriptions (``--check``: is it stale?)."""

from __future__ import annotations

from collections.abc import Iterator

from marked import ROOT, keep

from myorx.instruments.describe import About, Input
from myorx.instruments.registry import INSTRUMENTS

HEAD = """\
# Instruments

Calculators of the field that stand alone: no patient, no guideline, only published tables.
Generated from their descriptions by `make docs`; a test fails when it is stale.

```sh
myorx instrument                                        # the list
myorx instrument body_surface                           # what one takes
myorx instrument body_surface height=170 weight="65 kg"
myorx instrument total_improvement --from scores.yaml --format json
```

```python
from myorx.instruments.registry import INSTRUMENTS

result = INSTRUMENTS["body_surface"].run({"height": 170, "weight": "65 kg"})
assert str(result.value("area").value) == "1.752"
```

- What is unknown is left out, or written `unknown`. It is never read as absent, normal or
  unchanged: a value is then given as bounds, or as not computable, and what is missing is named.
- Impossible input is refused, all faults at once, each with what is allowed there.
- A constant that was not found in a source is marked *not verified*. A value says `verified: false`
  where such a constant could change it, and only there.
- A guideline can compute a fact with an instrument (`instrument:`, see [For guideline
  authors](authors.md)); what a clinician gave stands before it.
"""


def document() -> str:
    """The whole page."""
    parts = [HEAD]
    for instrument in INSTRUMENTS.values():
        parts.append("\n".join(section(instrument.about)) + "\n")
    return "\n".join(parts)


def section(about: About) -> Iterator[str]:
    """One instrument."""
    yield f"## `{about.id}`\n"
    yield f"**{about.names.en}** · {about.names.zh}\n"
    yield f"{about.purpose.en}. {about.purpose.zh}。\n"
    yield "| takes | what | allowed |"
    yield "|---|---|---|"
    for each in about.inputs:
        help_ = "" if each.help is None else f"; {each.help.en}"
        yield f"| `{each.id}` | {each.label.en} · {each.label.zh}{help_} | {allowed(each)} |"
    yield ""
    yield "| gives | what |"
    yield "|---|---|"
    for output in about.outputs:
        unit = "" if output.unit is None else f" ({output.unit})"
        yield f"| `{output.id}` | {output.label.en}{unit} · {output.label.zh} |"
    yield ""
    yield from (f"- {limit.en} {limit.zh}" for limit in about.limits)
    yield ""
    for source in about.sources:
        yield f"- Source: {source.says} ({'verified' if source.verified else 'not verified'})."


def allowed(each: Input) -> str:
    """What an input may be."""
    match each.type:
        case "boolean":
            text = "yes, no"
        case "choice":
            text = ", ".join(f"`{choice.id}`" for choice in each.choices)
        case "number":
            unit = "" if each.unit is None else f" {each.unit}"
            text = f"{each.low} to {each.high}{unit}"
    if each.default is not None:
        return f"{text}; `{each.default}` unless given"
    return f"{text}; required" if each.required else text


if __name__ == "__main__":
    keep(ROOT / "docs" / "instruments.md", document())
