"""Run the installed service as deploy/myorx.service says, as far as can be without systemd as init.

Its very command line (another folder for /opt/myorx, a free port beside it), with the environment
and the credentials of the unit and nothing else, as another user where this one is root, with no
memory both writable and executable. What only systemd does (its own file system, the filters of
system calls and addresses) is not done; `systemd-analyze`, where it is there, judges it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from copy_tree import ROOT
from ports import free_port, started

UNIT = ROOT / "deploy" / "myorx.service"
CASE = ROOT / "examples" / "mda5-rp-ild.yaml"
HOME = "/opt/myorx/"
TOKEN = "a-token-of-one-ward"  # noqa: S105
PUBLIC = {
    "kty": "EC",
    "crv": "P-256",
    "kid": "1",
    "alg": "ES256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}
"""A public key: the example of RFC 7517."""
EXPOSURE = 15
"""Tenths of a point that systemd's own analysis may give the unit (of a hundred)."""
NOBODY = 65534
SECONDS = 60
# prctl 65 is PR_SET_MDWE: memory that was writable never becomes executable. -1: an older kernel.
GUARDED = """
import ctypes, os, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) != 0:
    print("deployed: this kernel does not refuse executable memory", file=sys.stderr)
os.execv(sys.argv[1], sys.argv[1:])
"""


def unit() -> dict[str, list[str]]:
    """What stands in the unit, by its key."""
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def judged(venv: Path, folder: Path) -> str:
    """What systemd's own tool says of the unit. Ends the check where it finds a fault."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        return "systemd-analyze is not here and has not judged it"
    copy = folder / UNIT.name
    copy.write_text(UNIT.read_text(encoding="utf-8").replace(HOME, f"{venv}/"), encoding="utf-8")
    for words in (
        ("verify", "--man=no"),
        ("security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE}"),
    ):
        done = subprocess.run([tool, *words, copy], capture_output=True, encoding="utf-8")
        if done.returncode != 0 or (words[0] == "verify" and done.stderr.strip()):
            sys.exit(f"deployed: systemd-analyze {words[0]}: {done.stdout}{done.stderr}")
    return "systemd-analyze finds no fault"


def answers(venv: Path) -> None:
    """Start the service of ``venv`` as the unit does, and ask it. Ends the check at a fault."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        verdict = judged(venv, folder)
        with running(venv, folder) as (port, user):
            for token, expected in ((None, 401), ("another", 401), (TOKEN, 200)):
                status, answer = asked(port, token)
                if status != expected:
                    sys.exit(f"deployed: with {token or 'no token'} it answers {status}")
        plan = subprocess.check_output([venv / "bin" / "myorx", "plan", CASE, "--format", "json"])
        if json.loads(answer) != json.loads(plan):
            sys.exit("deployed: the service plans otherwise than the command")
    print(f"deployed: as the unit has it, {user}; no token, no answer; {verdict}")


@contextmanager
def running(venv: Path, folder: Path) -> Iterator[tuple[int, str]]:
    """The service: its port, and as whom it runs."""
    said = unit()
    credentials = folder / "credentials"
    credentials.mkdir()
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    (credentials / "access.toml").write_text(
        f'[[issuer]]\niss = "https://ehr.example.org"\nkeys = "ehr.jwks.json"\n'
        f'[[token]]\nname = "ward"\nsha256 = "{digest}"\n'
    )
    (credentials / "ehr.jwks.json").write_text(json.dumps({"keys": [PUBLIC]}))
    names = {each.partition(":")[0] for each in said["LoadCredential"]}
    if names != {each.name for each in credentials.iterdir()}:
        sys.exit(f"deployed: the unit loads {names}")
    environment = dict(each.split("=", 1) for each in said["Environment"])
    environment["CREDENTIALS_DIRECTORY"] = str(credentials)
    (line,) = said["ExecStart"]
    line = line.replace(HOME, f"{venv}/").replace("${CREDENTIALS_DIRECTORY}", str(credentials))
    port = free_port()
    rights, user = as_another(venv, folder)
    command = [*rights, venv / "bin" / "python", "-c", GUARDED]
    command += [*shlex.split(line), "--port", str(port)]
    log = folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd="/", env=environment, umask=0o077, stderr=file)
    try:
        if not started(port, process, SECONDS):
            sys.exit("deployed: the service does not start")
        yield port, user
    finally:
        process.send_signal(signal.SIGTERM)
        if process.wait(SECONDS) not in (0, -signal.SIGTERM):
            sys.exit(f"deployed: the service ended with {process.returncode}: {log.read_text()}")


def as_another(venv: Path, folder: Path) -> tuple[list[str], str]:
    """The words before a command that take its rights away, and who it then is."""
    if os.geteuid() != 0:
        return [], "as this user"
    for each in (venv.parent, folder):
        each.chmod(0o755)
    bare = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
    other = [*bare, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    # By a shell: what setpriv itself starts is still found with the rights that it gives up.
    tried = [*other, "sh", "-c", '"$0" -c ""', venv / "bin" / "python"]
    if subprocess.run(tried, cwd="/", capture_output=True).returncode == 0:
        return other, "as nobody"
    return bare, "as root without any capability, since nobody else may run this Python"


def asked(port: int, token: str | None) -> tuple[int, bytes]:
    """The status and the answer to a case, with or without a token."""
    kind = {"Content-Type": "application/yaml"}
    if token is not None:
        kind["Authorization"] = f"Bearer {token}"
    address = f"http://127.0.0.1:{port}/api/v1/plan"
    question = urllib.request.Request(address, CASE.read_bytes(), kind)
    try:
        with urllib.request.urlopen(question, timeout=SECONDS) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
