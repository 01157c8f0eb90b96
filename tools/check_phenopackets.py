"""GA4GH's own library reads every Phenopacket that we write, and we read what it writes.

    python tools/check_phenopackets.py

The `phenopackets` package (pinned in requirements/phenopackets.txt, installed into an environment
of its own) parses the packet of each vignette by the schema of version 2 as protobuf; a field that
the schema lacks, a word outside its lists or a value of the wrong kind is an error, and a packet
that is wrong on purpose has to be one. What it writes in turn has to be the same case to us; zeros
are written out, since protobuf leaves them away and we do not read what is missing as zero.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from copy_tree import ROOT

from myorx.exchange.foreign import codes_of, read_foreign
from myorx.exchange.phenopackets.write import write_packet
from myorx.facts import CaseError, Patient, read_case
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import load_vignettes

PINNED = ROOT / "requirements" / "phenopackets.txt"
READER = """
import json, sys
from google.protobuf.json_format import MessageToDict, Parse, ParseError
from phenopackets import Phenopacket

for line in sys.stdin:
    try:
        packet = Parse(line, Phenopacket())
        print(json.dumps(MessageToDict(packet, including_default_value_fields=True)))
    except ParseError as error:
        print(json.dumps({"error": str(error)}))
"""
SHOWN = 10


def patients(guideline: Guideline) -> Iterator[Patient]:
    """The patients of the vignettes."""
    for vignette in load_vignettes(GUIDELINES / guideline.manifest.id)[0]:
        try:
            yield read_case(vignette.case, guideline, as_of=vignette.as_of)
        except CaseError:  # a vignette of a case that has to be refused
            continue


def others(lines: list[str]) -> list[dict[str, Any]]:
    """What the other library makes of each line."""
    with tempfile.TemporaryDirectory() as name:
        python = Path(name) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", name], check=True)
        pip = (python, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")
        subprocess.run([*pip, "install", "--require-hashes", "-r", PINNED], check=True)
        done = subprocess.run(
            [python, "-I", "-c", READER],
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            encoding="utf-8",
        )
    if done.returncode != 0:
        raise SystemExit(f"phenopackets: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> int:
    """Run the check; the exit code."""
    guideline = load()
    codes = codes_of(GUIDELINES / guideline.manifest.id, guideline)
    cases = list(patients(guideline))
    packets = [write_packet(each, guideline, codes, "p1")[0] for each in cases]
    *read, spoilt = others([json.dumps(each) for each in (*packets, {"id": "p1", "sex": "?"})])
    wrong = [] if "error" in spoilt else ["a packet that is wrong was found right"]
    for number, (case, packet, theirs) in enumerate(zip(cases, packets, read, strict=True)):
        if "error" in theirs:
            wrong.append(f"vignette {number}: {theirs['error']}")
            continue
        both = [
            read_foreign(
                json.dumps(each).encode(), guideline, case.as_of, codes, form="phenopacket"
            )
            for each in (packet, theirs)
        ]
        facts = [each.patient.facts for each in both]
        wrong += [f"vignette {number}: {n}" for n in facts[0] if facts[0][n] != facts[1][n]]
        if both[0].patient.case.therapies != both[1].patient.case.therapies:
            wrong.append(f"vignette {number}: therapies")
    for line in wrong[:SHOWN]:
        print(line)
    print(f"phenopackets: {len(packets)} packets read by GA4GH's library, {len(wrong)} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
