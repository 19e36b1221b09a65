"""The policy's section on notices: the channels by which the committee's news leave GitHub, and which news each takes.

Where a channel leads is the installation's to know: an address that opens it is never in a repository.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.policy.document import DocumentReader, Node, ProblemKind

NEWS = ("gate_opened", "decision", "overdue", "agenda", "minutes", "digest")
"""What a channel may be told."""
CHANNEL = r"[^\W_][\w.-]{0,49}"
MOST_CHANNELS = 20


@dataclass(frozen=True)
class NoticeChannel:
    name: str
    events: tuple[str, ...]
    titles: bool = True
    """Whether products are named there by their titles; by their numbers otherwise."""


def read_notices(reader: DocumentReader, node: Node | None) -> tuple[NoticeChannel, ...]:
    """The channels of the section; none where it is silent, as in the rules of former versions."""
    if node is None:
        return ()
    entry = reader.table(node, "notices", (), ("channels",))
    channels: list[NoticeChannel] = []
    for path, item in reader.items(entry.get("channels"), "notices.channels", MOST_CHANNELS):
        found = _channel(reader, item, path)
        if any(one.name == found.name for one in channels):
            reader.note(item.mark, f"{path}.name", ProblemKind.REPEATED_VALUE, value=found.name)
        channels.append(found)
    return tuple(channels)


def _channel(reader: DocumentReader, node: Node, path: str) -> NoticeChannel:
    entry = reader.table(node, path, ("name", "events"), ("titles",))
    return NoticeChannel(
        reader.text(entry.get("name"), f"{path}.name", CHANNEL),
        reader.texts(entry.get("events"), f"{path}.events", lambda item, where: _event(reader, item, where)),
        reader.flag(entry.get("titles"), f"{path}.titles", default=True),
    )


def _event(reader: DocumentReader, node: Node, path: str) -> str:
    event = reader.text(node, path)
    if event and event not in NEWS:
        reader.note(node.mark, path, ProblemKind.NOT_ONE_OF, value=event, allowed=", ".join(NEWS))
    return event
