"""The week's report on one page of A4, whatever the portfolio: its fullest text that fits, at the largest letters."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from app.domain.policy.model import Policy
from app.domain.report.digest import Digest
from app.messages.charts import Drawer
from app.messages.reports import Links, digest_text
from app.reports.paper_text import Blocks, as_blocks
from app.reports.pdf import as_paper

TRIES = ((9.5, 5, True), (9, 5, True), (8.5, 5, True), (8.5, 4, True), (8.5, 3, True), (8, 2, True), (8, 1, False))
"""Size of the letters in points, lines of a list, and whether figures are drawn: what fits first is the page."""
NOWHERE = ""


def digest_pdf(found: Digest, policy: Policy, links: Links) -> bytes:
    """The same sentences as the issue and the page; « et 12 autres » leads to what the page has no room for."""
    texts = {(top, drawn): _parted(found, policy, links, top, drawn=drawn) for _, top, drawn in TRIES}
    tries = [{"size": size, **texts[top, drawn][1]} for size, top, drawn in TRIES]
    title = next(iter(texts.values()))[0]
    foot = policy.pages.institution or links.repository
    return as_paper("digest", {"title": title, "language": policy.language, "foot": foot, "tries": tries})


def _parted(found: Digest, policy: Policy, links: Links, top: int, *, drawn: bool) -> tuple[str, dict[str, Any]]:
    """Its title; then what is on the whole width, and its sections, which stand in two columns."""

    def write(draw: Drawer) -> str:
        return digest_text(found, policy, links, draw if drawn else lambda _: NOWHERE, top)

    title, blocks = as_blocks(write)
    last = max(rank for rank, block in enumerate(blocks) if block["kind"] == "rule")
    _, *parts = _sections([block for block in blocks[:last] if block["kind"] != "rule"])
    opening, *sections = parts
    return title, {"opening": opening, "sections": sections, "closing": blocks[last + 1 :]}


def _sections(blocks: Blocks) -> list[Blocks]:
    """Each from its heading on; what stands before the first one comes first."""
    ranks: list[int] = []
    for block in blocks:
        begins = block["kind"] == "heading" and block["level"] == 2
        ranks.append((ranks[-1] if ranks else 0) + begins)
    pairs = zip(ranks, blocks, strict=True)
    return [[block for _, block in held] for _, held in groupby(pairs, key=lambda pair: pair[0])]
