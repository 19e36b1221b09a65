"""The board: which one, which fields, and single selects whose values never lose their cards."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.github.boards import marker
from app.setup.board import merged_options, plan_board
from app.setup.changes import CreateBoard, CreateField, CreateView, DescribeBoard, LinkBoard, ReopenBoard, SetOptions
from app.setup.desired import VIEWS, desired_state
from app.setup.model import BoardSpec, CurrentState, FieldSpec, OptionSpec, ViewSpec
from app.shipped_files import default_policy

REPOSITORY = "dnum/produits"
WANTED = desired_state(None, "jalon")
ONE, TWO, THREE = (OptionSpec(name, "GRAY", f"Le {name}") for name in ("un", "deux", "trois"))


def known(option, number):
    return replace(option, id=f"o{number}")


def whole_board(**changes):
    fields = tuple(
        replace(field, id=f"F{rank}", number=rank, options=tuple(known(o, n) for n, o in enumerate(field.options)))
        for rank, field in enumerate(WANTED.fields, 1)
    )
    board = BoardSpec(
        "PVT_1",
        3,
        "Produits",
        "https://github.com/orgs/dnum/projects/3",
        readme=f"Bonjour\n{marker(REPOSITORY)}",
        linked=True,
        fields=fields,
        views=VIEWS,
    )
    return replace(board, **changes)


def present(board, **changes):
    return replace(CurrentState(REPOSITORY, "R_1", "O_1", private=True, board=board), **changes)


def acts(board):
    return [type(change.act) for change in plan_board(WANTED, present(board)).changes]


def test_an_organisation_without_a_board_gets_everything_in_order():
    assert acts(None) == [CreateBoard, DescribeBoard, LinkBoard, *[CreateField] * 5, *[CreateView] * 3]


def test_a_whole_board_needs_nothing():
    assert plan_board(WANTED, present(whole_board())).changes == ()


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ({"closed": True}, [ReopenBoard]),
        ({"linked": False}, [LinkBoard]),
        ({"readme": "Autre chose"}, [DescribeBoard]),
        (
            {"views": (ViewSpec("View 1", "table"), replace(VIEWS[0], name="phases", filter="is:closed"))},
            [CreateView, CreateView],
        ),
        ({"views": (replace(VIEWS[0], columns=""), *VIEWS[1:])}, [CreateView]),
        ({"fields": whole_board().fields[:2]}, [CreateField] * 3),
        ({"title": "Nos produits"}, []),
    ],
)
def test_each_damage_has_its_repair(damage, expected):
    assert acts(whole_board(**damage)) == expected


def test_what_people_wrote_in_the_readme_stays():
    plan = plan_board(WANTED, present(whole_board(readme="Nos règles à nous")))
    assert plan.changes[0].act.readme == f"Nos règles à nous\n\n{marker(REPOSITORY)}\n"


def test_a_field_of_another_kind_is_told_and_left():
    fields = (replace(whole_board().fields[0], kind="TEXT"), *whole_board().fields[1:])
    plan = plan_board(WANTED, present(whole_board(fields=fields)))
    assert plan.changes == ()
    assert "n’est pas du type « liste à choix unique »" in plan.remarks[0].what


@pytest.mark.parametrize(
    ("there", "names", "told"),
    [
        ((known(ONE, 1), known(TWO, 2)), "o1 o2 -", "option « trois » : création"),
        (
            (known(ONE, 1), replace(known(TWO, 2), name="second"), known(THREE, 3)),
            "o1 o2 o3",
            "option « second » : renommage en « deux »",
        ),
        ((known(TWO, 2), known(ONE, 1), known(THREE, 3)), "o1 o2 o3", "ordre des options"),
        (
            (known(ONE, 1), replace(known(TWO, 2), color="RED"), known(THREE, 3)),
            "o1 o2 o3",
            "option « deux » : couleur ou description",
        ),
        ((OptionSpec("autre", "RED", "", "x"), known(ONE, 1), known(TWO, 2), known(THREE, 3)), "o1 o2 o3 x", "ordre"),
        (
            (replace(known(ONE, 1), name="UN"), known(TWO, 2), known(THREE, 3)),
            "o1 o2 o3",
            "« UN » : renommage en « un »",
        ),
    ],
)
def test_options_are_set_with_the_ids_they_have(there, names, told):
    needs = replace(WANTED, fields=(FieldSpec("Phase", "SINGLE_SELECT", (ONE, TWO, THREE)),))
    board = whole_board(fields=(FieldSpec("phase", "SINGLE_SELECT", there, "F", 1),))
    (change,) = plan_board(needs, present(board)).changes
    assert isinstance(change.act, SetOptions)
    assert change.act.field == "phase"
    assert " ".join(option.id or "-" for option in change.act.options) == names
    assert told in change.how


OPTIONS = st.lists(
    st.builds(
        OptionSpec,
        st.sampled_from(["un", "deux", "trois", "UN", "autre"]),
        st.sampled_from(["GRAY", "RED"]),
        st.sampled_from(["Le un", "Le deux", "", "Le trois"]),
        st.integers().map(str),
    ),
    unique_by=(lambda option: option.id, lambda option: option.name),
    max_size=5,
)


@given(OPTIONS)
def test_no_option_is_ever_dropped_and_a_second_run_changes_nothing(there):
    once = merged_options((ONE, TWO, THREE), tuple(there))
    assert {option.id for option in there} <= {option.id for option in once}
    assert [option.name for option in once[:3]] == ["un", "deux", "trois"]
    settled = tuple(replace(option, id=option.id or f"new{rank}") for rank, option in enumerate(once))
    assert merged_options((ONE, TWO, THREE), settled) == settled


def test_a_public_board_over_a_private_repository_and_automations_that_fight_are_told():
    board = whole_board(public=True, automations=("Item closed", "Auto-archive items"))
    told = [remark.what for remark in plan_board(WANTED, present(board)).remarks]
    assert len(told) == 2
    assert "public" in told[0]
    assert "Auto-archive items" in told[1]
    assert plan_board(WANTED, present(whole_board(public=True), private=False)).remarks == ()


def test_columns_follow_the_rules_of_the_repository():
    policy = default_policy()
    renamed = replace(policy, phases=(replace(policy.phases[0], card="Idées", label="étape: idée"), *policy.phases[1:]))
    needs = desired_state(renamed, "jalon")
    (change,) = plan_board(needs, present(whole_board())).changes
    assert change.how == "option « Idée » : renommage en « Idées »"
    label = next(item for item in needs.labels if item.name == "étape: idée")
    assert label.former == ("phase: idée",)
