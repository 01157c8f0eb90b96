"""The rules of the house: what must hold of the repository, whatever is built in it."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "myorx"
KNOWLEDGE = PACKAGE / "guidelines"
DOCS = ROOT / "docs"


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def our_files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(sorted({path for path in paths if path.is_file()}))


def our_texts() -> Iterator[tuple[Path, str]]:
    for path in our_files():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def normal_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# -- nothing of one machine ------------------------------------------------------------------------

# Written apart, so that this file does not name what it forbids.
REGISTRIES = [
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("repo1", "maven", "org"),
        ("maven", "apache", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
        ("deb", "debian", "org"),
    )
]
MACHINE_PATH = re.compile(r"(?<![\w.\])}-])/(?:work|root|home|Users)/\w")


def test_no_file_names_a_package_registry() -> None:
    found = [
        f"{relative(path)}: {host}"
        for path, text in our_texts()
        for host in REGISTRIES
        if host in text
    ]
    assert not found


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{relative(path)}: {match.group()}"
        for path, text in our_texts()
        for match in MACHINE_PATH.finditer(text)
    ]
    assert not found


# -- what is installed is pinned -------------------------------------------------------------------


def pins(name: str) -> dict[str, str]:
    """Name to version of a requirements file; refuses a line without a version or a hash."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    pinned = {}
    for entry in text.replace("\\\n", " ").splitlines():
        requirement, *hashes = re.split(r"\s+--hash=sha256:", entry.strip())
        assert hashes, f"{name}: no hash on {requirement!r}"
        match = re.fullmatch(r"([\w.-]+)==([\w.+!]+)(?:\s*;.*)?", requirement)
        assert match, f"{name}: {requirement!r} is not pinned to one version"
        pinned[normal_name(match[1])] = match[2]
    return pinned


@pytest.mark.parametrize("name", ["core.txt", "run.txt", "dev.txt", "check.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_index(name: str) -> None:
    assert pins(name)
    assert "://" not in (ROOT / "requirements" / name).read_text(encoding="utf-8")


def test_each_set_of_requirements_holds_the_smaller_one_at_the_same_versions() -> None:
    assert pins("core.txt").items() <= pins("run.txt").items() <= pins("dev.txt").items()


def test_every_declared_need_of_product_and_build_is_pinned() -> None:
    table = project()
    product = names_of(table["project"]["dependencies"])
    others = table["build-system"]["requires"] + table["project"]["optional-dependencies"]["author"]
    assert product <= pins("core.txt").keys()
    assert names_of(others) <= pins("run.txt").keys()


def names_of(requirements: list[str]) -> set[str]:
    return {normal_name(re.split(r"[^\w.-]", text, maxsplit=1)[0]) for text in requirements}


def node_packages() -> dict[str, dict]:
    """What the checks install with npm; nothing of it is in the product."""
    found = {}
    for folder in ("conformance/node", "tests/browser"):
        lock = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))
        found |= {f"{folder}/{name}": entry for name, entry in lock["packages"].items() if name}
    return found


def test_node_packages_are_locked_by_content_not_by_address() -> None:
    for name, entry in node_packages().items():
        assert entry.get("integrity"), name
        assert "resolved" not in entry, name


# -- licences --------------------------------------------------------------------------------------

PERMISSIVE = re.compile(r"\b(MIT|BSD|Apache|ISC|PSF|Python-2\.0|0BSD|Unlicense|BlueOak)\b", re.I)
COPYLEFT = re.compile(r"GPL|General Public|AGPL|SSPL|EUPL|CeCILL", re.I)
WEAK = re.compile(r"MPL[- ]?2\.0|Mozilla Public License 2\.0", re.I)
# Comes with the build tool, which the product does not need to run.
BUILD_ONLY = {"pathspec"}
# Names a file instead of a licence: its text is BSD-like, plus the UCUM licence. Tests only.
READ_BY_HAND = {"conformance/node/node_modules/@lhncbc/ucum-lhc"}


def licence(name: str) -> str | None:
    """The licence that an installed package declares; None when it is not for this platform."""
    try:
        about = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    declared = about.get("License-Expression")
    if not declared:
        classes = [text for text in about.get_all("Classifier", []) if text.startswith("License")]
        declared = "; ".join(classes) or (about.get("License") or "").partition("\n")[0]
    return declared


@pytest.mark.parametrize("name", sorted(pins("dev.txt")))
def test_licence_allows_use_in_a_hospital_product(name: str) -> None:
    declared = licence(name)
    if declared is None:
        return
    assert not COPYLEFT.search(declared), declared
    not_in_product = name in BUILD_ONLY or name not in pins("run.txt")
    assert PERMISSIVE.search(declared) or (not_in_product and WEAK.search(declared)), declared


def test_licences_of_the_node_packages() -> None:
    for name, entry in node_packages().items():
        if name not in READ_BY_HAND:
            declared = entry["license"]
            assert PERMISSIVE.search(declared) or WEAK.search(declared), f"{name}: {declared}"


# -- who may know whom -----------------------------------------------------------------------------


def test_imports_go_downwards_only() -> None:
    """The contracts of pyproject.toml, by import-linter."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_package_has_its_place_in_the_layers() -> None:
    (layers,) = (
        contract["layers"]
        for contract in project()["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    )
    placed = {name.strip(" ()") for layer in layers for name in layer.split("|")}
    modules = {
        f"myorx.{path.stem}"
        for path in PACKAGE.iterdir()
        if (path.is_dir() and any(path.glob("*.py"))) or path.suffix == ".py"
    }
    assert modules - {"myorx.__init__", "myorx.guidelines"} <= placed


def test_the_light_core_starts_without_the_tools_of_authors_and_tests() -> None:
    """What `myorx plan` imports to start: nothing heavy, nothing that only authors install."""
    heavy = "pint ucumvert lark ruamel hypothesis pytest duckdb jsonschema"
    code = f"import myorx.cli, sys; print([n for n in {heavy.split()} if n in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# -- the engine knows no disease -------------------------------------------------------------------

# Words of the field that are no drug: diseases and antibodies.
FIELD = """
    myositis dermatomyositis polymyositis myopathy antisynthetase synthetase amyopathic ild rp-ild
    mda5 jo-1 pl-7 pl-12 srp hmgcr nxp-2 nxp2 tif1 mi-2 imnm ibm calcinosis pneumocystis
    肌炎 皮肌炎 肌病 间质性肺 合成酶 钙质沉着
""".split()


def drug_names() -> set[str]:
    names: set[str] = set()
    for path in KNOWLEDGE.glob("*/drugs/*.yaml"):
        drug = YAML(typ="safe").load(path)
        names |= {drug["id"], drug["names"]["zh"], drug["names"]["en"]}
        names |= set(drug["names"].get("also", ()))
    return names


def pattern(name: str) -> str:
    """A name as a whole word; in identifiers too, where `_` parts words. Chinese has no edges."""
    text = r"[\s_-]?".join(map(re.escape, re.split(r"[\s_-]+", name.strip().lower())))
    return rf"(?<![a-z0-9]){text}(?![a-z0-9])" if name.isascii() else text


def test_no_code_names_a_drug_an_antibody_or_a_disease() -> None:
    """Outside the guideline's folder; calculators of the field (instruments) excepted."""
    names = drug_names() | set(FIELD)
    known = re.compile("|".join(sorted(map(pattern, names), key=len, reverse=True)))
    found = []
    for path in our_files():
        if PACKAGE not in path.parents or KNOWLEDGE in path.parents:
            continue
        if PACKAGE / "instruments" in path.parents or path.suffix == ".md":
            continue
        text = unicodedata.normalize("NFKC", path.read_text(encoding="utf-8")).lower()
        if path == PACKAGE / "__init__.py":
            # The package may say in its docstring what field it serves.
            text = text.replace((ast.get_docstring(ast.parse(text), clean=False) or "").lower(), "")
        for number, line in enumerate(text.replace("myorx", "").splitlines(), start=1):
            found += [
                f"{relative(path)}:{number}: {match.group()}" for match in known.finditer(line)
            ]
    assert not found, "\n".join(found)


CLOCKS = {"today", "now", "utcnow", "localtime", "gmtime", "time", "time_ns"}
# What day it is for the user: stands ready in an empty page, to be changed. No plan rests on it.
READS_THE_CLOCK = PACKAGE / "web" / "case" / "clock.py"


def test_no_code_reads_the_clock() -> None:
    """A plan depends on the case's own date: same case, same guideline, same bytes, any day."""
    found = []
    for path in sorted({*PACKAGE.rglob("*.py")} - {READS_THE_CLOCK}):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in CLOCKS
                and isinstance(node.func.value, ast.Name | ast.Attribute)
                and ast.unparse(node.func.value).split(".")[-1] in {"date", "datetime", "time"}
            ):
                found.append(f"{relative(path)}:{node.lineno}: {ast.unparse(node)}")
    assert not found


# -- one version ----------------------------------------------------------------------------------


def test_the_version_is_the_same_everywhere() -> None:
    version = project()["project"]["version"]
    newest = re.search(r"^## ([\d.]+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert newest
    assert newest[1] == version
    assert importlib.metadata.version("myorx") == version
