"""The channels of the rules: what may be written, and each mistake where it is."""

from __future__ import annotations

import pytest

from app.domain.policy.model import Policy
from app.domain.policy.notice_settings import NEWS, NoticeChannel
from app.shipped_files import asset, default_policy
from app.yaml_documents import read_policy

SMALL = asset("policy.yml").read_text(encoding="utf-8")


def read(section):
    return read_policy(f"{SMALL}\n{section}")


def test_rules_without_the_section_tell_nobody():
    assert default_policy().notices == ()
    assert read("notices: {}").notices == ()


def test_a_channel_has_a_name_and_what_it_is_told():
    events = ", ".join(NEWS)
    found = read(
        f"notices:\n  channels:\n    - name: comité\n      events: [{events}]\n    - {{name: direction-1, events: [digest], titles: false}}\n"
    )
    assert isinstance(found, Policy)
    assert found.notices == (NoticeChannel("comité", NEWS), NoticeChannel("direction-1", ("digest",), titles=False))


@pytest.mark.parametrize(
    ("channel", "kind", "path"),
    [
        ("{name: 'a=b', events: [digest]}", "bad_form", "notices.channels[1].name"),
        ("{name: 'https://x', events: [digest]}", "bad_form", "notices.channels[1].name"),
        ("{name: a}", "missing_key", "notices.channels[1]"),
        ("{name: a, events: [vote]}", "not_one_of", "notices.channels[1].events[1]"),
        ("{name: a, events: [digest, digest]}", "repeated_value", "notices.channels[1].events[2]"),
        ("{name: a, events: [], to: 'mailto://x'}", "unknown_key", "notices.channels[1]"),
        ("{name: a, events: [], titles: peut-être}", "expected", "notices.channels[1].titles"),
        ("{name: a, events: ['']}", "expected", "notices.channels[1].events[1]"),
        (
            "{name: a, events: [digest]}\n    - {name: a, events: [minutes]}",
            "repeated_value",
            "notices.channels[2].name",
        ),
    ],
)
def test_each_mistake_is_told_where_it_is(channel, kind, path):
    problems = read(f"notices:\n  channels:\n    - {channel}\n")
    assert [(one.kind, one.path) for one in problems] == [(kind, path)]
