"""The tables of the sealed log."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()
"""What every table of the database is declared in."""

LOG = sa.Table(
    "jalon_log",
    METADATA,
    sa.Column("n", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("entry", sa.Text, nullable=False),
    sa.Column("personal", sa.Text),
    sa.Column("salt", sa.Text),
)
"""The sealed log: each entry as it was sealed, and the personal part that its commitment hides, while it is kept."""

LOG_FACTS = sa.Table(
    "jalon_log_facts",
    METADATA,
    sa.Column("product", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("n", sa.BigInteger, nullable=False, index=True),
)
"""Which entry seals each fact; two facts share one when a product was transferred, and its history with it."""

LOG_NODES = sa.Table(
    "jalon_log_nodes",
    METADATA,
    sa.Column("level", sa.Integer, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)
"""The digests of the complete subtrees of the log."""

LOG_STATE = sa.Table(
    "jalon_log_state",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("edge", sa.LargeBinary, nullable=False),
    sa.Column("wanted", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("wanted_root", sa.LargeBinary, nullable=False, server_default=""),
)
"""One row: the log's name, how many entries its tree holds without a hole, the right edge of the tree (the largest
subtree first), and the size and root of the newest checkpoint known elsewhere, 0 unless the log is behind it.
"""

CHECKPOINTS = sa.Table(
    "jalon_checkpoints",
    METADATA,
    sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("cosigned", sa.Text, nullable=False, server_default=""),
    sa.Column("stamp", sa.LargeBinary),
)
"""What the log signed of itself, by size; the lines of witnesses, and the token of a time-stamping authority."""

ANCHORS = sa.Table(
    "jalon_anchors",
    METADATA,
    sa.Column("target", sa.Text, primary_key=True),
    sa.Column("done", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", sa.Float, nullable=False, server_default="0"),
)
"""Who vouches for the register, a witness or an authority: up to which size they did, and when to ask them again."""
