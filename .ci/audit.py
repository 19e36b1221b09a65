"""Known vulnerabilities of what Jalon installs, told by PyPI; says plainly when PyPI's advisories cannot be read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock",)


def audit(lock: str) -> int:
    """0 when nothing is known against the lock, or when nobody could be asked."""
    command = ["pip-audit", "--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json"]
    done = subprocess.run(
        [str(Path(sys.executable).with_name(command[0])), *command[1:], "--requirement", str(ROOT / lock)],
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout.strip():
        print(f"audit SKIPPED: the advisories of PyPI cannot be reached ({done.stderr.strip().splitlines()[-1]})")
        return 0
    found = json.loads(done.stdout)["dependencies"]
    asked = [item for item in found if "skip_reason" not in item]
    flawed = [(item["name"], item["version"], flaw) for item in asked for flaw in item["vulns"]]
    for name, version, flaw in flawed:
        print(f"{name} {version}: {flaw['id']}, corrected in {', '.join(flaw['fix_versions']) or 'no version yet'}")
    if not asked:
        print(f"audit SKIPPED: this index has no advisories (0 of {len(found)} packages of {lock} could be looked up)")
    else:
        print(f"audit: {len(flawed)} known vulnerabilities in {len(asked)} of {len(found)} packages of {lock}")
    return 1 if flawed else 0


if __name__ == "__main__":
    sys.exit(max(audit(lock) for lock in LOCKS))
