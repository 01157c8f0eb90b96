"""Write ``src/myorx/language/units.json``: dimension and exact factor of the usual UCUM codes.

Run ``python tools/units_table.py`` after a change of the list; ``--check`` only says whether the
file is up to date (exit status 1 when it is not).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from myorx.language import ucum

TARGET = Path(__file__).parents[1] / "src" / "myorx" / "language" / "units.json"

USUAL = """
1 % {score} {count} 10*-3
g kg mg ug ng pg [lb_av] [oz_av]
m cm mm m2 cm2 [in_i] [ft_i]
L dL mL uL fL
s min h d wk ms
/min /h /d /wk {breaths}/min {beats}/min
mol mmol umol nmol pmol
g/L g/dL mg/L mg/dL mg/mL ug/L ug/mL ug/dL ng/L ng/mL ng/dL pg/mL g/mL
mol/L mmol/L umol/L nmol/L pmol/L mg/mmol mg/g
U/L kU/L U/mL mU/mL U mU/L ukat/L
[iU] [iU]/d [iU]/L [iU]/mL k[iU]/L m[iU]/L [iU]/kg
[arb'U] [arb'U]/mL
10*9/L 10*12/L 10*6/L 10*3/uL 10*6/uL /uL /mL /L /mm3 {cells}/uL
mm[Hg] kPa Pa
mL/min mL/min/{1.73_m2} L/min mL/kg
mg/d g/d ug/d mg/h mL/h
mg/kg g/kg ug/kg mg/kg/d g/kg/d ug/kg/d mg/kg/wk mg/kg/h
mg/wk g/wk ug/wk
mg/m2 g/m2 mg/m2/d mg/m2/wk
kg/m2
Cel K
mm/h
"""


def table() -> str:
    """The text of ``units.json``: one code a line, as ``code: [dimension, factor]``."""
    rows = []
    for code in USUAL.split():
        found = ucum.read(code)
        if found is None:
            raise SystemExit(f"{code} is not a UCUM code")
        rows.append(f"  {json.dumps(code)}: {json.dumps([found[0], str(found[1])])}")
    return "{\n" + ",\n".join(rows) + "\n}\n"


def main() -> int:
    """Write the table, or with ``--check`` compare it."""
    text = table()
    if "--check" in sys.argv[1:]:
        return int(not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
