"""What reuse asks before the first phase is left: RADAR way by way where a catalogue is kept, each line answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.product import dossier, reuse_gate
from app.domain.product.facts import ProductImported
from app.domain.product.reuse_facts import ReuseAnswered, ReuseSuggested, Suggestion
from app.domain.product.surroundings import ALONE
from app.domain.publish import reuse_lines
from app.domain.publish.comments import wanted_comments
from app.domain.publish.notices import Checklist, GateView, Welcome
from app.domain.publish.status import status
from app.domain.reuse.catalogue import Catalogue
from app.domain.reuse.need import Filing, Need
from tests.builders import AUTHOR, T0, a_body, a_policy, a_product, played, says

POLICY = a_policy()
NEW = "\n\n".join(f"### {one.labels[0]}\n\nUne réponse." for one in POLICY.questions if not one.only_if_asked)
ALL = " ".join(item.id for item in POLICY.checklist("idee"))
TOLD = "Réutiliser : rien\nAdapter : non\nDévelopper : oui\nAcheter : non\nReformuler : non"
NOTE = {"at": T0, "by": AUTHOR}
LINE = Suggestion(
    1, "produit:I_2", "Agréments", "Suivre", "near", "https://github.com/m/p/issues/2", ended="2025-03-01"
)


class Kept:
    """A repository that keeps a catalogue, where nothing is found."""

    catalogue = Catalogue(is_kept=True)

    def __getattr__(self, name):
        return getattr(ALONE, name)


def a_need(*texts, kept=True, body=NEW, policy=POLICY):
    product = played(a_product(policy, body=body), policy)
    product = replace(product, around=Kept() if kept else ALONE)
    for text in texts:
        product = played(says(product, AUTHOR, text), policy)
    return product


def shown(product, *more):
    return product.with_facts((ReuseSuggested(**NOTE, cause="reuse:1", shown=(LINE, *more)),))


def answered(product, answer="reuse", ref="produit:I_2", name="Agréments", **more):
    return product.with_facts((ReuseAnswered(**NOTE, cause="comment:7:x", ref=ref, name=name, answer=answer, **more),))


def blocked(product, policy=POLICY):
    gate = policy.gate("idee", policy.exits("idee")[0].to)
    return [(one.kind, one.text) for one in reuse_gate.blockers(product, gate, policy)]


RADAR_LEFT = ("radar", "reuse adapt develop buy reframe")


def test_a_tick_says_nothing_where_a_catalogue_is_kept():
    assert blocked(a_need(f"/coche {ALL}")) == [RADAR_LEFT]
    assert blocked(a_need(f"/coche {ALL}", kept=False)) == []
    assert blocked(a_need(f"/coche {ALL}", "/réponse idee-radar Réutiliser : rien\nAcheter : non")) == [
        ("radar", "adapt develop reframe")
    ]
    assert blocked(a_need(f"/coche {ALL}", f"/réponse idee-radar {TOLD}")) == []
    assert blocked(a_need(f"/coche {ALL}", "/na idee-radar la loi impose cet outil")) == []


def test_the_form_is_read_before_it_is_confirmed():
    label = next(one.labels[0] for one in POLICY.questions if one.id == "radar")
    body = NEW.replace(f"### {label}\n\nUne réponse.", f"### {label}\n\n{TOLD}")
    product = a_need(body=body)
    assert reuse_gate.ways_left(product, POLICY) == ()
    assert ("item", item_text()) in blocked(product)
    assert blocked(a_need("/confirme idee-radar", f"/coche {ALL}", body=body)) == []


def item_text():
    return next(item.text for item in POLICY.checklist("idee") if item.id == "idee-radar")


def test_what_is_reused_says_it_all():
    others = " ".join(item.id for item in POLICY.checklist("idee") if item.id != "idee-radar")
    product = answered(shown(a_need(f"/coche {others}")), number=1)
    assert blocked(product) == []
    assert status(product, POLICY, T0).missing == ()
    assert blocked(answered(shown(a_need(f"/coche {others}")), "adapt", number=1, reason="il manque tout")) == [
        RADAR_LEFT
    ]


def test_each_line_shown_is_answered():
    product = shown(a_need(f"/coche {ALL}", kept=False))
    assert blocked(product) == [("reuse", "Agréments")]
    told = status(product, POLICY, T0)
    assert (told.lines, told.ways) == ((1,), ())
    assert blocked(answered(product, "aside", number=1, reason="un autre public")) == []
    assert blocked(replace(product), replace(POLICY, reuse=None)) == []


def test_one_that_exists_already_is_asked_for_radar_alone():
    product = shown(a_need(f"/coche {ALL}", body=a_body(POLICY)))
    assert blocked(product) == [RADAR_LEFT]
    gate = replace(POLICY.gate("idee", "poc"), checklist=False, entry=True)
    assert [one.kind for one in reuse_gate.blockers(product, gate, POLICY)] == ["radar"]
    away = replace(gate, entry=False)
    assert [*reuse_gate.blockers(product, away, POLICY)] == []


def test_one_taken_over_is_asked_for_neither():
    product = shown(a_need(f"/coche {ALL}"))
    first = ProductImported(**NOTE, cause="import:a", key="a", title="A")
    taken = replace(product, history=(first, *product.history[1:]))
    assert blocked(taken) == []


@pytest.mark.parametrize("radar", ["", "inconnu"])
def test_rules_that_name_no_such_item_ask_for_none(radar):
    policy = replace(POLICY, reuse=replace(POLICY.reuse, radar=radar))
    assert blocked(a_need(f"/coche {ALL}", policy=policy), policy) == []


def test_a_later_phase_is_asked_for_nothing():
    product = shown(a_need(f"/coche {ALL}"))
    product.standing.stays[-1] = replace(product.standing.stays[-1], phase="mvp")
    assert reuse_gate.awaited_suggestions(product, POLICY) == ()
    assert reuse_gate.ways_left(product, POLICY) == ()


def test_items_that_a_common_settles_are_proposed_and_confirmed():
    product = answered(
        a_need("/décoche idee-cadrage"), ref="commun:p", name="ProConnect", settles=("idee-cadrage", "idee-dict")
    )
    known = {one.item.id: one for one in dossier.items(product.standing, POLICY)}
    settled = [one for one in known.values() if one.source == "reuse"]
    assert all(one.text == "ProConnect" and one.to_confirm and one.state == "open" for one in settled)
    free = next(item.id for item in POLICY.checklist("idee") if item.kind == "tick" and not item.form)
    product = answered(a_need(), ref="commun:p", name="ProConnect", settles=(free,))
    shown_now = next(item for aspect in checklist_of(product).aspects for item in aspect.items if item.id == free)
    assert (shown_now.told, shown_now.answer) == ("reuse", "ProConnect")
    product = played(says(product, AUTHOR, f"/confirme {free}"), POLICY)
    assert (product.history[-1].text, product.history[-1].source) == ("ProConnect", "reuse")
    shown_now = next(item for aspect in checklist_of(product).aspects for item in aspect.items if item.id == free)
    assert (shown_now.told, shown_now.state) == ("settled", "done")


def notice(product, kind):
    return [one.notice for one in wanted_comments(product, POLICY, T0) if isinstance(one.notice, kind)][-1]


def checklist_of(product):
    return notice(product, Checklist)


def test_radar_is_shown_as_five_answers_in_the_list_and_at_the_gate():
    product = a_need(f"/coche {ALL}", f"/réponse idee-radar {TOLD}", "/demande")
    item = next(one for aspect in checklist_of(product).aspects for one in aspect.items if one.id == "idee-radar")
    assert dict(item.ways)["buy"] == "non"
    assert dict(notice(product, GateView).radar)["develop"] == "oui"
    product = a_need(f"/coche {ALL}", "/demande", kept=False)
    assert notice(product, GateView).radar == ()


def test_lines_are_shown_in_the_order_of_their_numbers_with_what_was_answered():
    two = Suggestion(2, "commun:grist", "Grist", "Un tableau", "reflex")
    product = shown(a_need(), two)
    product = answered(product, ref="commun:tchap", name="Tchap", link="https://t.fr")
    product = answered(product, "aside", number=1, reason="un autre public")
    first, second, last = reuse_lines.suggestion_lines(product.standing)
    assert (first.number, first.issue, first.answer, first.line) == (1, 2, "aside", "")
    assert (second.number, second.is_common, second.issue, second.line) == (2, True, 0, "Un tableau")
    assert (last.number, last.name, last.link) == (0, "Tchap", "https://t.fr")
    assert notice(product, Welcome).reuse == (first, second, last)
    dropped = product.with_facts((ReuseSuggested(**NOTE, cause="reuse:2", dropped=(2,)),))
    assert [one.number for one in reuse_lines.suggestion_lines(dropped.standing)] == [1, 0]
    (still,) = reuse_lines.suggestion_lines(shown(a_need()).standing)
    assert still.ended
    assert still.ended.isoformat() == "2025-03-01"


def test_a_product_alone_has_nothing_around():
    filing = Filing(Need("produit:I_1", "A", "", number=1))
    assert (ALONE.numbered(1), ALONE.need("x"), ALONE.called("x")) == (None, None, ())
    assert (ALONE.found(filing, frozenset()), ALONE.set_aside_by("x")) == ((), frozenset())


def test_a_committee_may_let_radar_be_ticked_for_a_time():
    gentle = replace(POLICY, reuse=replace(POLICY.reuse, radar_required=False))
    product = a_need(f"/coche {ALL}")
    assert [kind for kind, _ in blocked(product)] == ["radar"]
    assert not blocked(product, gentle)
