"""The tables of Jalon's database, for SQLite and PostgreSQL alike."""

from __future__ import annotations

import sqlalchemy as sa

from app.store import log_schema
from app.store.payloads import CompressedPayload

METADATA = log_schema.METADATA
LOG, LOG_FACTS, LOG_NODES = log_schema.LOG, log_schema.LOG_FACTS, log_schema.LOG_NODES
LOG_STATE, CHECKPOINTS = log_schema.LOG_STATE, log_schema.CHECKPOINTS

VERSIONS = sa.Table("jalon_schema", METADATA, sa.Column("version", sa.Integer, nullable=False))

FACTS = sa.Table(
    "jalon_facts",
    METADATA,
    sa.Column("product", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("repository", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("fact", sa.Text, nullable=False),
    sa.Column("delivery", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
)
"""The register: appended to, never changed."""

PRESENTS = sa.Table(
    "jalon_presents",
    METADATA,
    sa.Column("product", sa.Text, primary_key=True),
    sa.Column("repository", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("mark", sa.Text, nullable=False),
    sa.Column("seal", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False, server_default=""),
    sa.Column("need", sa.Text, nullable=False, server_default=""),
)
"""Where each product stands after its last fact, for pages and reports: drawn from the facts, made again at will.

`words` are those it is found by, `need` what it is for: last, since pages read thousands of the other columns.
"""

SUPPORTS = sa.Table(
    "jalon_supports",
    METADATA,
    sa.Column("issue", sa.Text, primary_key=True),
    sa.Column("repository", sa.Text, nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("needs", sa.Text, nullable=False),
)
"""Requests for support now open, by the node id of their issue; `needs` as a JSON list."""

PLACES = sa.Table(
    "jalon_places",
    METADATA,
    sa.Column("product", sa.Text, primary_key=True),
    sa.Column("repository", sa.Text, nullable=False, index=True),
)
"""Where products are now that their last fact does not name: their repository, or its owner, was renamed since."""

REPOSITORIES = sa.Table(
    "jalon_repositories",
    METADATA,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
)
"""The name under which each repository was last seen, by the number that GitHub gave it."""

INBOX = sa.Table(
    "jalon_inbox",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("delivery", sa.Text, unique=True, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("payload", CompressedPayload, nullable=False),
    sa.Column("received", sa.Float, nullable=False),
    sa.Column("done", sa.Float),
    sa.Column("outcome", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", sa.Float, nullable=False, server_default="0"),
    sa.Column("replays", sa.Integer, nullable=False, server_default="0"),
    sa.Column("parked", sa.Integer, nullable=False, server_default="0"),
    sa.Column("queued", sa.Integer, nullable=False, server_default="1"),
    sa.Index("jalon_inbox_unqueued", "id", sqlite_where=sa.text("queued = 0"), postgresql_where=sa.text("queued = 0")),
    sa.Index(
        "jalon_inbox_unfinished", "id", sqlite_where=sa.text("done IS NULL"), postgresql_where=sa.text("done IS NULL")
    ),
    sa.Index("jalon_inbox_waiting", "product", "done"),
    sa.Index("jalon_inbox_parked", "parked"),
    sqlite_autoincrement=True,
)
"""Deliveries: the id is kept for ever (it is what tells a duplicate), the payload is emptied after a while."""

SIGHTS = sa.Table(
    "jalon_sights",
    METADATA,
    sa.Column("product", sa.Text, primary_key=True),
    sa.Column("repository", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("due", sa.Float, index=True),
)
"""How each issue looked when its last turn ended, and when time alone will change it (seconds since 1970)."""

READINGS = sa.Table(
    "jalon_readings",
    METADATA,
    sa.Column("product", sa.Text, primary_key=True),
    sa.Column("newest", sa.BigInteger, nullable=False),
    sa.Column("moment", sa.Float, nullable=False),
)
"""How far a former version had read each product: the id of the last comment, the moment of the last edit."""

COMMENT_APPS = sa.Table(
    "jalon_comment_apps",
    METADATA,
    sa.Column("comment", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("app", sa.BigInteger, nullable=False),
    sa.Column("slug", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
)
"""The App that wrote a comment in its author's name, 0 for none, where a webhook still to come will not tell it."""

LIMITS = sa.Table(
    "jalon_limits",
    METADATA,
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("resource", sa.Text, primary_key=True),
    sa.Column("remaining", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("reset", sa.Float, nullable=False),
    sa.Column("paused_until", sa.Float, nullable=False, server_default="0"),
    sa.Column("answered", sa.Float, nullable=False),
)
"""What GitHub last said of its limits, by installation and by resource."""

CREATIONS = sa.Table(
    "jalon_creations",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index("jalon_creations_by_time", "owner", "at"),
)
"""Contents created on GitHub during the last hour, shared by every worker of an installation."""

FIGURES = sa.Table(
    "jalon_figures",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("label", sa.Text, primary_key=True),
    sa.Column("value", sa.Float, nullable=False),
)
"""Counters that outlive a process, for Prometheus."""

NOTES = sa.Table(
    "jalon_notes",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
"""Where the catch-up and the sweep had got to."""

REMINDERS = sa.Table(
    "jalon_reminders",
    METADATA,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("week", sa.Text, primary_key=True),
    sa.Column("repository", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("duties", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("posted", sa.Integer, nullable=False),
)
"""Who was mentioned in a reminder, in which ISO week, on which product and for which duties."""

RULES = sa.Table(
    "jalon_rules",
    METADATA,
    sa.Column("repository", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False, server_default=""),
    sa.Column("version", sa.Text, nullable=False, server_default=""),
    sa.Column("text", sa.LargeBinary, nullable=False, server_default=""),
)
"""The last good policy file of each repository, and what became of the file since."""

RULES_TEXTS = sa.Table(
    "jalon_rules_texts",
    METADATA,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("text", sa.LargeBinary, nullable=False),
)
"""Every text of the rules that was in force, by its SHA-256: gates name the one they opened under for ever."""

RULES_SAID = sa.Table(
    "jalon_rules_said",
    METADATA,
    sa.Column("repository", sa.Text, primary_key=True),
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("stamp", sa.Text, nullable=False),
    sa.Column("is_open", sa.Integer, nullable=False),
)
"""Where on GitHub a faulty policy file was told, what was told there, and whether it was taken back."""

CATALOGUES = sa.Table(
    "jalon_catalogues",
    METADATA,
    sa.Column("repository", sa.Text, primary_key=True),
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False, server_default=""),
    sa.Column("version", sa.Text, nullable=False, server_default=""),
    sa.Column("text", sa.LargeBinary, nullable=False, server_default=""),
    sa.Column("seen", sa.Integer, nullable=False, server_default="0"),
    sa.Column("place", sa.Text, nullable=False, server_default=""),
    sa.Column("stamp", sa.Text, nullable=False, server_default=""),
    sa.Column("is_open", sa.Integer, nullable=False, server_default="0"),
)
"""The last good text of each file of a catalogue, what became of the file since, and where its faults were told."""

TROUBLES = sa.Table(
    "jalon_troubles",
    METADATA,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("since", sa.Float, nullable=False),
    sa.Column("seen", sa.Float, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)
"""What keeps the App from its work, since when, and when it was last met."""

RECENT = sa.Table(
    "jalon_recent",
    METADATA,
    sa.Column("product", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
"""What Jalon wrote lately on each issue, and what a reading lacked: GitHub's copies may be late."""

UNDONE = sa.Table(
    "jalon_undone",
    METADATA,
    sa.Column("product", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("repository", sa.Text, nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("since", sa.Float, nullable=False),
    sa.Column("due", sa.Float, nullable=False, index=True),
)
"""What GitHub refused to let Jalon do on each product, since when, and when it is tried again."""

PULSES = sa.Table(
    "jalon_pulses",
    METADATA,
    sa.Column("worker", sa.Text, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("stopped", sa.Text, nullable=False),
)
"""When each worker last showed that it lives, and which of its parts have stopped."""

SEALED = sa.Table(
    "jalon_sealed",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("until", sa.Float, nullable=False, index=True),
)
"""What is kept of people who are signed in, for as long as they are: sealed, and under names that tell nothing."""

SESSIONS = sa.Table(
    "jalon_sessions",
    METADATA,
    sa.Column("issue", sa.Text, primary_key=True),
    sa.Column("repository", sa.Text, nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("day", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("memory", sa.Text, nullable=False),
)
"""The committee's sessions, by the node id of their issue, as its comments were last read; `day` is the agenda's."""

ABSENCES = sa.Table(
    "jalon_absences",
    METADATA,
    sa.Column("issue", sa.Text, primary_key=True),
    sa.Column("rank", sa.Integer, primary_key=True),
    sa.Column("repository", sa.Text, nullable=False, index=True),
    sa.Column("until", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
)
"""Absences from the seats, and returns, as those comments tell them: in order on each issue."""
NEWS = sa.Table(
    "jalon_news",
    METADATA,
    sa.Column("product", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("gate", sa.Integer, nullable=False),
)
"""Facts of which channels may have to be told, written with them and taken away once looked at."""

OUTBOX = sa.Table(
    "jalon_notices",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("made", sa.Float, nullable=False, index=True),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", sa.Float, nullable=False, server_default="0"),
    sa.Column("said", sa.Float),
    sa.Column("failed", sa.Float),
    sa.UniqueConstraint("channel", "event", "product", "cause", name="jalon_notices_once"),
    sqlite_autoincrement=True,
)
"""What channels are to be told, were told, or could not be: each thing once; `product` is a repository when of none."""

CALENDARS = sa.Table(
    "jalon_calendars",
    METADATA,
    sa.Column("account", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("repository", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False, unique=True),
    sa.Column("made", sa.Float, nullable=False),
)
"""Whose calendar each secret address opens: the digest of the secret, never the secret."""

EVENT_TURNS = sa.Table(
    "jalon_event_turns",
    METADATA,
    sa.Column("uid", sa.Text, primary_key=True),
    sa.Column("shown", sa.Text, nullable=False),
    sa.Column("turn", sa.Integer, nullable=False),
)
"""What each event of a calendar last showed, and how often that has changed."""
