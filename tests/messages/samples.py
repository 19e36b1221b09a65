"""One notice of each kind and variant, in the words of either language."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.domain.policy.document import Problem
from app.domain.product.facts import Blocker, Point
from app.domain.publish.checklist_items import AspectView, ItemView
from app.domain.publish.file_notices import CatalogueFile, RulesFile
from app.domain.publish.notice import Notice
from app.domain.publish.notices import (
    AlteredView,
    Checklist,
    ConditionView,
    Continued,
    Decision,
    DutyView,
    ExitView,
    GateView,
    Help,
    Imported,
    ImportedIssue,
    PastView,
    Postponed,
    Refusal,
    Reminder,
    Reply,
    RestoredView,
    SeatView,
    Support,
    Suspended,
    Welcome,
)
from app.domain.publish.reuse_lines import ReuseLine
from app.domain.publish.rules_views import RulesView, RuleView
from app.domain.publish.second_thought_notices import Contested, Overridden, Paused, Rectified, Relifted, Resumed
from app.domain.publish.status import PauseView, RefusalView, StatusView
from app.domain.reading.commands import Doubtful, parse
from tests.builders import T0
from tests.messages.session_samples import session_records

WORDS = {
    "fr": {
        "idea": "Idée",
        "end": "Arrêt",
        "title": "Portail des agréments",
        "goal": "Comprendre le besoin avant d’engager des moyens.",
        "value": "Valeur métier",
        "security": "Sécurité",
        "technology": "Technologie",
        "design": "Design",
        "vision": "Vision du produit formulée en une phrase",
        "scope": "Note de cadrage rédigée",
        "rating": "Sensibilité estimée",
        "none": "pas de données sensibles",
        "late": "L’homologation manque.",
        "fix": "Corriger les failles, @cheffe-produit, avant le 31/12/2026",
        "test": "Tester avec dix personnes",
        "problem": "Quel problème souhaitez-vous résoudre ?",
        "sponsor": "Qui est le sponsor métier ?",
        "cancelled": "séance annulée",
        "exits": "MVP, Arrêt",
        "ask": "demnade",
        "request": "demande",
        "source": "portefeuille.csv",
    },
    "en": {
        "idea": "Idea",
        "end": "Retirement",
        "title": "Approvals portal",
        "goal": "Understand the need before committing resources.",
        "value": "Business value",
        "security": "Security",
        "technology": "Technology",
        "design": "Design",
        "vision": "Product vision written in one sentence",
        "scope": "Scoping note written",
        "rating": "Sensitivity estimated",
        "none": "no sensitive data",
        "late": "Security accreditation is missing.",
        "fix": "Fix the flaws, @cheffe-produit, by 2026-12-31",
        "test": "Test with ten people",
        "problem": "Which problem do you want to solve?",
        "sponsor": "Who is the business sponsor?",
        "cancelled": "meeting cancelled",
        "exits": "MVP, Retirement",
        "ask": "requets",
        "request": "request",
        "source": "portfolio.csv",
    },
}
Words = dict[str, str]
PAST = (PastView("construction", "Construction", "2019-03-01", "2020-01-31"), PastView("a | <b>", "MVP"))
SHOWN = (
    ("Site", "https:&#x2F;&#x2F;exemple.gouv.fr/a?b=c "),
    ("Mission", "Aider @chacun *vite* : www.exemple.fr"),
    ("Code", "https://exemple.fr/a) [piège](x)"),
)

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
ALTERED = (AlteredView("techno", "edited", "techno"), AlteredView("secu", "emptied", "passant"))
RESTORED = (
    RestoredView("edited", "github-actions", NOON + timedelta(days=1)),
    RestoredView("deleted", "", NOON + timedelta(days=2)),
)
FLAWS = (
    ("chain", "4"),
    ("missing", "7"),
    ("edited", "12 (github-actions)"),
    ("unreadable", "gate:1"),
    ("contradiction", "8"),
    ("parted", "9"),
    ("unlawful", "14"),
    ("elsewhere", ""),
    ("unsaid", "15"),
    ("unsealed", "16"),
    ("import", ""),
)
"""Why a product may be suspended, every kind."""


def refusals(w: Words) -> dict[str, tuple[Refusal, ...]]:
    """Each reason with the details the domain gives with it; some reasons have two sentences."""
    target = {"origin": w["idea"], "target": "MVP", "exits": w["exits"]}
    details: dict[str, list[tuple[str, Words]]] = {
        "not_team": [("RequestGate", {"author": "cheffe-produit"}), ("MoveCard", {"author": "cheffe-produit"})],
        "not_seated": [("Go", {"seat": ""})],
        "not_at_opening": [("Go", {"seat": w["design"]})],
        "concerned": [("Go", {"others": "techno-suppleance"}), ("Go", {"others": ""}), ("CloseGate", {}), ("Lift", {})],
        "too_late": [("Go", {"deadline": "2026-12-31"})],
        "recused": [("Go", {"others": ""}), ("Go", {"others": "techno-suppleance"}), ("Recuse", {"others": ""})],
        "not_recused": [("Unrecuse", {})],
        "holder_spoke": [("Go", {})],
        "no_open_gate": [("Go", {})],
        "gate_open": [("RequestGate", {"target": "MVP"}), ("MoveCard", {"target": "MVP"})],
        "blocked": [("RequestGate", target), ("MoveCard", target), ("RequestEntry", target)],
        "unknown_phase": [("RequestGate", {"word": "lune", "exits": w["exits"]}), ("RequestGate", {"word": "x", "exits": ""})],
        "illegal_move": [("RequestGate", target), ("MoveCard", {**target, "origin": w["end"], "exits": ""})],
        "unknown_column": [("MoveCard", {"column": "Divers"}), ("MoveCard", {"column": ""})],
        "card_removed": [("RemoveCard", {"phase": w["idea"]})],
        "relabelled": [("Relabel", {"phase": w["idea"]})],
        "closed_as_duplicate": [
            ("CloseIssue", {"phase": "MVP", "end": w["end"]}),
            ("CloseIssue", {"phase": "MVP", "end": ""}),
        ],
        "closed_by_hand": [("CloseIssue", {"phase": w["idea"], "end": w["end"]}), ("CloseIssue", {"phase": "MVP", "end": ""})],
        "automation": [("MoveCard", {}), ("CloseIssue", {})],
        "resting": [("MoveCard", {"times": "6"})],
        "same_phase": [("RequestGate", {**target, "target": w["idea"]}), ("RequestGate", {**target, "exits": ""})],
        "no_exit": [("RequestGate", {"origin": w["end"]})],
        "reason_missing": [("NoGo", {})],
        "conditions_missing": [("Go", {})],
        "items_missing": [("Tick", {})],
        "items_unknown": [
            ("Tick", {"items": "9, idee-lune", "last": "3"}),
            ("Tick", {"items": "9", "last": "3", "whole": "yes"}),
        ],
        "answer_missing": [
            ("AnswerItem", {}),
            ("AnswerItem", {"number": "3", "kind": "answer"}),
            ("AnswerItem", {"number": "3", "kind": "date"}),
        ],
        "answer_unfit": [
            ("AnswerItem", {"number": "3", "kind": "choice", "choices": "Oui ; Non", "first": "Oui"}),
            ("AnswerItem", {"number": "3", "kind": "link"}),
            ("AnswerItem", {"number": "3", "kind": "date"}),
        ],
        "answer_private": [("AnswerItem", {"number": "3", "seat": w["security"]})],
        "answer_too_long": [("AnswerItem", {"number": "3", "length": "5210", "most": "4000"})],
        "nothing_proposed": [("Confirm", {"items": "3, 5", "first": "3"})],
        "not_reuse_team": [("Reuse", {"author": "cheffe-produit", "seat": w["design"]}), ("Reuse", {"author": "cheffe-produit", "seat": ""})],
        "reuse_off": [("Near", {})],
        "reuse_missing": [("Near", {}), ("Reuse", {}), ("Adapt", {}), ("SetAside", {})],
        "reuse_unknown": [("Reuse", {"word": "Lune", "lines": "1, 3"}), ("Near", {"word": "#99", "lines": ""})],
        "reuse_several": [("Reuse", {"word": "Agréments"})],
        "reuse_itself": [("Near", {})],
        "reuse_reason": [("Adapt", {"what": "2", "least": "10"}), ("SetAside", {"what": "1 2", "least": "10"})],
        "reuse_aside": [("Near", {"name": "Grist", "said": w["none"]}), ("Near", {"name": "Grist", "said": ""})],
        "reuse_shown": [("Near", {"name": "Grist", "number": "2"}), ("Near", {"name": "Grist", "number": "0"})],
        "reuse_full": [("Near", {"most": "3"})],
        "na_reason_missing": [("NotApplicable", {"items": "2 idee-dict"})],
        "condition_unknown": [
            ("Lift", {"number": "9", "open": "1, 2"}),
            ("Lift", {"number": "", "open": "1"}),
            ("Lift", {"number": "9", "open": ""}),
            ("Lift", {"number": "", "open": ""}),
            ("Lift", {"number": "9", "open": "1, 2", "whole": "yes"}),
        ],
        "evidence_missing": [("Lift", {"number": "2"}), ("Lift", {"number": "1 2"})],
        "condition_lifted": [("Lift", {"number": "1", "by": "secu"}), ("Lift", {"number": "1", "by": "secu", "whole": "yes"})],
        "not_lifter": [
            ("Lift", {"seat": w["security"], "author": "secu"}),
            ("Lift", {"seat": w["security"], "author": "secu", "whole": "yes"}),
        ],
        "not_secretariat": [("CloseGate", {})],
        "secretary_since": [("CloseGate", {})],
        "secretary_taken": [("CloseGate", {"login": "secretariat"})],
        "login_taken": [("Go", {"login": "secu"})],
        "older_comment": [("Go", {})],
        "decided": [
            ("TakenInSession", {"number": "1", "origin": "Idée", "target": "POC", "outcome": "go"}),
            ("NoGo", {"number": "1", "origin": "Idée", "target": "POC", "outcome": "nogo"}),
            ("CloseGate", {"number": "1", "origin": "Idée", "target": "POC", "outcome": "withdrawn"}),
        ],
        "other_app": [("SpeakThrough", {"app": "Rédacteur"})],
        "other_moment": [("CloseGate", {})],
        "same_report": [("TakenInSession", {"deadline": "2026-12-15"})],
        "reports_enough": [("TakenInSession", {"times": "20"})],
        "too_many_today": [("Help", {"most": "300"}), ("TickBoxes", {"most": "300"})],
        "outcome_missing": [("TakenInSession", {}), ("Rectify", {})],
        "attendance_missing": [("TakenInSession", {"issue": "41"}), ("TakenInSession", {"issue": ""})],
        "of_session": [("DeclareAbsence", {"row": "absence", "issue": "41"}), ("Doubtful", {"row": "end", "issue": ""})],
        "session_ahead": [("TakenInSession", {"day": "2026-12-08"})],
        "session_cancelled": [("TakenInSession", {"day": "2026-11-24", "issue": "41"})],
        "present_unknown": [("TakenInSession", {"names": "lune, mars"})],
        "present_recused": [("TakenInSession", {"names": "secu, Data"})],
        "mandatory_recused": [("TakenInSession", {"seats": w["security"]})],
        "attendance_short": [("TakenInSession", {"present": "2", "quorum": "5"})],
        "attendance_few": [
            ("TakenInSession", {"present": "1", "people": "3"}),
            ("TakenInSession", {"present": "2", "people": "3"}),
        ],
        "mandatory_absent": [("TakenInSession", {"seats": w["security"]})],
        "vetoed": [("TakenInSession", {"seats": w["security"]})],
        **_second_thoughts(),
        "vote_unsaid": [("VoidBallot", {})],
        "tampered": [("Go", {"editor": "passant"})],
        "unknown_command": [
            ("Unknown", {"word": w["ask"], "suggestion": w["request"]}),
            ("Unknown", {"word": "session", "suggestion": "decision"}),
            ("Unknown", {"word": "xyz", "suggestion": ""}),
            ("Unknown", {"word": "report", "suggestion": "décision report"}),
        ],
        **doubts(w),
    }  # fmt: skip
    blocked = (Blocker("item", number=1, text=w["vision"]), Blocker("item", number=3, text=w["rating"]))
    return {
        reason: tuple(
            Refusal(command, reason, words, blocked if reason == "blocked" else ()) for command, words in rows
        )
        for reason, rows in details.items()
    }


def _second_thoughts() -> dict[str, list[tuple[str, Words]]]:
    """What second thoughts are refused for."""
    return {
        "nothing_to_rectify": [("Rectify", {})],
        "rectify_ballots": [("Rectify", {})],
        "rectify_overridden": [("Rectify", {})],
        "rectify_built": [("Rectify", {"target": "MVP"}), ("RectifyLift", {"target": "MVP"})],
        "rectify_late": [("Rectify", {"days": "15", "last": "2026-12-15"}), ("Rectify", {"days": "0", "last": "2026-12-15"})],
        "rectify_reason": [("Rectify", {}), ("RectifyLift", {"number": "2"})],
        "lift_unknown": [("RectifyLift", {"number": "9", "lifted": "1, 2"}), ("RectifyLift", {"number": "", "lifted": ""})],
        "lift_standing": [("RectifyLift", {"number": "2"})],
        "contest_nothing": [("Contest", {})],
        "contest_spent": [("Contest", {})],
        "contest_late": [("Contest", {"days": "10", "last": "2026-12-15"}), ("Contest", {"days": "0", "last": "2026-12-15"})],
        "contest_reason": [("Contest", {"number": ""}), ("Contest", {"number": "2"})],
        "override_off": [("Override", {})],
        "not_direction": [("Override", {})],
        "override_seated": [("Override", {})],
        "override_nothing": [("Override", {})],
        "override_outcome": [("Override", {"was": "open"}), ("Override", {"was": "nogo"})],
        "override_reason": [("Override", {"outcome": "go"})],
        "paused": [("RequestGate", {"since": "2026-12-01"})],
        "paused_already": [("Pause", {"until": ""}), ("Pause", {"until": "2027-03-15"})],
        "pause_gate": [("Pause", {"target": "MVP"})],
        "pause_reason": [("Pause", {})],
        "not_paused": [("Resume", {})],
        "waits_for_session": [("CloseGate", {"session": "2026-12-01"})],
    }  # fmt: skip


def doubts(w: Words) -> dict[str, list[tuple[str, Words]]]:
    """The questions about what was not understood, read from comments that call for them."""
    bodies = (
        "/go annulé", "/nogo ?", "/coche 3 et la suite", "/décoche tout", "/na plus tard", "/demande mvp, puis poc", "/go sous réserve : a avant le 3 mars, b avant le 5 avril",
        "/clore ?", "/na 4 12 agents", "/levée 2 3 rapports", "/go avec deux réserves :\n- une seule",
        "/go sous réserve : audit avant fin mars", "/go sous réserve : audit, @jean--minint",
        "/décision go\ninvités : le métier\nprésents : techno", "/décision go sous réserve\nprésents : techno",
        "/go\n/nogo *trop* tôt", "Bonjour, /go", "@jalon /clore", "go", "déport", "/go\n---\nSecrétariat", "/a\n" * 5000,
        "Le 3 déc. 2026 à 10:12, Paul <p@dnum.example> a écrit :\n\n/nogo x",
        "/confirme 3 oui", "/réponse oui", "/réponse 3 et 5 oui",
    )  # fmt: skip
    found: dict[str, list[tuple[str, Words]]] = {}
    for body in (*bodies, "/aide\n" * 60):
        parsed = parse(body)[-1]
        assert isinstance(parsed.command, Doubtful), body
        details = {name: value for name, value in asdict(parsed.command).items() if name != "why"}
        found.setdefault(parsed.command.why, []).append(("Doubtful", details))
    found["unread"].append(
        ("Doubtful", {"name": "request", "words": "vite", "written": "/demande mvp vite", "near": "mvp"})
    )
    found["unreadable"] = found["unreadable_body"] = [
        ("Doubtful", dict.fromkeys(("name", "words", "written", "near"), ""))
    ]
    return found


def blockers(w: Words) -> dict[str, Blocker]:
    return {
        "item": Blocker("item", number=3, text=w["rating"]),
        "question": Blocker("question", text=w["problem"]),
        "condition": Blocker("condition", number=1, text=w["fix"], owner="cheffe-produit"),
        "mandatory_vacant": Blocker("mandatory_vacant", text=w["security"]),
        "quorum_impossible": Blocker("quorum_impossible", number=2, text="6"),
        "people_impossible": Blocker("people_impossible", number=1, text="3"),
        "electorate_unknown": Blocker("electorate_unknown"),
        "policy_flawed": Blocker("policy_flawed"),
        "mandatory_recused": Blocker("mandatory_recused", text=w["security"]),
        "point": Blocker("point", number=1, text=w["fix"], owner=w["security"]),
        "point_unknown": Blocker("point_unknown", number=7, text="2"),
        "radar": Blocker("radar", number=9, text="adapt buy"),
        "reuse": Blocker("reuse", number=2, text="Grist"),
    }


def leads(w: Words) -> dict[str, Notice]:
    """« Déjà là ? » as it is asked, then as it was answered."""
    here, common = "https://github.com/dnum/produits/issues/41", "https://www.proconnect.gouv.fr"
    product = ReuseLine(
        1,
        "Anti *Gaspi* #4",
        here,
        issue=41,
        line=w["vision"],
        words=tuple(w["vision"].split()[1:3]),
        door="near",
        ended=date(2026, 3, 1),
    )
    named = ReuseLine(2, "ProConnect", common, is_common=True, owner="DINUM", line=w["goal"], door="name")
    asked = ReuseLine(3, "Grist", is_common=True, line=w["problem"], door="reflex")
    proposed = ReuseLine(4, "@secu", here, issue=41, door="person", by="visiteur", why=w["test"])
    answers = (
        replace(product, answer="aside", reason=w["late"], line="", ended=None),
        replace(named, answer="reuse"),
        replace(asked, answer="adapt", reason=w["none"]),
        ReuseLine(0, "Tchap", is_common=True, answer="reuse"),
    )
    status = StatusView(w["idea"], "MVP", missing=((w["title"], 1),), numbers=((4,),))
    page = "https://jalon.example/produit/dnum/produits/7"

    def welcome(leads: tuple[ReuseLine, ...], **more: Any) -> Welcome:
        return Welcome("cheffe-produit", w["title"], w["idea"], (), replace(status, **more), page=page, reuse=leads)

    return {
        "welcome-leads": welcome((product, named, asked), ways=("adapt", "buy"), lines=(1, 2, 3)),
        "welcome-lead": replace(welcome((proposed,), missing=(), numbers=(), lines=(4,)), page=""),
        "welcome-leads-answered": welcome(answers, missing=(), numbers=()),
        "welcome-radar": welcome((), missing=(), numbers=(), ways=("buy",)),
        "checklist-radar": _ways(w),
    }


def _said_of_ways(w: Words) -> tuple[tuple[str, str], ...]:
    return (("reuse", w["none"]), ("adapt", ""), ("develop", w["test"]), ("buy", ""), ("reframe", ""))


def _ways(w: Words) -> Checklist:
    rows: tuple[dict[str, Any], ...] = (
        {"kind": "answer", "answer": w["none"], "told": "form", "ways": _said_of_ways(w)},
        {"kind": "answer", "answer": w["none"], "state": "done", "ways": _said_of_ways(w)},
        {"answer": "ProConnect", "told": "reuse"},
        {"answer": "ProConnect", "told": "settled", "state": "done"},
        {"norms": (("RGAA", "https://accessibilite.numerique.gouv.fr"), ("Dites-le-nous une fois", ""))},
    )
    items = tuple(
        ItemView(**{"number": rank, "id": f"i-{rank}", "text": w["vision"], "required": True, "state": "open"} | row)
        for rank, row in enumerate(rows, start=1)
    )
    return Checklist("", w["idea"], w["goal"], (AspectView(w["value"], items),))


def replies(w: Words) -> dict[str, Notice]:
    found: dict[str, Notice] = {}
    for reason, several in refusals(w).items():
        for number, refusal in enumerate(several, start=1):
            suffix = f"-{number}" if number > 1 else ""
            found[f"reply-{reason}{suffix}"] = Reply("techno", (refusal,))
    details = {"origin": w["idea"], "target": "MVP"}
    for kind, blocker in blockers(w).items():
        found[f"reply-blocked-{kind}"] = Reply("techno", (Refusal("RequestGate", "blocked", details, (blocker,)),))
    found |= refused_again(w, details)
    everything = Refusal("RequestGate", "blocked", {**details, "points": "2"}, tuple(blockers(w).values()))
    others = (refusals(w)["condition_unknown"][0], refusals(w)["illegal_move"][0], refusals(w)["unknown_command"][0])
    found["reply-several"] = Reply("techno", (everything, *others, refusals(w)["not_team"][1]))
    found["reply-kept"] = Reply("techno", (refusals(w)["items_unknown"][1],), kept=True)
    return found


def refused_again(w: Words, details: Words) -> dict[str, Notice]:
    """Who lifts a condition, and what a request after a no-go lacks."""
    found: dict[str, Notice] = {}
    for name, seat in (("seat", w["security"]), ("session", "")):
        held = replace(blockers(w)["condition"], seat=seat)
        refusal = Refusal("RequestGate", "blocked", details, (held,))
        found[f"reply-blocked-condition-{name}"] = Reply("techno", (refusal,))
    points = (
        Blocker("point", number=1, text=w["late"], owner=w["security"]),
        Blocker("point", number=2, text=w["test"]),
    )
    unknown = Blocker("point_unknown", number=7, text="2")
    for name, command, lacking, total in (
        ("points", "RequestGate", points, "2"),
        ("point", "RequestGate", points[:1], "1"),
        ("points-card", "MoveCard", points, "2"),
        ("points-number", "RequestGate", (points[1], unknown), "2"),
        ("points-items", "RequestGate", (*points, blockers(w)["item"]), "2"),
    ):
        refusal = Refusal(command, "blocked", {**details, "points": total}, lacking)
        found[f"reply-refused-{name}"] = Reply("cheffe-produit", (refusal,))
    return found


def seats(w: Words) -> tuple[SeatView, ...]:
    return (
        SeatView(w["technology"], ("techno", "techno-suppleance"), "go", "techno", mandatory=True),
        SeatView(w["security"], ("secu",), "conditions", "secu"),
        SeatView(w["design"], ("design",), "nogo", "design", w["late"], deleted=True, mandatory=True),
        SeatView("Data", ("data",), "abstain", "data"),
        SeatView("Architecture", ("archi",), "recuse", "archi"),
        SeatView("Cloud | Fabrique", ("cloud-fabrique",)),
    )


def conditions(w: Words) -> tuple[ConditionView, ...]:
    return (
        ConditionView(1, w["fix"], w["security"], "secu", "cheffe-produit", "2026-12-31"),
        ConditionView(2, w["test"], w["design"], "design", lifted_by="secretariat"),
        ConditionView(3, w["test"], w["design"], "design", owner="techno"),
    )


def gate_views(w: Words) -> dict[str, Notice]:
    def view(**changes: object) -> GateView:
        given: dict[str, object] = {
            "number": 2,
            "origin": w["idea"],
            "target": "MVP",
            "requested_by": "cheffe-produit",
            "deadline": T0 + timedelta(days=14),
            "quorum": 3,
            "spoken": 4,
            "threshold": "2/3",
            "seats": seats(w),
        }
        return GateView(**(given | changes))  # type: ignore[arg-type]

    silent = tuple(SeatView(seat.name, seat.logins, mandatory=seat.mandatory) for seat in seats(w))
    points = (Point(w["security"], w["late"]), Point(w["design"], w["test"]))
    voided = (("secu", "passant"), ("data", "passant"))
    return {
        "gate-open": view(seats=silent, spoken=0),
        "gate-altered": view(altered=ALTERED),
        "gate-one": view(seats=(*silent[:1], seats(w)[0]), spoken=1, quorum=1),
        "gate-overdue": view(overdue=True),
        "gate-withdrawn": view(state="withdrawn", closed_by="secretariat"),
        "gate-withdrawn-moved": view(state="withdrawn", came_from="dnum/archives"),
        "gate-withdrawn-reason": view(state="withdrawn", closed_by="secretariat", reason=w["cancelled"]),
        "gate-go": view(state="go", closed_by="secu"),
        "gate-nogo": view(state="nogo", closed_by="secu"),
        "gate-voided": view(voided=voided),
        "gate-unsaid": view(voided=(("secu", "Secu"),)),
        "gate-quiet": view(seats=silent, spoken=0, uncalled=("techno", "secu")),
        "gate-away": view(
            seats=(
                replace(silent[0], away="techno", asked=("techno-suppleance", "transfo")),
                replace(silent[1], away="secu", asked=()),
                *silent[2:],
            ),
            spoken=0,
        ),
        "gate-revisit": view(revisit=points),
        "gate-changes": view(revisit=points, changes=(w["cancelled"], f"{w['vision']}, @cheffe-produit")),
        "gate-radar": view(seats=silent, spoken=0, radar=_said_of_ways(w)),
        "gate-entry": view(entry=w["late"]),
        "gate-postponed": view(postponed=w["cancelled"]),
        "gate-quiet-until": view(quiet_until=date(2026, 1, 13)),
        "gate-contest": view(contest=w["late"], revisit=points),
        "gate-contested": view(state="nogo", closed_by="secu", contested="cheffe-produit"),
        "gate-rectified": view(state="nogo", closed_by="secretariat", revised="rectified", was="go", revised_on=T0),
        "gate-rectified-later": view(
            state="withdrawn", closed_by="secretariat", revised="rectified", was="nogo", revised_on=T0
        ),
        "gate-overridden": view(state="go", closed_by="directrice", revised="overridden", was="open", revised_on=T0),
        "gate-overridden-nogo": view(
            state="go", closed_by="directrice", revised="overridden", was="nogo", revised_on=T0
        ),
        "gate-postponed-bare": view(postponed=""),
        "gate-joined": view(joined=("data", "design")),
        "gate-people": view(people=3, voices=2),
        "gate-consent": view(seats=(replace(seats(w)[0], consent=True), *seats(w)[1:])),
        "gate-stuck": view(stuck=(w["security"],)),
        "gate-hidden": view(seats=(replace(seats(w)[0], hidden=True), *seats(w)[1:])),
        "gate-conditions": view(conditions=(w["fix"], w["test"])),
        "gate-everything": view(
            overdue=True,
            voided=voided,
            revisit=points,
            conditions=(w["fix"], w["test"]),
            concerned=("data", "design", "cheffe-produit"),
        ),
    }


def postponements(w: Words) -> dict[str, Notice]:
    bare = Postponed(number=2, origin=w["idea"], target="MVP", by="secretariat", last_day=date(2026, 12, 8))
    return {"postponed": replace(bare, reason=w["late"]), "postponed-bare": bare}


def decisions(w: Words) -> dict[str, Notice]:
    def decision(outcome: str, **changes: object) -> Decision:
        given: dict[str, object] = {
            "number": 2,
            "origin": w["idea"],
            "target": "MVP",
            "go": 2,
            "nogo": 1,
            "abstain": 1,
            "recused": 1,
            "silent": 1,
            "quorum": 3,
            "threshold": "2/3",
            "seats": seats(w),
            "policy": "0123456789ab",
        }
        return Decision(outcome=outcome, **(given | changes))  # type: ignore[arg-type]

    points = (Point(w["security"], w["late"]), Point(w["design"], f"{w['test']}\n\n- un\n- deux"))
    return {
        "decision-go": decision("go"),
        "decision-conditional": decision("go", conditions=conditions(w)),
        "decision-nogo": decision("nogo", objections=points),
        "decision-nogo-advice": decision("nogo", objections=points[:1], advice=(Point(w["design"], w["test"]),)),
        "decision-changes": decision("go", revisit=points, changes=(w["cancelled"], w["vision"])),
        "decision-session": decision("go", present=(w["technology"], w["security"], w["design"])),
        "decision-session-conditional": decision(
            "go",
            present=(w["technology"], w["security"]),
            conditions=(*conditions(w), ConditionView(4, w["test"], "", "secretariat")),
        ),
        "decision-people": decision("go", people=3),
        "decision-evidence": decision("go", altered=ALTERED, restored=RESTORED, first=NOON),
        "decision-session-against": decision("go", present=(w["technology"],), against=(w["design"],)),
        "decision-session-nogo": decision("nogo", present=(w["technology"],), objections=(Point("", w["late"]),)),
        "decision-nogo-silent": decision("nogo"),
        "decision-session-told": decision(
            "go", present=(w["technology"], w["security"]), excused=(w["design"], "le métier"), held="2025-12-23"
        ),
    }


def _at_gate(w: dict[str, str]) -> StatusView:
    days = {"deadline": date(2026, 1, 19), "session": date(2026, 1, 13)}
    return StatusView(w["idea"], "MVP", "committee", (), 0, "MVP", ("Design",), ("Data", "Communs"), **days)


def refused_welcomes(w: Words) -> dict[str, Notice]:
    link = "https://github.example/dnum/produits/issues/7#issuecomment-12"
    points = (Point(w["security"], w["late"]), Point("", w["test"]))
    several = RefusalView(date(2026, 11, 28), "MVP", points, link)
    plain = StatusView(w["idea"], "MVP", refusal=several)

    def welcome(status: StatusView, page: str = "") -> Welcome:
        return Welcome("cheffe-produit", w["title"], w["idea"], (), status, page=page)

    return {
        "welcome-refused": welcome(plain, page="https://jalon.example/produit/dnum/produits/7"),
        "welcome-refused-one": welcome(replace(plain, refusal=replace(several, points=points[:1], link=""))),
        "welcome-refused-silent": welcome(replace(plain, refusal=replace(several, points=()))),
        "welcome-refused-elsewhere": welcome(replace(plain, refusal=replace(several, target=w["end"]))),
        "welcome-refused-lacking": welcome(
            replace(
                plain,
                missing=((w["value"], 2),),
                numbers=((2, 3),),
                conditions=2,
                lifters=((1, w["security"]), (2, "")),
            )
        ),
    }


def checklists(w: Words) -> dict[str, Notice]:
    def aspects(*states: str) -> tuple[AspectView, ...]:
        vision = ItemView(1, "idee-vision", w["vision"], required=True, state=states[0], reason=w["none"])
        scope = ItemView(2, "idee-cadrage", w["scope"], required=False, state=states[1], reason=w["none"])
        rating = ItemView(3, "idee-dict", w["rating"], required=True, state=states[2], reason=w["none"])
        return (AspectView(w["value"], (vision, scope)), AspectView(w["security"], (rating,)))

    exits = (ExitView("MVP", "mvp", is_default=True), ExitView(w["end"], w["end"].lower(), is_default=False))

    def checklist(*states: str, **changes: object) -> Checklist:
        given: dict[str, object] = {"phase": w["idea"], "goal": w["goal"], "aspects": aspects(*states), "exits": exits}
        return Checklist(**(given | changes))  # type: ignore[arg-type]

    return {
        "checklist-open": checklist("open", "done", "open"),
        "checklist-one-left": checklist("done", "open", "open"),
        "checklist-settled": checklist("done", "open", "done"),
        "checklist-na": checklist("done", "na", "na"),
        "checklist-closed": checklist("done", "open", "na", closed=True),
        "checklist-conditions": checklist("open", "done", "open", conditions=conditions(w)),
        "checklist-session": checklist(
            "open", "done", "open", conditions=(ConditionView(1, w["test"], "", "secretariat"),)
        ),
        "checklist-no-exit": checklist("open", "done", "open", exits=()),
        "checklist-answers": checklist("open", "open", "open", aspects=_answers(w)),
        "checklist-empty": checklist("open", "open", "open", aspects=(), exits=()),
    }


def _answers(w: Words) -> tuple[AspectView, ...]:
    """A question in each of the states that the list tells apart."""
    told = {"answer": "Un *portail* pour @tous\n# <b>", "kind": "answer"}
    rows: list[dict[str, Any]] = [
        {"kind": "answer", "help": w["goal"]},
        {"kind": "choice", "choices": ("Oui", "Non `x`")},
        {"kind": "link", "seat": w["security"]},
        {"kind": "date"},
        told | {"told": "form"},
        told | {"state": "done"},
        told | {"state": "done", "told": "carried", "phase": "POC"},
        told | {"state": "done", "told": "changed", "proposed": w["scope"]},
        told | {"told": "back"},
        {"kind": "answer", "state": "done", "told": "bare"},
        {"kind": "link", "state": "done", "answer": "https://forge.example/depot"},
        {"kind": "link", "state": "done", "given": True, "seat": w["security"]},
        {"kind": "link", "state": "done", "given": True, "seat": w["security"], "told": "carried", "phase": "MVP"},
        {"kind": "link", "given": True, "seat": w["security"], "told": "back"},
        {"kind": "date", "state": "done", "answer": "12/03/2027", "expiry": date(2027, 3, 12)},
    ]
    items = (
        ItemView(**{"number": rank, "id": f"i-{rank}", "text": w["vision"], "required": True, "state": "open"} | row)
        for rank, row in enumerate(rows, start=1)
    )
    return (AspectView(w["value"], tuple(items)),)


def second_thoughts(w: Words) -> dict[str, Notice]:
    moment, link = T0 - timedelta(days=6), "https://github.example/dnum/produits/issues/7#issuecomment-12"
    seats_there = (w["technology"], w["security"], w["design"])
    there: dict[str, Any] = {"number": 2, "origin": w["idea"], "target": "MVP", "by": "secretariat"}
    wrong = Rectified(**there, on=moment, was="go", outcome="nogo", why=w["cancelled"], quorum=3)
    points = (Point("", w["late"]), Point(w["design"], w["test"]))
    contested = Contested(**there | {"by": "cheffe-produit"}, grounds=w["late"], session=date(2026, 12, 1), again=3)
    overridden = Overridden(
        **there | {"by": "directrice"}, was="nogo", outcome="go", reason=w["late"], spoken=2, quorum=3
    )
    return {
        "rectified-nogo": replace(
            wrong, link=link, reason=w["late"], present=seats_there, objections=points, dropped=(1, 2), phase=w["idea"]
        ),
        "rectified-go": replace(
            wrong, was="nogo", outcome="go", phase="MVP", present=seats_there[:2], excused=(w["design"],),
            held="2026-12-01", conditions=conditions(w)[:1], against=(w["design"],),
        ),
        "rectified-go-stays": replace(wrong, outcome="go", present=seats_there, dropped=(1,)),
        "rectified-later": replace(wrong, outcome="later", again=3, last_day=date(2026, 12, 15), phase=w["idea"]),
        "rectified-later-stays": replace(wrong, was="nogo", outcome="later", again=3, last_day=date(2026, 12, 15)),
        "relifted": Relifted(
            number=2, text=w["fix"], seat=w["security"], lifted_by="secu", on=moment, by="secretariat", reason=w["late"]
        ),
        "relifted-session": Relifted(
            number=2, text=w["fix"], lifted_by="secretariat", on=moment, by="secretariat", reason=w["late"]
        ),
        "contested": contested,
        "contested-never": replace(contested, session=None),
        "contested-condition": replace(contested, condition=2, text=w["fix"], again=0),
        "contested-condition-never": replace(contested, condition=2, text=w["fix"], again=0, session=None),
        "overridden-go": overridden,
        "overridden-open": replace(overridden, was="open"),
        "overridden-nogo": replace(overridden, was="open", outcome="nogo"),
        "paused": Paused(by="cheffe-produit", reason=w["late"]),
        "paused-until": Paused(by="cheffe-produit", reason=w["late"], until=date(2027, 3, 15)),
        "resumed": Resumed(by="cheffe-produit", since=moment),
        "resumed-reason": Resumed(by="cheffe-produit", reason=w["none"], since=moment),
        "resumed-by-itself": Resumed(since=moment),
        "welcome-paused": Welcome(
            "cheffe-produit", w["title"], w["idea"], (),
            StatusView(w["idea"], "MVP", "paused", paused=PauseView(date(2026, 12, 1), date(2027, 3, 15), w["late"])),
        ),
        "welcome-paused-open": Welcome(
            "cheffe-produit", w["title"], w["idea"], (),
            StatusView(w["idea"], "MVP", "paused", paused=PauseView(date(2026, 12, 1), None, w["late"])),
        ),
    }  # fmt: skip


def reminders(w: Words) -> dict[str, Notice]:
    def duty(kind: str, **changes: object) -> DutyView:
        address = "https://github.example/dnum/produits/issues/7"
        return DutyView(kind, w["title"], address, date(2026, 1, 19), **changes)  # type: ignore[arg-type]

    ballot = duty("ballot", target="MVP", seats=(w["security"], "Data"))
    condition = duty("condition", condition=2, text=w["fix"])
    expiry = duty("expiry", target="idee-dict", text=w["rating"], item=3)
    here = (replace(ballot, late=True, seats=("Design",)), replace(condition, late=True))
    elsewhere = (
        replace(condition, weeks=5),
        duty("closing", target="MVP", late=True),
        duty("team", late=True, weeks=9),
    )
    return {
        "reminder-ballot": Reminder("secu", (ballot,)),
        "reminder-team": Reminder("cheffe-produit", (duty("team", late=True, weeks=9),), (condition,)),
        "reminder-expiry": Reminder("cheffe-produit", (expiry, replace(expiry, late=True, item=5))),
        "reminder-many": Reminder("cheffe-produit", here, elsewhere, more=3),
        "reminder-one-more": Reminder("secretariat", (duty("closing", target="MVP", late=True),), more=1),
    }


def rules_files(w: Words) -> dict[str, Notice]:
    votes = (RuleView(3, "2/3", ("POC", "MVP")), RuleView(1, "1/2", (w["end"],)))
    rules = RulesView(
        "0123456789ab", (w["idea"], "POC", "MVP", w["end"]), "comite-produit", 10, votes, ("secretariat",)
    )
    there = "https://github.example/dnum/produits/blob/HEAD/.github/jalon.yml"
    missing = Problem(12, 5, "committee.seats[2]", "missing_key", (("key", "name"),))
    hostile = Problem(40, 9, "gates[1].to", "unknown_id", (("value", "@all <!-- *x*"), ("known", "idee, mvp")))
    return {
        "rules-file-flawed": RulesFile(problems=(missing, hostile), rules=rules, address=there),
        "rules-file-flawed-many": RulesFile(
            problems=(missing,) * 42, rules=replace(rules, secretariat=()), address=there
        ),
        "rules-file-flawed-first": RulesFile(problems=(missing,), address=there),
        "rules-file-flawed-kept": RulesFile(problems=(missing,), rules=rules, address=there, kept=True),
        "rules-file-absent": RulesFile(state="absent", rules=rules, address=there),
        "rules-file-mended": RulesFile(state="mended", rules=rules),
    }


def catalogue_files() -> dict[str, Notice]:
    path = ".github/jalon/communs.yml"
    there = f"https://github.example/dnum/produits/blob/HEAD/{path}"
    missing = Problem(12, 5, "[2]", "missing_key", (("key", "nom"),))
    hostile = Problem(40, 9, "[7].lien", "bad_link", (("value", "@all <!-- *x*"),))
    return {
        "catalogue-file-flawed": CatalogueFile("", "flawed", path, (missing, hostile), there, holds=True),
        "catalogue-file-flawed-first": CatalogueFile("", "flawed", path, (missing,) * 42, there),
        "catalogue-file-absent": CatalogueFile("", "absent", path, (), there, holds=True),
        "catalogue-file-absent-empty": CatalogueFile("", "absent", path, (), there),
        "catalogue-file-mended": CatalogueFile("", "mended", path),
    }


def samples(language: str) -> dict[str, Notice]:
    """Every notice that has a golden file, by the file's name."""
    w = WORDS[language]
    exits = (ExitView("MVP", "mvp", is_default=True), ExitView(w["end"], w["end"].lower(), is_default=False))
    return {
        "imported": Imported(phase=w["idea"], source=w["source"], past=PAST),
        "imported-over": Imported(phase=w["end"], past=PAST, over=True),
        "imported-issue": ImportedIssue(source=w["source"], shown=SHOWN),
        "imported-issue-bare": ImportedIssue(),
        "welcome-entry": Welcome(
            "cheffe-produit", w["title"], w["idea"], status=StatusView(w["idea"], "MVP"), entry="MVP"
        ),
        "welcome-entry-gaps": Welcome(
            "cheffe-produit", w["title"], w["idea"], (w["problem"],), StatusView(w["idea"], "MVP"), entry="MVP"
        ),
        "support": Support("chef-produit", ("architecture", "design")),
        "support-gaps": Support("chef-produit", gaps=(w["problem"],)),
        "welcome-complete": Welcome("cheffe-produit", w["title"], w["idea"], (), StatusView(w["idea"], "MVP")),
        "welcome-gaps": Welcome(
            "cheffe-produit",
            w["title"],
            w["idea"],
            (w["problem"], w["sponsor"]),
            StatusView(
                w["idea"],
                "MVP",
                missing=((w["title"], 2), (w["idea"], 1)),
                numbers=((2, 3), (5,)),
                conditions=1,
                lifters=((1, w["security"]),),
            ),
        ),
        "welcome-conditions": Welcome(
            "cheffe-produit",
            w["title"],
            w["idea"],
            (),
            StatusView("MVP", w["end"], conditions=2, lifters=((1, w["security"]), (3, ""))),
        ),
        "welcome-to-tick": Welcome(
            "cheffe-produit",
            w["title"],
            w["idea"],
            (),
            StatusView(w["idea"], "MVP", missing=((w["title"], 1),), numbers=((4,),)),
        ),
        "welcome-gate": Welcome("cheffe-produit", w["title"], w["idea"], (), _at_gate(w)),
        "welcome-gate-silent": Welcome(
            "cheffe-produit", w["title"], w["idea"], (), replace(_at_gate(w), spoken=(), session=None)
        ),
        "welcome-gate-late": Welcome(
            "cheffe-produit", w["title"], w["idea"], (), replace(_at_gate(w), actor="secretariat", awaited=())
        ),
        **refused_welcomes(w),
        **leads(w),
        "welcome-ended": Welcome("cheffe-produit", w["title"], w["idea"], (), StatusView(w["end"], actor="nobody")),
        "help": Help("techno", w["idea"], exits),
        "help-gate": Help("techno", w["idea"], exits, open_gate="MVP"),
        "help-no-exit": Help("techno", w["end"]),
        "continued": Continued(part=2, parts=3),
        "suspended": Suspended(flaws=FLAWS),
        "suspended-over": Suspended(),
        **reminders(w),
        **second_thoughts(w),
        **checklists(w),
        **gate_views(w),
        **decisions(w),
        **postponements(w),
        **replies(w),
        **rules_files(w),
        **catalogue_files(),
        **session_records(w),
    }
