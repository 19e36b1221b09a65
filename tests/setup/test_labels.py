"""Labels: what is created, mended, renamed, kept, left alone."""

from dataclasses import replace

import pytest

from app.setup.changes import CreateLabel, EditLabel
from app.setup.labels import mends, plan_labels
from app.setup.model import LabelSpec

IDEA = LabelSpec("phase: idée", "dcebfa", "Phase 1 : comprendre")
DATA = LabelSpec("besoin: données", "9fcfcb", "Un appui sur les données", former=("besoin: data",), fixed=False)


@pytest.mark.parametrize(
    ("present", "acts"),
    [
        ((), [CreateLabel(IDEA)]),
        ((IDEA,), []),
        ((LabelSpec("Phase: IDÉE", "dcebfa", "Phase 1 : comprendre"),), [EditLabel("Phase: IDÉE", IDEA)]),
        ((LabelSpec("phase: idée", "DCEBFA", "Phase 1 : comprendre"),), []),
        ((LabelSpec("phase: idée", "ffffff", "Phase 1 : comprendre"),), [EditLabel("phase: idée", IDEA)]),
        ((LabelSpec("phase: idée", "dcebfa", ""),), [EditLabel("phase: idée", IDEA)]),
        ((LabelSpec("étape 1", "ffffff", "Phase 1 : comprendre"),), [EditLabel("étape 1", IDEA)]),
        ((LabelSpec("bug", "ff0000", "Une anomalie"),), [CreateLabel(IDEA)]),
    ],
)
def test_a_label_the_rules_look_for(present, acts):
    plan = plan_labels((IDEA,), present)
    assert [change.act for change in plan.changes] == acts
    assert plan.remarks == ()


def test_a_label_that_people_renamed_keeps_their_name_and_is_told():
    theirs = LabelSpec("besoin: statistiques", "9fcfcb", DATA.description)
    plan = plan_labels((DATA,), (theirs,))
    assert plan.changes == ()
    assert "« besoin: données » a été renommée « besoin: statistiques »" in plan.remarks[0].what


def test_a_label_that_we_renamed_follows_with_its_issues():
    plan = plan_labels((DATA,), (LabelSpec("besoin: data", "9fcfcb", "Ancienne description"),))
    assert [change.act for change in plan.changes] == [EditLabel("besoin: data", DATA)]


def test_a_label_wanted_for_itself_is_never_taken_for_another():
    twin = LabelSpec("besoin: design", "ffffff", DATA.description, fixed=False)
    plan = plan_labels((DATA, twin), (twin,))
    assert [change.act for change in plan.changes] == [CreateLabel(DATA)]


def test_a_change_says_everything_that_changes():
    plan = plan_labels((IDEA,), (LabelSpec("étape 1", "ffffff", IDEA.description),))
    assert plan.changes[0].how == ("renommage (« étape 1 » ; les tickets la gardent), couleur (ffffff → dcebfa)")


MVP = LabelSpec("phase: mvp", "b3d4f3", "Phase 3 : servir")


@pytest.mark.parametrize(
    ("present", "renamed", "acts"),
    [
        ((IDEA, MVP), None, []),
        ((MVP,), None, [CreateLabel(IDEA)]),
        ((LabelSpec("étape 1", "ffffff", IDEA.description), MVP), None, [EditLabel("étape 1", IDEA)]),
        ((LabelSpec("étape 1", "ffffff", "mot"), MVP), ("phase: idée", "étape 1"), [EditLabel("étape 1", IDEA)]),
        ((LabelSpec("étape 1", "ffffff", "mot"), MVP), ("à suivre", "étape 1"), [CreateLabel(IDEA)]),
        ((MVP,), ("phase: idée", "déjà supprimée"), [CreateLabel(IDEA)]),
        ((LabelSpec("Phase: IDÉE", "ffffff", "mot"), MVP), ("phase: idée", "Phase: IDÉE"), []),
        ((LabelSpec("phase: idée", "ffffff", "mot"), MVP), None, []),
        ((LabelSpec("phase: idée", "ededed", ""), MVP), None, [EditLabel("phase: idée", IDEA)]),
        (
            (LabelSpec("phase: idée", "ededed", ""), LabelSpec("étape 1", "ffffff", IDEA.description), MVP),
            None,
            [EditLabel("phase: idée", IDEA)],
        ),
    ],
)
def test_what_labels_cannot_do_without(present, renamed, acts):
    found = mends((IDEA, DATA, MVP), present, renamed)
    told = [replace(act, label=replace(act.label, former=())) for act in found]
    assert told == acts
