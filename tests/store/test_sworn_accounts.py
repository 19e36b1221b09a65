"""A login of the secretariat is the account it was first seen with, until the rules give it up and name it again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.engine import open_database
from app.store.places import Places
from app.store.sworn_accounts import Sworn, SwornAccounts
from app.store.troubles import Troubles

HERE = "dnum/produits"
LOGINS = ("secretariat", "chef-produit")
readings = st.lists(
    st.tuples(
        st.frozensets(st.sampled_from(LOGINS)), st.dictionaries(st.sampled_from(LOGINS), st.integers(1, 3), max_size=2)
    ),
    max_size=12,
)


@given(readings)
def test_a_number_changes_only_once_the_rules_gave_the_login_up(found):
    database = open_database("sqlite:///:memory:")
    sworn, first, given_up = SwornAccounts(database, Troubles(database)), dict[str, int](), set[str]()
    for named, bearers in found:
        told = sworn.seen(HERE, sorted(named), bearers)
        given_up |= first.keys() - named
        first = {login: number for login, number in first.items() if login in named}
        for login in named:
            if number := bearers.get(login):
                first.setdefault(login, number)
        assert told.numbers == first
        assert told.anew == first.keys() & given_up
    database.dispose()


def test_what_changed_hands_is_told_until_it_is_mended_and_follows_the_repository(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/jalon.db")
    troubles = Troubles(database)
    sworn = SwornAccounts(database, troubles)

    def told():
        return [(one.kind, one.subject, one.detail) for one in troubles.told()]

    assert sworn.seen(HERE, ["Secretariat"], {"secretariat": 7}) == Sworn({"secretariat": 7})
    sworn.seen(HERE, ["Secretariat"], {})
    assert told() == [], "an account that GitHub does not tell is not another one"
    assert sworn.seen(HERE, ["Secretariat"], {"secretariat": 8}) == Sworn({"secretariat": 7})
    assert told() == [("secretariat", HERE, "borne by another account since: secretariat")]
    Places(database).renamed(HERE, "dnum/suivi")
    assert sworn.seen("dnum/suivi", ["secretariat"], {"secretariat": 8}) == Sworn({"secretariat": 7})
    sworn.seen("dnum/suivi", ["secretariat"], {"secretariat": 7})
    assert told() == []
    database.dispose()
