"""What befalls the fields of one mutation: one is refused, its answer is lost, or the call ends between two of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from local_github.faults import Fault, Faults
from local_github.graph_core import GraphError, Input, Noun
from local_github.refusals import WORDS, Ask
from local_github.world import World

LOST = (
    "Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug."
)


@dataclass(frozen=True)
class Written:
    """Something the App has just made, which somebody else may touch: a comment by its number, a label by its name."""

    about: str
    comment: int | None = None
    label: str = ""


@dataclass
class FieldFaults:
    """Stands around each top field of one call; `written` is what they made, heard of or not."""

    faults: Faults
    world: World
    ask: Ask
    refused: dict[str, Fault] = field(default_factory=dict)
    lost: dict[str, Fault] = field(default_factory=dict)
    cut: Fault | None = None
    most: int = 0
    """How many fields are carried out before the cut."""
    done: int = 0
    written: list[Written] = field(default_factory=list)

    @classmethod
    def of(cls, faults: Faults, world: World, ask: Ask) -> FieldFaults:
        """Drawn once a call: a query, which writes nothing, meets none of this."""
        made = cls(faults, world, ask)
        if not ask.acts:
            return made
        abouts = {key: made._about(name) for key, name in zip(ask.fields, ask.acts, strict=True)}
        made.refused = {key: rule for rule, key in faults.struck("field-refused", abouts)}
        made.lost = {key: rule for rule, key in faults.struck("field-lost", abouts)}
        for made.cut in faults.found({"cut-between"}, ask.about)[:1]:
            fixed = made.cut.fields
            made.most = faults.drawn(len(ask.acts)) if fixed is None else fixed
        return made

    def around(self, key: str, name: str, given: Input, act: Callable[[], Noun]) -> Noun:
        """One field, `key` in the answer; raises GraphError in its place."""
        if self.cut and self.done >= self.most:
            raise GraphError("", LOST)
        self.done += 1
        if rule := self.refused.get(key):
            self.faults.used(rule, self._about(name))
            raise self._refusal(rule)
        made = act()
        self._note(name, given, made)
        if rule := self.lost.get(key):
            self.faults.used(rule, self._about(name))
            raise GraphError("", LOST)
        return made

    def ended(self) -> Fault | None:
        """The rule that cut the call."""
        if self.cut:
            self.faults.used(self.cut, self.ask.about)
        return self.cut

    def _about(self, name: str) -> str:
        return f"{self.ask.called} {name}"

    def _refusal(self, rule: Fault) -> GraphError:
        words = WORDS[rule.why or "integration"]
        message = words.message.format(organisation=self.world.organisation, bot=self.world.bot)
        return GraphError(words.kind or "FORBIDDEN", message, words.more)

    def _note(self, name: str, given: Input, made: Noun) -> None:
        if name == "addComment":
            number = int(made["commentEdge"]["node"]["fullDatabaseId"])
            self.written.append(Written(self._about(name), comment=number))
        if name == "addLabelsToLabelable" and given["labelIds"]:
            labels = self.world.labels.values()
            last = next(item.name for item in labels if item.node_id == given["labelIds"][-1])
            self.written.append(Written(self._about(name), label=last))
