"""Whether a weakness is known in a library of the locks: `python -m tools.audit`, by `make audit`.

Asks the open database of weaknesses about every locked Python package, and the machine's own npm about the browser's. Both need
the network: without it nothing can be known of what was found since, so that is said and nothing fails, unless `--must`.
What needs no network is always checked: every package stands in the lock with its version and a hash."""

import argparse
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

TREE = Path(__file__).resolve().parents[1]
SERVICE = "https://api.osv.dev/v1/query"
LOCKS = ("run", "dev", "node")
FOUND, CLEAN, UNKNOWN = "found", "clean", "unknown"
NPM = '. tools/need.sh; find_npm; exec "${NPM[@]}" audit --omit=dev --json'


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--must", action="store_true", help="fail when nothing can be asked")
    parser.add_argument("--service", default=SERVICE)
    asked = parser.parse_args(argv)
    loose = [line for name in LOCKS for line in unlocked((TREE / "requirements" / f"{name}.txt").read_text())]
    said = {"Python": python(asked.service), "browser": browser()}
    for line in loose:
        tell(f"not locked: {line}")
    for what, (state, words) in said.items():
        tell(f"{what}: {words}")
        if state == UNKNOWN:
            tell(f"  NOT AUDITED: {what} could not be asked about; run `make audit` where there is a network")
    states = {state for state, _ in said.values()}
    return int(bool(loose) or FOUND in states or (asked.must and UNKNOWN in states))


def tell(words: str) -> None:
    sys.stdout.write(words + "\n")


def unlocked(lock: str) -> list[str]:
    """Requirements of a lock without a version or a hash."""
    rows = re.sub(r"\\\n\s*", " ", lock).splitlines()
    named = [row.strip() for row in rows if row.strip() and not row.lstrip().startswith(("#", "-"))]
    return [row[:80] for row in named if "==" not in row or "--hash=sha256:" not in row]


def python(service: str) -> tuple[str, str]:
    """pip-audit over all locks, which downloads and installs nothing."""
    if not answers(service):
        return UNKNOWN, f"{service} does not answer"
    locks = [word for name in LOCKS for word in ("--requirement", str(TREE / "requirements" / f"{name}.txt"))]
    command = [sys.executable, "-m", "pip_audit", *locks, "--disable-pip", "--require-hashes", "--progress-spinner=off",
               "--vulnerability-service=osv", f"--osv-url={service}", "--format=json"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, cwd=TREE, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return UNKNOWN, (done.stderr.strip().splitlines() or ["?"])[-1][:200]
    weak = [f"{p['name']} {p['version']}: {', '.join(v['id'] for v in p['vulns'])}" for p in packages if p.get("vulns")]
    return (FOUND, "; ".join(weak)) if weak else (CLEAN, f"nothing known of {len(packages)} packages")


def answers(service: str) -> bool:
    """Whether somebody is there at all; an answer of any kind counts."""
    try:
        urllib.request.urlopen(
            urllib.request.Request(service, b"{}", {"Content-Type": "application/json"}), timeout=5
        ).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def browser() -> tuple[str, str]:
    done = subprocess.run(["bash", "-c", NPM], capture_output=True, text=True, cwd=TREE, timeout=120, check=False)
    return of_npm(done.stdout)


def of_npm(said: str) -> tuple[str, str]:
    """What npm's own audit says."""
    try:
        counts = json.loads(said)["metadata"]["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return UNKNOWN, "npm could not ask its registry"
    many = int(counts["total"])
    return (FOUND, f"{many} known weaknesses: run `npm audit`") if many else (CLEAN, "nothing known")


if __name__ == "__main__":
    sys.exit(main())
