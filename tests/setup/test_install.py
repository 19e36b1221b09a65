"""Set-up on the local GitHub: an empty organisation, again, after each damage, after a cut, without the rights."""

import dataclasses
import re

import pytest

from app.domain.publish.card_fields import DUE, GATE, OFFICE, PROGRESS
from app.github.administrator import Administrator
from app.github.client import LaterError
from app.setup.desired import PHASE, POLICY
from app.setup.source import moving
from app.shipped_files import default_policy
from local_github.factories import new_field, new_view
from local_github.state import OtherRepository
from tests.setup.conftest import ADMIN

FORM = ".github/ISSUE_TEMPLATE/nouveau-produit.yml"
WORKFLOW = ".github/workflows/jalon-policy.yml"
COLUMNS = [phase.card for phase in default_policy().phases]


def silent(_line):
    """Progress nobody looks at."""


def board(hub):
    (found,) = [item for item in hub.world.boards.values() if not item.closed]
    return found


def field(hub, name):
    return board(hub).field_named(name)


def column(hub, name):
    return next(option for option in field(hub, PHASE).options if option.name == name)


def columns(hub):
    return [option.name for option in field(hub, PHASE).options]


def edit_options(hub, change):
    """People change the columns in the board's settings: identifiers stay."""
    options = [dataclasses.asdict(option) for option in field(hub, PHASE).options]
    hub.world.edit_field(ADMIN, field(hub, PHASE).node_id, options=change(options))


def shape(hub):
    """Everything that set-up is about, without the identifiers."""
    world, found = hub.world, board(hub)
    return {
        "labels": sorted((label.name, label.color, label.description) for label in world.labels.values()),
        "files": dict(world.files),
        "board": (found.title, found.readme, found.closed, *found.repositories),
        "fields": {
            item.name: (item.kind, [(o.name, o.color, o.description) for o in item.options])
            for item in found.fields.values()
        },
        "views": {(view.name, view.layout, view.filter) for view in found.views},
    }


def test_an_empty_organisation_gets_all_it_needs(hub, installation):
    lines, planned = [], installation().plan()[0].changes
    report = installation().run(lines.append)
    assert report.refused == {}
    assert report.done == list(planned)
    assert len(lines) == len(planned)
    assert lines[0] == f"[1/{len(lines)}] étiquette « produit » : création"
    found = board(hub)
    assert found.repositories == ["dnum/produits"]
    assert columns(hub) == COLUMNS
    assert {field(hub, name).kind for name in (GATE, PROGRESS, DUE, OFFICE)} == {
        "SINGLE_SELECT",
        "NUMBER",
        "DATE",
        "TEXT",
    }
    phases = next(view for view in found.views if view.name == "Phases")
    assert (phases.layout, phases.vertical_group_by) == ("board", [field(hub, PHASE).id])
    assert [view.layout for view in found.views if view.name != "View 1"] == ["board", "table", "roadmap"]
    assert hub.world.files[POLICY].startswith("# Règles du comité produit")
    assert "comite-produit" in report.remarks[-1].what


def test_a_second_run_changes_nothing(set_up, installation):
    before, commits, deliveries = shape(set_up), len(set_up.world.commits), set_up.world.version
    assert installation().plan()[0].changes == ()
    assert installation().run(silent).done == []
    assert (shape(set_up), len(set_up.world.commits), set_up.world.version) == (before, commits, deliveries)


def test_a_plan_alone_changes_nothing(hub, installation):
    version = hub.world.version
    plan, _ = installation().plan()
    assert len(plan.changes) >= 42
    assert hub.world.version == version


def recolour(hub):
    hub.world.edit_label(ADMIN, "phase: mvp", color="ff0000")


def reorder(hub):
    edit_options(hub, lambda options: [*options[3:], *options[:3]])


def rename_option(hub):
    edit_options(hub, lambda options: [{**o, "name": "Essai"} if o["name"] == "POC" else o for o in options])


def delete_option(hub):
    edit_options(hub, lambda options: [o for o in options if o["name"] != "MVP"])


def delete_view(hub):
    found = board(hub)
    found.views[:] = [view for view in found.views if view.name != "Passages en cours"]


def spoil(hub):
    text = hub.world.files[FORM]
    title = default_policy().questions[0].labels[0]
    hub.world.write_file(ADMIN, FORM, text.replace(title, "Votre idée"))


DAMAGES = {
    "label deleted": (
        lambda hub: hub.world.delete_label(ADMIN, "besoin: design"),
        "étiquette « besoin: design » : création",
    ),
    "label recoloured": (recolour, "étiquette « phase: mvp » : couleur (ff0000 → 7eb3e6)"),
    "label described otherwise": (
        lambda hub: hub.world.edit_label(ADMIN, "produit", description="Un truc"),
        "étiquette « produit » : description",
    ),
    "phase label renamed": (
        lambda hub: hub.world.edit_label(ADMIN, "phase: poc", new_name="étape: poc"),
        "étiquette « phase: poc » : renommage (« étape: poc » ; les tickets la gardent)",
    ),
    "option renamed": (rename_option, "champ « Phase » : option « Essai » : renommage en « POC »"),
    "option deleted": (delete_option, "champ « Phase » : option « MVP » : création"),
    "options reordered": (reorder, "champ « Phase » : ordre des options"),
    "field deleted": (
        lambda hub: hub.world.delete_field(ADMIN, field(hub, DUE).node_id),
        "champ « Prochaine échéance » : création",
    ),
    "view deleted": (delete_view, "vue « Passages en cours » : création dans « Produits »"),
    "form spoiled": (spoil, f"fichier « {FORM} » : remplacement : modifié à la main, inutilisable (la question"),
    "form deleted": (lambda hub: hub.world.delete_file(ADMIN, FORM), f"fichier « {FORM} » : pose"),
    "workflow deleted": (lambda hub: hub.world.delete_file(ADMIN, WORKFLOW), f"fichier « {WORKFLOW} » : pose"),
    "rules deleted": (lambda hub: hub.world.delete_file(ADMIN, POLICY), f"fichier « {POLICY} » : pose"),
    "board closed": (
        lambda hub: hub.world.edit_board(ADMIN, 1, {"closed": True}),
        "tableau « Produits » : réouverture",
    ),
    "board unlinked": (
        lambda hub: hub.world.link_board(ADMIN, 1, "dnum/produits", linked=False),
        "tableau « Produits » : lien avec dnum/produits",
    ),
    "board without its mark": (
        lambda hub: hub.world.edit_board(ADMIN, 1, {"readme": ""}),
        "tableau « Produits » : présentation",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_each_damage_is_repaired_and_listed(damage, set_up, installation):
    spoil_it, told = DAMAGES[damage]
    before, lines = shape(set_up), []
    spoil_it(set_up)
    assert shape_or_nothing(set_up) != before
    report = installation().run(lines.append)
    assert report.refused == {}
    assert len(lines) == 1
    assert lines[0].startswith(f"[1/1] {told}")
    assert shape(set_up) == before
    assert installation().plan()[0].changes == ()


def shape_or_nothing(hub):
    open_boards = [item for item in hub.world.boards.values() if not item.closed]
    return shape(hub) if open_boards else {}


@pytest.mark.parametrize("damage", ["option renamed", "options reordered", "board closed", "phase label renamed"])
def test_no_product_moves_while_its_board_is_repaired(damage, set_up, installation):
    (card,) = set_up.world.cards.values()
    option = card.option
    DAMAGES[damage][0](set_up)
    installation().run(silent)
    assert card.option == option == column(set_up, "POC").id
    assert "phase: poc" in set_up.world.issue(1).labels


def test_the_phase_field_deleted_comes_back_with_a_view_that_shows_it(set_up, installation):
    set_up.world.delete_field(ADMIN, field(set_up, PHASE).node_id)
    report = installation().run(silent)
    assert [(change.where, change.what) for change in report.done] == [("champ", "Phase"), ("vue", "Phases")]
    assert columns(set_up) == COLUMNS
    assert any(view.vertical_group_by == [field(set_up, PHASE).id] for view in board(set_up).views)
    plan, _ = installation().plan()
    assert plan.changes == ()
    assert any("n’a plus « Phase » en colonnes" in remark.what for remark in plan.remarks)


def test_a_board_deleted_is_made_again(set_up, installation):
    before = shape(set_up)
    set_up.world.delete_board(ADMIN, 1)
    installation().run(silent)
    assert shape(set_up) == before
    assert board(set_up).number == 2


@pytest.mark.slow
def test_what_people_added_or_changed_on_purpose_stays(set_up, installation):
    world = set_up.world
    world.create_label(ADMIN, "bug", "ff0000", "Une anomalie")
    world.edit_label(ADMIN, "besoin: données", new_name="besoin: statistiques")
    edit_options(set_up, lambda options: [*options, {"name": "En veille", "color": "PINK", "description": ""}])
    world.write_file(ADMIN, FORM, world.files[FORM] + "# une note\n")
    world.write_file(ADMIN, POLICY, world.files[POLICY].replace("holder: secu", "holder: rssi"))
    world.edit_board(ADMIN, 1, {"title": "Nos produits", "readme": f"Bonjour. {board(set_up).readme}"})
    before = shape(set_up)
    report = installation().run(silent)
    assert report.done == []
    assert shape(set_up) == before
    told = " ".join(remark.what for remark in report.remarks)
    assert "besoin: statistiques" in told
    assert FORM in told
    assert [change.what for change in installation(force=True).run(silent).done] == [FORM]


@pytest.mark.parametrize("calls", [1, 12, 23, 28])
def test_a_run_that_was_cut_is_taken_up_by_the_next(calls, hub, installation, monkeypatch):
    whole, left = Administrator.rest, [calls]

    def cut(self, verb, path, body=None):
        if verb != "GET":
            left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return whole(self, verb, path, body)

    with monkeypatch.context() as patch:
        patch.setattr(Administrator, "rest", cut)
        with pytest.raises(KeyboardInterrupt):
            installation().run(silent)
    report = installation().run(silent)
    assert report.refused == {}
    assert report.done
    assert installation().plan()[0].changes == ()
    assert len(hub.world.boards) == 1


def test_a_pause_that_github_asks_for_is_kept_and_told(hub, installation, monkeypatch):
    whole, pauses, lines, slept = Administrator.rest, [LaterError("429", 30)], [], []

    def tired(self, verb, path, body=None):
        if verb == "PUT" and pauses:
            raise pauses.pop()
        return whole(self, verb, path, body)

    monkeypatch.setattr(Administrator, "rest", tired)
    report = installation().run(lines.append, slept.append)
    assert slept == [30]
    assert "GitHub demande d’attendre : reprise dans 30 s…" in lines
    assert report.refused == {}
    assert installation().plan()[0].changes == ()


def test_a_github_that_never_recovers_is_told(hub, installation, monkeypatch):
    def down(self, verb, path, body=None):
        raise LaterError("503", 1)

    monkeypatch.setattr(Administrator, "rest", down)
    report = installation().run(silent, silent)
    assert "relancez la même commande" in report.refused["fin"].why


def believed(hub):
    """What each workflow of the repository takes for the App's name when no variable tells it."""
    texts = [
        text if isinstance(text, str) else text.decode()
        for path, text in hub.world.files.items()
        if "/workflows/" in path
    ]
    return {found for text in texts for found in re.findall(r"vars\.JALON_BOT( \|\| '[^']+')? \}\}", text)}


def test_workflows_believe_the_app_of_the_organisation_whatever_its_name(set_up, installation):
    assert believed(set_up) == {""}, "no App yet"
    app = set_up.world.app
    app.slug, app.installed, app.single_files = "comite-dnum", True, [POLICY]
    assert all("/workflows/" in change.what for change in installation().plan()[0].changes)
    installation().run(silent)
    assert believed(set_up) == {" || 'comite-dnum'"}
    assert installation().run(silent).done == []
    app.installed = False
    assert installation().run(silent).done == [], "an App that is not shown is not forgotten"


def test_what_stands_beyond_the_first_page_is_not_made_twice(hub, installation):
    """A large organisation: boards by the hundred, and on ours as many repositories, views and fields of others."""
    world = hub.world
    for rank in range(120):
        world.create_board(ADMIN, f"Suivi {rank}")
        world.others[f"autre-{rank}"] = OtherRepository(rank + 1, f"R_{rank}", f"autre-{rank}", private=True)
    installation().run(silent)
    found = world.boards[max(world.boards)]
    assert found.title == "Produits"
    found.repositories[:0] = [f"dnum/autre-{rank}" for rank in range(120)]
    found.views[:0] = [new_view(world, found, ADMIN, f"Vue {rank}", "table") for rank in range(120)]
    made = [new_field(world, f"Champ {rank}", "TEXT") for rank in range(120)]
    found.fields = {item.node_id: item for item in made} | found.fields
    assert installation().plan()[0].changes == ()


def test_a_copy_that_can_change_is_told_with_what_to_do(installation):
    told = [remark for remark in installation().plan()[0].remarks if "JALON_SOURCE" in remark.mend]
    assert [remark.what.partition(",")[0] for remark in told] == [
        "Les automatismes installeraient « git+https://example.org/jalon@abc »"
    ]
    assert "« git ls-remote https://example.org/jalon HEAD »" in told[0].mend
    assert moving(f"git+https://example.org/jalon@{'a' * 40}") == ()
