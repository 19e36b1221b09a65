"""The repository: its labels, its files and their commits."""

from __future__ import annotations

import re
from collections.abc import Iterable

from local_github import payloads
from local_github.factories import commit
from local_github.operations.core import Core, act, check_length, invalid
from local_github.state import Commit, CommitComment, Issue, Label, Pull, Refused, node_id

HEX = re.compile(r"[0-9a-fA-F]{6}")


class RepositoryActs(Core):
    @act
    def create_label(self, actor: str, name: str, color: str = "ededed", description: str = "") -> Label:
        self.require(actor, "manage_labels")
        self._check_label(name, color, description)
        if self.label(name):
            raise _taken()
        label = Label(self.new_id(), node_id("LA"), name, color.lower(), description)
        self.labels[name] = label
        self.repository_event("label", "created", actor, label=payloads.label(self, label))
        return label

    @act
    def edit_label(
        self,
        actor: str,
        name: str,
        *,
        new_name: str | None = None,
        color: str | None = None,
        description: str | None = None,
    ) -> Label:
        """A new name follows the label on every issue that wears it."""
        self.require(actor, "manage_labels")
        label = self._known(name)
        asked = {"name": new_name, "color": color.lower() if color else None, "description": description}
        wanted = {key: value for key, value in asked.items() if value not in {None, getattr(label, key)}}
        after = {key: str(wanted.get(key, getattr(label, key))) for key in asked}
        self._check_label(**after)
        if self.label(after["name"]) not in (None, label):
            raise _taken()
        changes = {key: {"from": getattr(label, key)} for key in wanted}
        self._rename(label, after["name"])
        label.color, label.description = after["color"], after["description"]
        if changes:
            self.repository_event("label", "edited", actor, label=payloads.label(self, label), changes=changes)
        return label

    @act
    def delete_label(self, actor: str, name: str) -> None:
        """Issues that wore it lose it, without an event of their own."""
        self.require(actor, "manage_labels")
        label = self._known(name)
        shown = payloads.label(self, label)
        for issue in self.issues.values():
            if label.name in issue.labels:
                issue.labels.remove(label.name)
        del self.labels[label.name]
        self.repository_event("label", "deleted", actor, label=shown)

    def _known(self, name: str) -> Label:
        label = self.label(name)
        if label is None:
            raise Refused(404, "Not Found")
        return label

    def _rename(self, label: Label, name: str) -> None:
        before, label.name = label.name, name
        self.labels = {item.name: item for item in self.labels.values()}
        for issue in self.issues.values():
            issue.labels = [name if worn == before else worn for worn in issue.labels]

    def _check_label(self, name: str, color: str, description: str) -> None:
        if not name.strip() or len(name) > 50:
            raise invalid("Label", "name", "name must have 1 to 50 characters")
        if not HEX.fullmatch(color):
            raise invalid("Label", "color", f"color is not six hexadecimal digits: {color}")
        if len(description) > 100:
            raise invalid("Label", "description", "description is too long (maximum is 100 characters)")

    # labels on issues

    @act
    def add_labels(self, actor: str, number: int, names: Iterable[str]) -> Issue:
        """A name that is not a label yet becomes one, when the actor may manage labels."""
        self.require(actor, "label")
        issue = self.issue(number)
        # All of them first: one that may not be made refuses the call, which then changes nothing.
        for label in [self.label(name) or self.create_label(actor, name) for name in names]:
            if label.name not in issue.labels:
                issue.labels.append(label.name)
                self.told(issue, "labeled", actor, label=label.name)
                self.issue_event("labeled", issue, actor, label=payloads.label(self, label))
        return issue

    @act
    def remove_label(self, actor: str, number: int, name: str) -> Issue:
        self.require(actor, "label")
        label = self.label(name)
        if label is None or label.name not in self.issue(number).labels:
            raise Refused(404, "Label does not exist")
        return self.remove_labels(actor, number, [name])

    @act
    def remove_labels(self, actor: str, number: int, names: Iterable[str]) -> Issue:
        """Those the issue does not wear are passed over."""
        self.require(actor, "label")
        issue = self.issue(number)
        for label in [found for name in names if (found := self.label(name))]:
            if label.name in issue.labels:
                issue.labels.remove(label.name)
                self.told(issue, "unlabeled", actor, label=label.name)
                self.issue_event("unlabeled", issue, actor, label=payloads.label(self, label))
        return issue

    def replace_labels(self, actor: str, number: int, names: Iterable[str]) -> Issue:
        with self.lock:
            names = list(names)
            wanted = {name.casefold() for name in names}
            for name in [name for name in self.issue(number).labels if name.casefold() not in wanted]:
                self.remove_label(actor, number, name)
            return self.add_labels(actor, number, names)

    # files

    @act
    def write_file(self, actor: str, path: str, text: str, message: str = "") -> Commit:
        """One commit on the default branch, told by a `push`."""
        self.require(actor, "write_contents")
        change = "modified" if path in self.files else "added"
        self.files[path] = text
        return self._committed(
            actor, message or f"{'Update' if change == 'modified' else 'Create'} {path}", path, change
        )

    @act
    def merge_file(self, actor: str, path: str, text: str, title: str) -> Pull:
        """A change proposed in a branch and merged at once: a pull request, whose commit a `push` tells."""
        made = self.write_file(actor, path, text, title)
        number, at = self.next_number, self.now()
        self.pulls[number] = Pull(
            *(self.new_id(), node_id("PR"), number, title, "", actor, "closed", at, at), closed_at=at, sha=made.sha
        )
        return self.pulls[number]

    @act
    def delete_file(self, actor: str, path: str, message: str = "") -> Commit:
        self.require(actor, "write_contents")
        if self.files.pop(path, None) is None:
            raise Refused(404, "Not Found")
        return self._committed(actor, message or f"Delete {path}", path, "removed")

    def _committed(self, actor: str, message: str, path: str, change: str) -> Commit:
        made = commit(self, actor, message, {path: change})
        self.commits.append(made)
        self.emit("push", "", actor, **payloads.push(self, made))
        return made

    def commit_of(self, sha: str) -> Commit:
        """By its whole sha, or by the name of the default branch."""
        named = self.commits[-1:] if sha in {"main", "HEAD", "refs/heads/main"} else []
        found = [*named, *(item for item in self.commits if item.sha == sha)]
        if not found:
            raise Refused(422, f"No commit found for SHA: {sha}")
        return found[0]

    def files_at(self, sha: str) -> dict[str, str]:
        """Every file as that commit left it."""
        files: dict[str, str] = {}
        for item in self.commits:
            for path, change in item.files.items():
                files.pop(path, None)
                if change != "removed":
                    files[path] = item.texts.get(path, self.files.get(path, ""))
            if item.sha == sha:
                break
        return files

    @act
    def comment_commit(
        self, actor: str, sha: str, body: str, path: str | None = None, line: int | None = None
    ) -> CommitComment:
        self.require(actor, "read")
        check_length(body)
        if not body.strip():
            raise invalid("CommitComment", "body", "body can't be blank")
        said = CommitComment(self.new_id(), node_id("CC"), self.commit_of(sha).sha, body, actor, self.now(), path, line)
        self.commit_comments.append(said)
        self.repository_event("commit_comment", "created", actor, comment=payloads.commit_comment(self, said))
        return said


def _taken() -> Refused:
    return Refused(422, "Validation Failed", [{"resource": "Label", "code": "already_exists", "field": "name"}])
