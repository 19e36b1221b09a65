"""A portfolio taken over, then new needs: those already answered are told, the others meet silence, and the week counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.policy.calendar import Week, day_of
from app.domain.product import imported
from app.domain.product.facts import PastPhase
from app.domain.product.imported import ImportedProduct
from app.domain.report.digest import digest
from app.importing.mapping import DEFAULT, read_mapping
from app.importing.rows import decoded, read_table
from app.messages.charts import mermaid
from app.messages.reports import Links, digest_text
from app.reports.nearest import ComparisonContext
from app.reports.sources import from_register
from app.shipped_files import default_policy
from tests.real_portfolio import FILE
from tests.stage import Stage

POLICY = default_policy()
PORTFOLIO = (
    ("HistoVec", "Acheter un véhicule d'occasion en confiance en connaissant son historique", "arret"),
    ("Mon Diag'Mob", "Réduire l'impact des déplacements domicile - travail des agents de la fonction publique", "mvp"),
    ("Mobilic", "Lutter contre le travail dissimulé dans le transport routier léger", "construction"),
    ("Basegun", "Identifier et classer instantanément la catégorie légale d'une arme, sur le terrain", "arret"),
    ("Sain'Eau", "Réduire l'impact des systèmes d'assainissement sur les masses d'eau", "mvp"),
    ("Archifiltre", "Aider les archivistes à appréhender et trier des arborescences de fichiers", "arret"),
    ("Dédale", "Accompagner les usagers des services des Bâtiments de France lors de travaux", "arret"),
    ("La Bonne Formation", "Rechercher une formation efficace pour le retour à l'emploi", "arret"),
    ("Bureaux vacants", "Transformer les bureaux vacants en logement", "arret"),
    ("Signaux Faibles", "Mieux cibler les interventions de l’État vers les entreprises en difficulté", "construction"),
)
ANSWERED = {
    "Trajets des agents": ("Mesurer et réduire les déplacements domicile-travail de nos agents", "Mon Diag'Mob"),
    "Passé des véhicules": ("Donner à l’acheteur d’un véhicule d’occasion son historique", "HistoVec"),
}
NEW = {
    "Salles": "Réserver une salle de réunion sans passer par trois secrétariats",
    "Vacations des jurys": "Payer les jurys de concours dans les deux mois",
    "Œuvres en dépôt": "Savoir où sont les œuvres d’art déposées dans nos étages",
    "Recours": "Tenir les délais des mémoires devant le tribunal administratif",
    "Clés et badges": "Savoir qui détient les clés et les badges de l’immeuble",
}


@pytest.fixture
def stage(tmp_path):
    made = Stage.at(tmp_path)
    yield made
    made.close()


def taken_over(stage, products):
    """As `jalon import` records them, without their issues."""
    for number, product in enumerate(products, start=10_001):
        history = imported.facts(product, POLICY, stage.now, "jalon")
        stage.register.append(f"I_{number}", (stage.world.repository, number), 0, history, "import")


def filed(stage, title, vision):
    given = {"vision": vision, "probleme": f"Nous n’avons rien pour cela : {title}."}
    body = "\n\n".join(f"### {one.labels[0]}\n\n{given.get(one.id, '_No response_')}" for one in POLICY.questions)
    number = stage.world.open_issue("cheffe-produit", title, body, ["produit"]).number
    stage.settle()
    return number


def shown(stage, number):
    """The names of what the register says was shown."""
    (product,) = [one for one, place in stage.register.numbered(number) if place == stage.world.repository]
    history = stage.register.history(product)
    around = ComparisonContext(
        stage.jalon.needs, POLICY, stage.jalon.catalogues.of(stage.world.repository), stage.today
    )
    near = around.nearest(stage.world.repository, number, history)
    return [one.candidate.name for one in near if one.why == "shown"]


def week(stage):
    now = stage.now + timedelta(seconds=1)
    products = from_register(stage.register, stage.world.repository)
    found = digest(products, POLICY, Week.of(day_of(now, POLICY.timezone)), now)
    text = digest_text(found, POLICY, Links("https://github.com", stage.world.repository), mermaid)
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_what_is_already_answered_is_told_the_rest_meets_silence_and_the_week_counts(stage):
    past = {"arret": "2019-07-01", "mvp": "2024-03-01", "construction": "2024-03-01"}
    taken_over(
        stage,
        [
            ImportedProduct(title, title, (PastPhase(phase, phase, past[phase], ""),), answers=(("vision", vision),))
            for title, vision, phase in PORTFOLIO
        ],
    )
    assert "Réemploi" not in week(stage)
    numbers = {title: filed(stage, title, vision) for title, (vision, _) in ANSWERED.items()}
    for title, (_, expected) in ANSWERED.items():
        assert shown(stage, numbers[title]) == [expected]
    for title, vision in NEW.items():
        assert shown(stage, filed(stage, title, vision)) == []
    assert "2 propositions sans réponse, la plus ancienne depuis moins d’un jour" in week(stage)
    stage.says("cheffe-produit", numbers["Trajets des agents"], "/réutilise 1")
    stage.says("cheffe-produit", numbers["Passé des véhicules"], "/écarte 1 l’acheteur n’est pas un particulier")
    told = "**Réemploi** : 1 besoin couvert par un commun ou un produit existant, 1 proposition écartée avec raison."
    assert told in week(stage)


def test_a_real_portfolio_answers_the_needs_it_answers(stage):
    """Written beside the 240: what is answered is told, and one at most of the others is spoken to."""
    if not FILE.exists():
        pytest.skip(f"{FILE.name} is not here")
    mapping = read_mapping(DEFAULT.read_text(encoding="utf-8"), POLICY)
    table = read_table(decoded(FILE.read_bytes()), mapping, POLICY, stage.today)
    assert len(table.products) == 240
    taken_over(stage, table.products)
    for title, (vision, expected) in ANSWERED.items():
        assert expected in shown(stage, filed(stage, title, vision))
    assert sum(bool(shown(stage, filed(stage, title, vision))) for title, vision in NEW.items()) <= 1
