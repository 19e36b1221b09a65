"""The rules played against, through the local GitHub: late votes, recusals, conflicts, gates put off, rests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.publish.issue_summary import next_moment
from app.turns.wakeup import ProductWakeUp

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
PRESENT = "présents : techno, archi, communs, design, data, secu"


def at_gate(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    return number


def due(stage, number):
    product, _ = stage.product_turn.look(stage.world.repository, number)
    return next_moment(product, stage.now)


def wake(stage, number):
    """What the schedule does at the hour it was told."""
    issue = stage.world.issues[number]
    return stage.turns.take(ProductWakeUp(issue.node_id, stage.world.repository, number), f"deadline:{stage.now}")


@pytest.mark.parametrize("is_up", [True, False])
def test_late_votes_change_nothing_whether_jalon_was_up_or_not(stage, is_up):
    """Attack F11: three go and two no-go at the deadline, then as many go as one wants."""
    number = at_gate(stage)
    for login, text in {
        "techno": "/go",
        "archi": "/go",
        "communs": "/go",
        "secu": "/nogo non",
        "data": "/nogo non",
    }.items():
        stage.says(login, number, text)
    stage.now = due(stage, number) + timedelta(minutes=1)
    if is_up:
        wake(stage, number)
    for login in ("design", "transfo", "cloud-ops", "ops-produit"):
        stage.world.comment(login, number, "/go")
    stage.settle()
    assert "phase: idée" in stage.labels(number)
    assert any("## Décision : ⛔ no-go" in text for text in stage.said(number))
    assert stage.nothing_left_to_do(number)


def test_a_late_vote_at_a_gate_that_waits_is_answered_kindly(stage):
    number = at_gate(stage)
    stage.says("techno", number, "/go")
    stage.now = due(stage, number) + timedelta(minutes=1)
    stage.says("archi", number, "/go")
    assert any("après la date limite" in text and "@archi" in text for text in stage.said(number))
    stage.says("secretariat", number, "/décision report")
    stage.says("archi", number, "/go")
    assert next(text for text in stage.said(number) if text.startswith("## Passage")).count("✅ go") == 2


def test_a_gate_put_off_closes_by_itself_at_its_new_deadline(stage):
    """Attack F5."""
    number = at_gate(stage)
    for login in ("techno", "archi", "communs", "design"):
        stage.says(login, number, "/go")
    stage.says("secu", number, "/nogo à revoir")
    first = due(stage, number)
    stage.says("secretariat", number, "/décision report quorum trop juste")
    second = due(stage, number)
    assert second > first + DAY
    stage.now = second + timedelta(seconds=1)
    wake(stage, number)
    assert "phase: poc" in stage.labels(number)
    assert due(stage, number) is None


def postponed(stage, number):
    return [one for one in stage.world.issues[number].comments if one.body.startswith("## Décision reportée")]


def test_a_decision_put_off_is_said_once_in_the_thread_and_folded_when_it_is_over(stage):
    number, day = at_gate(stage), stage.now + 10 * DAY
    stage.says("secretariat", number, f"/décision report au {day:%d/%m/%Y} : dossier reçu trop tard")
    (told,) = postponed(stage, number)
    assert f" {day.year}**. Consigné par secretariat" in told.body
    assert "Raison\u00a0: dossier reçu trop tard" in told.body
    wake(stage, number)
    assert postponed(stage, number) == [told], "once"
    stage.world.delete_comment("secretariat", told.id)
    stage.settle()
    wake(stage, number)
    (again,) = postponed(stage, number)
    assert again.minimized is None
    stage.says("secretariat", number, "/clore")
    stage.settle()
    assert postponed(stage, number)[0].minimized == "outdated"
    assert stage.nothing_left_to_do(number)


def test_a_recusal_rewritten_by_an_administrator_gives_no_vote_back(stage):
    """Adversary d5, violation V1."""
    number = at_gate(stage)
    stage.says("secu", number, "/go")
    recusal = stage.world.comment("secu", number, "/déport")
    stage.settle()
    stage.world.people["secretariat"].role = "admin"
    stage.world.edit_comment("secretariat", recusal.id, "Rien à signaler")
    stage.settle()
    gate = next(text for text in stage.said(number) if text.startswith("## Passage"))
    assert "déport" in next(line for line in gate.splitlines() if line.startswith("| Sécurité"))


def test_a_session_of_people_who_recused_decides_nothing(stage):
    """Violation V2: five seats recused, the indispensable one among them, and a go."""
    number = at_gate(stage)
    for login in ("techno", "archi", "communs", "design", "data"):
        stage.says(login, number, "/déport")
    stage.says("secretariat", number, "/décision go\nprésents : techno, archi, communs, design, data")
    assert "phase: idée" in stage.labels(number)
    assert any("se sont déportés" in text for text in stage.said(number))
    gate = next(text for text in stage.said(number) if text.startswith("## Passage"))
    assert "ne peut plus donner de go" in gate


def test_who_was_assigned_until_just_before_the_gate_does_not_vote(stage):
    """Attack F13, b9."""
    number = stage.filed(ready=True)
    stage.world.people["cheffe-produit"].role = "write"
    stage.world.set_assignees("cheffe-produit", number, ["data"])
    stage.settle()
    stage.world.set_assignees("cheffe-produit", number, [])
    stage.says("cheffe-produit", number, "/demande")
    stage.says("data", number, "/go")
    assert any("Personne ne se prononce sur son propre produit" in text for text in stage.said(number))


@pytest.mark.parametrize("text", ["/clore", f"/décision go\n{PRESENT}"])
def test_the_secretariat_closes_no_gate_of_its_own_product(stage, text):
    """Attack F13, b10."""
    number = stage.filed("secretariat", ready=True)
    stage.says("secretariat", number, "/demande")
    for login in ("techno", "archi", "communs", "design", "data"):
        stage.says(login, number, "/go")
    stage.says("secretariat", number, text)
    assert "phase: idée" in stage.labels(number)


def test_a_go_in_session_against_written_no_gos_says_so(stage):
    """Attack F13, b8."""
    number = at_gate(stage)
    for login in ("archi", "communs", "design", "data"):
        stage.says(login, number, "/nogo non")
    stage.says("secretariat", number, f"/décision go\n{PRESENT}")
    decision = next(text for text in stage.said(number) if text.startswith("## Décision"))
    assert "malgré les no-go écrits" in decision


def test_one_substitute_on_every_seat_decides_nothing_alone(stage):
    """Attack F12."""
    rules = stage.world.files[".github/jalon.yml"].replace("substitutes: []", "substitutes: [chef-produit]")
    assert "chef-produit" in rules
    stage.world.write_file("secretariat", ".github/jalon.yml", rules)
    stage.world.people["secretariat"].role = "admin"
    stage.world.set_member("secretariat", "comite-produit", "chef-produit", member=True)
    stage.settle()
    number = at_gate(stage)
    stage.says("chef-produit", number, "/go")
    assert "phase: idée" in stage.labels(number)
    gate = next(text for text in stage.said(number) if text.startswith("## Passage"))
    assert "de 3 personnes au moins (jusqu’ici : 1)" in gate.replace("\u00a0", " ").replace("\u202f", " ")


def moved(stage, number):
    stage.drag("visiteur", number, "MVP")
    return lambda: stage.column(number) == "Idée"


def relabelled(stage, number):
    stage.world.add_labels("cheffe-produit", number, ["phase: généralisation"])
    stage.settle()
    return lambda: "phase: généralisation" not in stage.labels(number)


def closed(stage, number):
    stage.world.edit_issue("cheffe-produit", number, state="closed")
    stage.settle()
    return lambda: stage.world.issues[number].state == "open"


@pytest.mark.parametrize("gesture", [moved, relabelled, closed])
def test_a_rest_after_repeated_gestures_ends_by_itself(stage, gesture):
    """Attack F10: nobody says a word more, and everything goes back once the hour is over."""
    number = stage.filed()
    for _ in range(10):
        is_right = gesture(stage, number)
        if not is_right():
            break
        stage.now += timedelta(seconds=2)
    assert not is_right()
    end = due(stage, number)
    assert end is not None
    stage.now = end + timedelta(seconds=1)
    wake(stage, number)
    assert is_right()


def test_a_clock_a_year_behind_dates_nothing(stage):
    """Adversary l2."""
    number = stage.filed(ready=True)
    github = stage.world.clock
    stage.now -= 400 * DAY
    stage.world.clock = lambda: github() + 400 * DAY
    stage.world.comment("cheffe-produit", number, "/demande")
    with pytest.raises(Exception, match="five minutes apart"):
        stage.settle()
    assert "passage: demandé" not in stage.labels(number)
