"""Write beside each image of the Dockerfile and the compose file the digest its registry gives it today.

`docker buildx imagetools inspect` is asked for it, and the files are changed in place, to be read in a diff. A name
already pinned is asked for again: with `--check`, nothing is written and a difference is an error.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILES = ("Dockerfile", "deploy/compose.yaml")
NAMED = re.compile(r"^(FROM |\s+image: )([\w./-]+:[\w.-]+)(@sha256:[0-9a-f]{64})?(?= |$)", re.MULTILINE)
LOCAL = "jalon:local"
"""Made from the Dockerfile, on this machine."""


def digest_of(image: str) -> str:
    asked = ["docker", "buildx", "imagetools", "inspect", image, "--format", "{{.Manifest.Digest}}"]
    return subprocess.run(asked, capture_output=True, text=True, check=True, timeout=120).stdout.strip()


def pinned(text: str, digest: Callable[[str], str]) -> str:
    """The text with every image followed by its digest; raises ValueError on what is no digest."""

    def one(found: re.Match[str]) -> str:
        if found[2] == LOCAL:
            return found[0]
        told = digest(found[2])
        if not re.fullmatch(r"sha256:[0-9a-f]{64}", told):
            raise ValueError(f"{found[2]}: {told!r} is no digest")
        return f"{found[1]}{found[2]}@{told}"

    return NAMED.sub(one, text)


def main(words: list[str], root: Path = ROOT, digest: Callable[[str], str] = digest_of) -> int:
    differing = []
    for name in FILES:
        path = root / name
        before = path.read_text(encoding="utf-8")
        after = pinned(before, digest)
        if after == before:
            continue
        differing.append(name)
        if "--check" not in words:
            path.write_text(after, encoding="utf-8")
    if differing and "--check" in words:
        print(f"not the digests of today: {', '.join(differing)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
