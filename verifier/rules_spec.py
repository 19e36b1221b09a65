"""The rules of a vote, written from the committee's guide and not from the program, of which this imports nothing.

rule: {"quorum": 5, "people": 3, "threshold": "2/3", "mandatory": [seat, …], "veto": [seat, …]}; no outcome is ""
electorate: [{"seat": id, "voices": [rank, …]}, …], holders first; aside: ranks of those recused before the opening
words: [(rank, [seat, …], choice, holds), …]: go, nogo, abstain, recuse, back (a recusal taken back); holds: not voided
"""

from fractions import Fraction
from itertools import combinations_with_replacement, product


def count(electorate, aside, words, edition=2):
    """The seats by what they say: people who recuse leave with all they said, the last word of the others stands."""
    gone, kept, last = set(aside), [], {}
    for who, seats, choice, holds in words:
        kept = [one for one in kept if one[0] != who] if choice == "back" else [*kept, (who, seats, choice, holds)]
        gone = gone - {who} if choice == "back" else gone | {who} if choice == "recuse" else gone
    for who, seats, choice, holds in kept:
        for seat in seats if holds else ():  # in edition 0, a recusal took back the last word of its author, no more
            if who not in gone if edition else choice != "recuse" or last.get(seat, ("", who))[1] == who:
                last[seat] = (choice, who)
    counted = {"go": [], "nogo": [], "abstain": [], "recuse": [], "silent": [], "gone": gone, "last": last}
    for one in electorate:
        choice = last.get(one["seat"], ("recuse" if edition else "silent", 0))[0]
        counted["silent" if choice == "recuse" and not gone.issuperset(one["voices"]) else choice].append(one["seat"])
    return {**counted, "people": len({last[seat][1] for one in ("go", "nogo", "abstain") for seat in counted[one]})}


def may_speak(electorate, counted, who):
    """The seats a person may speak for: a substitute gives way once the holder has spoken."""
    seats = [(one["seat"], one["voices"]) for one in electorate if who in one["voices"] and who not in counted["gone"]]
    return [seat for seat, voices in seats if who == voices[0] or counted["last"].get(seat, "  ")[1] != voices[0]]


def closing(rule, counted):
    """What the ballots decide when nobody speaks any more: at the deadline, or closed by the secretariat."""
    go, nogo, heard = len(counted["go"]), len(counted["nogo"]), counted["go"] + counted["nogo"] + counted["abstain"]
    short = len(heard) < rule["quorum"] or counted["people"] < rule.get("people", 0)
    lost = set(rule["veto"]) & set(counted["nogo"]) or not go or Fraction(go, go + nogo) < Fraction(rule["threshold"])
    return "" if short else "nogo" if lost else "go" if set(rule["mandatory"]) <= set(heard) else ""


def at_once(rule, counted, quiet=False):
    """What is decided before the deadline: the one outcome of all that silent seats may say; no no-go while quiet."""
    end, choices = closing(rule, counted), ("go", "nogo", "abstain", "silent")
    named = [seat for seat in counted["silent"] if seat in (*rule["mandatory"], *rule["veto"])]
    alike = [seat for seat in counted["silent"] if seat not in named]  # how many of them say what is all that matters
    for one, two in product(product(choices, repeat=len(named)), combinations_with_replacement(choices, len(alike))):
        then = {word: counted[word] + [s for s, w in zip(named + alike, one + two) if w == word] for word in choices}
        end = end if end and closing(rule, {**counted, **then}) == end else ""
    return "" if quiet and end == "nogo" else end


def in_session(rule, electorate, counted, present, edition=2):
    """The outcomes open to a session, decided or rectified; since edition 2, a recused seat is never there."""
    able = {one["seat"] for one in electorate} - set(counted["recuse"] if edition > 1 else ())
    short = not set(present) <= able or len(set(present)) < max(rule["quorum"], rule.get("people", 0))
    barred = set(rule["mandatory"]) - set(present) or set(rule["veto"]) & set(counted["nogo"])
    return set() if short else {"nogo"} if barred else {"go", "nogo"}
