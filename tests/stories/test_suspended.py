"""A product whose register and comments cannot both be true stands still, says so, and shows both versions."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from app.bootstrap import Jalon
from app.cli import main
from app.cli.explained import explanation_of
from app.domain.product import imported
from app.domain.product.facts import BallotCast, GateDecided, PastPhase, PhaseEntered
from app.settings import read_settings
from app.store.chain import chained_digest
from app.store.schema import FACTS
from app.turns.outcome import LostHistoryError
from tests.stories.test_belief import carried, decided_by_nobody, forged, kept, ours

pytestmark = pytest.mark.slow  # whole lives and processes: `make long`


@pytest.fixture
def voting(stage):
    """A product whose gate to the next phase is open, with one ballot."""
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.says("techno", number, "/go")
    return number


def altered(stage, seq, **fields):
    """What an operator changes in the database, the chain left broken."""
    with stage.database.begin() as connection:
        place = sa.and_(FACTS.c.number == 1, FACTS.c.seq == seq)
        fact = json.loads(connection.execute(sa.select(FACTS.c.fact).where(place)).scalar_one()) | fields
        text = json.dumps(fact, ensure_ascii=False, sort_keys=True)
        connection.execute(sa.update(FACTS).where(place).values(fact=text))


def rank_of(stage, kind):
    return next(entry.seq for entry in stage.register.entries() if isinstance(entry.fact, kind))


def shown(stage, number):
    """What people see of a product: its labels, its card, and Jalon's words, but for the notice of suspension."""
    words = [body for body in stage.said(number) if "key=suspended " not in body]
    return stage.labels(number), stage.column(number), words


def comments_by_us_rewritten(stage, number, key, entries):
    """P: the holder of the App's key writes as us."""
    comment = ours(stage, number, key)
    stage.world.edit_comment(stage.world.bot, comment.id, forged(comment.body, entries=entries))
    stage.settle()


def test_a_row_altered_is_never_republished_and_the_product_says_so(stage, voting):
    """e1: the vote changed in the database, the chain left broken."""
    before = shown(stage, voting)
    rank = rank_of(stage, BallotCast)
    altered(stage, rank, choice="nogo")
    for text in ("/aide", "/go"):
        with pytest.raises(LostHistoryError) as error:
            stage.says("secu", voting, text)
        assert error.value.flaws == (("chain", str(rank)),)
    assert shown(stage, voting) == before
    told = [body for body in stage.said(voting) if "key=suspended " in body]
    assert len(told) == 1
    assert f"dans le registre, le fait n° {rank} manque ou a été modifié" in told[0]
    altered(stage, rank, choice="go")
    stage.says("archi", voting, "/aide")
    assert "Suivi repris" in ours(stage, voting, "suspended").body
    assert [entry.fact.by for entry in stage.register.entries() if isinstance(entry.fact, BallotCast)] == [
        "techno",
        "secu",
    ]
    assert stage.nothing_left_to_do(voting)


def test_rows_deleted_at_the_end_come_back_only_as_the_rules_led_to_them(stage, voting):
    """e3 and g1: a register behind its comments takes back what the rules allow."""
    stage.decided(voting)
    register = kept(stage)
    drop(stage, len(register) - 4)
    stage.says("visiteur", voting, "bonjour")
    assert kept(stage) == register


def drop(stage, known):
    with stage.database.begin() as connection:
        connection.execute(sa.delete(FACTS).where(FACTS.c.seq > known))


def test_facts_that_no_vote_led_to_stop_the_product_whoever_wrote_them(stage, voting):
    """P1: written with the App's own key, beyond what the register holds: nothing is decided."""
    before, register = shown(stage, voting), kept(stage)
    comment = ours(stage, voting, "gate:1")
    comments_by_us_rewritten(stage, voting, "gate:1", decided_by_nobody(carried(comment)))
    with pytest.raises(LostHistoryError) as error:
        stage.says("secu", voting, "/go")
    assert [kind for kind, _ in error.value.flaws] == ["unlawful"]
    assert kept(stage) == register
    assert shown(stage, voting)[:2] == before[:2]
    assert "n’a pu être décidé selon les règles" in ours(stage, voting, "suspended").body


def test_an_empty_register_is_not_rebuilt_from_what_no_vote_led_to(stage, voting):
    """P2: elsewhere, with no register left."""
    comment = ours(stage, voting, "gate:1")
    comments_by_us_rewritten(stage, voting, "gate:1", decided_by_nobody(carried(comment)))
    drop(stage, 0)
    with pytest.raises(LostHistoryError):
        stage.product_turn.rebuild("dnum/produits", voting)
    assert kept(stage) == []


def test_a_decision_that_the_register_tells_otherwise_stops_the_product(stage, voting):
    """h: the register is behind, and what both tell is not the same: neither wins by itself."""
    stage.decided(voting)
    rank = rank_of(stage, BallotCast)
    register = kept(stage)
    drop(stage, len(register) - 4)
    entries = [
        (number, fact if number != rank else type(fact)(**{**_fields(fact), "reason": "autre"}))
        for number, fact in carried(ours(stage, voting, "decision:1"))
    ]
    for key in ("gate:1", "decision:1"):
        held = {number for number, _ in carried(ours(stage, voting, key))}
        comment = ours(stage, voting, key)
        body = forged(comment.body, entries=tuple(entry for entry in entries if entry[0] in held))
        stage.world.edit_comment(stage.world.bot, comment.id, body)
    with pytest.raises(LostHistoryError) as error:
        stage.says("visiteur", voting, "bonjour")
    assert error.value.flaws == (("parted", str(rank)),)


def _fields(fact):
    return {name: getattr(fact, name) for name in type(fact).__dataclass_fields__}


@pytest.fixture
def command(stage, tmp_path, monkeypatch):
    """The commands, on the register and the GitHub of the stage."""
    url = stage.database.url.render_as_string(hide_password=False)
    environment = stage.hub.environment() | {"JALON_DATABASE_URL": url}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*words):
        stage.rests()
        done = CliRunner().invoke(main, list(words))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


def test_both_versions_are_shown_to_who_asks(stage, voting, command):
    rank = rank_of(stage, BallotCast)
    altered(stage, rank, choice="nogo")
    code, told = command("explain", str(voting))
    assert code == 0
    assert "Suivi suspendu" in told
    assert f"dans le registre, le fait n° {rank} manque ou a été modifié" in told
    assert f"se séparent au fait n° {rank}" in told
    assert "avis, passage 1, « nogo »" in told
    assert "avis, passage 1, « go »" in told


def test_both_versions_are_shown_where_the_comments_go_further(stage, voting, command):
    comment = ours(stage, voting, "gate:1")
    comments_by_us_rewritten(stage, voting, "gate:1", decided_by_nobody(carried(comment)))
    _, told = command("explain", str(voting))
    assert "registre : rien : cette version s’arrête avant" in told
    assert "passage 1 : go, 7 pour" in told


def test_one_product_amiss_stops_no_other(stage, voting, command):
    """The sweep, the rebuilding and the proof say it of that product, and go on with the others."""
    other = stage.filed("chef-produit", "VRB")
    rank = rank_of(stage, BallotCast)
    altered(stage, rank, choice="nogo")
    why = f"dans le registre, le fait n° {rank} manque ou a été modifié"
    stage.world.comment("visiteur", voting, "bonjour")
    stage.world.comment("cheffe-produit", other, "/aide")
    code, told = command("sweep", "--dry-run")
    assert code == 1
    assert f"impossible à dire : {why}" in told
    assert f"dnum/produits#{other} VRB" in told
    code, told = command("register", "rebuild")
    assert code == 1
    assert why in told
    assert "1 impossible à reconstruire" in told
    code, told = command("register", "verify")
    assert (code, told.splitlines()[0]) == (1, f"dnum/produits#1 : le fait n° {rank} manque ou a été modifié.")


def test_a_bug_with_one_product_stops_no_other(stage, voting, command, monkeypatch):
    other = stage.filed("chef-produit", "VRB")
    real = Jalon.__init__

    def broken(self, *given, **more):
        real(self, *given, **more)
        for name in ("rebuild", "plan"):
            monkeypatch.setattr(self.product_turn, name, sometimes(getattr(self.product_turn, name)))

    def sometimes(act):
        def acting(repository, number, *more):
            if number == voting:
                raise ZeroDivisionError("no")
            return act(repository, number, *more)

        return acting

    monkeypatch.setattr(Jalon, "__init__", broken)
    drop(stage, 0)
    code, told = command("register", "rebuild")
    assert code == 1
    assert f"dnum/produits#{voting} : erreur inattendue (ZeroDivisionError)" in told
    assert f"dnum/produits#{other} : 2 faits repris" in told or f"dnum/produits#{other}" in told
    assert "1 produit reconstruit, 1 impossible à reconstruire." in told
    code, told = command("sweep", "--dry-run")
    assert code == 1
    assert "erreur inattendue (ZeroDivisionError)" in told


def test_a_product_read_by_nobody_is_still_explained_from_its_register(stage, voting, command, monkeypatch):
    jalon = Jalon(read_settings(stage.hub.environment() | {"JALON_DATABASE_URL": str(stage.database.url)}))
    monkeypatch.setattr(jalon.product_turn, "plan", lambda *_: 1 / 0)
    product = next(entry.product for entry in stage.register.entries())
    told, _ = explanation_of(jalon, product, "dnum/produits", voting, lambda error: type(error).__name__)
    assert told.unread == "ZeroDivisionError"
    assert told.phase == "Idée"
    jalon.database.dispose()


def test_an_import_whose_issue_another_bot_rewrote_is_not_believed(stage):
    """e8: the record of an import, in the issue's own description."""
    policy = stage.policies.of("dnum/produits")
    moment = datetime(2026, 1, 1, tzinfo=UTC)

    def body(phase):
        taken = imported.ImportedProduct("a", "Agréments", (PastPhase("Build", phase, "2021-01-01"),))
        return f"Un texte.\n\n{imported.import_mark(imported.facts(taken, policy, moment, 'jalon'))}"

    number = stage.world.open_issue(stage.world.bot, "Agréments", body("mvp"), ["produit"]).number
    stage.world.edit_issue(stage.world.admit_bot("github-actions"), number, body=body("generalisation"))
    with pytest.raises(LostHistoryError) as error:
        stage.settle()
    assert error.value.flaws == (("import", ""),)
    assert not any(isinstance(entry.fact, PhaseEntered | GateDecided) for entry in stage.register.entries())
    assert "la description de cette issue" in ours(stage, number, "suspended").body


def test_a_mark_of_an_import_copied_by_a_person_hides_no_product(stage):
    """f: their issue is a product like any other."""
    number = stage.world.open_issue("visiteur", "Faux", "<!-- jalon:import v1 key=a record=b -->", ["produit"]).number
    stage.settle()
    assert ours(stage, number, "welcome")


def test_the_register_is_compared_with_what_github_shows(stage, voting, command):
    """`register verify --github` says each difference, whoever made it, and changes nothing."""
    other = stage.filed("chef-produit", "VRB")
    stage.decided(voting)
    code, told = command("register", "verify", "--github")
    assert (code, told.splitlines()[-1]) == (0, "GitHub dit la même chose que le registre (2 issues comparées).")
    bot = stage.world.admit_bot("github-actions")
    stage.world.edit_comment(bot, ours(stage, voting, "gate:1").id, "Non")
    stage.world.delete_comment("secretariat", ours(stage, voting, "decision:1").id)
    welcome = ours(stage, other, "welcome")
    stage.world.edit_comment(stage.world.bot, welcome.id, "Bonsoir" + welcome.body)
    code, told = command("register", "verify", "--github")
    assert code == 1
    assert told.splitlines() == [
        "Le registre est entier.",
        f"dnum/produits#{voting} : le commentaire « gate:1 » manque.",
        f"dnum/produits#{voting} : le commentaire « decision:1 » manque.",
        f"dnum/produits#{other} : le commentaire « welcome » n’est plus tel que Jalon l’a écrit.",
        "GitHub : 2 issues comparées, 2 diffèrent.",
    ]


def test_what_github_tells_beyond_or_otherwise_is_compared_too(stage, voting, command):
    """e3, e6, e8: rows gone at the end, a history rewritten with its chain, a product gone whole."""
    stage.decided(voting)
    other = stage.filed("chef-produit", "VRB")
    length = sum(entry.number == voting for entry in stage.register.entries())
    with stage.database.begin() as connection:
        connection.execute(sa.delete(FACTS).where(FACTS.c.number == voting, FACTS.c.seq > length - 4))
        row = connection.execute(sa.select(FACTS).where(FACTS.c.number == other, FACTS.c.seq == 2)).one()
        text = json.dumps(json.loads(row.fact) | {"phase": "poc"}, ensure_ascii=False, sort_keys=True)
        changed = SimpleNamespace(**{**row._mapping, "fact": text})
        first = connection.execute(sa.select(FACTS.c.digest).where(FACTS.c.number == other, FACTS.c.seq == 1)).scalar()
        place = sa.and_(FACTS.c.number == other, FACTS.c.seq == 2)
        connection.execute(sa.update(FACTS).where(place).values(fact=text, digest=chained_digest(first, changed)))
    code, told = command("register", "verify", "--github")
    assert code == 1
    assert f"dnum/produits#{voting} : les commentaires portent un fait n° {length - 3} que le registre n’a pas." in told
    assert f"dnum/produits#{other} : les commentaires disent autre chose que le registre au fait n° 2." in told
