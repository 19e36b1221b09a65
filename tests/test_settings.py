"""Addresses that a token may be sent to: encrypted, or on this very machine."""

import pytest

from app.settings import SettingsError, parts_to_hide, read_api_url, read_settings
from local_github.keys import another_key


@pytest.mark.parametrize(
    "url",
    [
        "https://api.github.com",
        "https://github.ministere.example/api/v3",
        "http://127.0.0.1:8081",
        "http://localhost:8081/",
    ],
)
def test_an_address_that_is_encrypted_or_on_this_machine(url):
    assert read_api_url({"GITHUB_API_URL": url}) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.github.com",
        "http://127.0.0.1.elsewhere",
        "http://localhost.elsewhere:8081",
        "http://127.0.0.1:8081@elsewhere",
        "http://127.0.0.1\\.elsewhere",
        "http://127.0.0.10",
        "https://",
        "https://someone:secret@elsewhere",
        "http://[::1",
        "http://127.0.0.1:port",
        "ftp://127.0.0.1",
        "127.0.0.1:8081",
    ],
)
def test_an_address_elsewhere_must_be_encrypted(url):
    with pytest.raises(SettingsError, match="GITHUB_API_URL doit commencer par https://"):
        read_api_url({"GITHUB_API_URL": url})


def settings(hub_key, **more):
    given = {"JALON_APP_ID": "1", "JALON_WEBHOOK_SECRET": "secret", "JALON_PRIVATE_KEY": hub_key}
    return read_settings(given | more)


@pytest.fixture(scope="module")
def key():
    return another_key()


GOOD = [
    "mailtos://compte:passe@smtp.exemple.fr/?from=jalon@exemple.fr&to=comite@exemple.fr",
    "mailto://smtp.exemple.fr/?mode=starttls&to=comite@exemple.fr",
    "mailto://127.0.0.1/?from=jalon@exemple.fr&to=comite@exemple.fr",
    "matrixs://:jeton@matrix.exemple.fr/!salon:exemple.fr",
    "mmosts://mattermost.exemple.fr/jeton",
    "mmost://localhost:8065/jeton",
    "workflows://prod.example:443/identifiant/signature",
]


@pytest.mark.parametrize("address", GOOD)
def test_an_address_of_a_channel_that_is_encrypted_or_on_this_machine(key, address):
    assert settings(key, JALON_CHANNELS=f"# un canal\n\n comité = {address} \n").channels == (("comité", address),)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("comité", "écrivez nom=adresse"),
        ("=mailtos://secret-du-canal", "écrivez nom=adresse"),
        ("a b=mailtos://secret-du-canal", "écrivez nom=adresse"),
        ("c=secret-du-canal", "écrivez nom=adresse"),
        ("c=slack://secret-du-canal", "seuls sont admis"),
        ("c=json://127.0.0.1/secret-du-canal", "seuls sont admis"),
        ("c=msteams://secret-du-canal", "workflows"),
        ("c=mailto://smtp.exemple.fr/?to=secret-du-canal", "doit être chiffré"),
        ("c=mailtos://smtp.exemple.fr/?verify=no&to=secret-du-canal", "doit être chiffré"),
        ("c=matrix://:secret-du-canal@exemple.fr/!a:b", "doit être chiffré"),
        ("c=mmost://127.0.0.1.exemple.fr/secret-du-canal", "doit être chiffré"),
        ("c=mmosts://[::1/secret-du-canal", "ne se lit pas"),
        ("c=mmosts:///secret-du-canal", "ne nomme pas de serveur"),
        ("c=mmosts://a.fr/x\nc=mmosts://a.fr/secret-du-canal", "ligne 2 : le canal « c » est déjà donné"),
    ],
)
def test_a_channel_that_may_not_be_is_refused_at_start_without_quoting_its_address(key, line, told):
    with pytest.raises(SettingsError) as refusal:
        settings(key, JALON_CHANNELS=line)
    said = str(refusal.value).replace("\u00a0", " ").replace("\u202f", " ")
    assert told in said
    assert "JALON_CHANNELS, ligne" in said
    assert "secret-du-canal" not in said


def test_the_file_of_channels_is_its_owner_s_alone(key, tmp_path):
    path = tmp_path / "canaux"
    path.write_text(f"a={GOOD[0]}\n", encoding="utf-8")
    path.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        settings(key, JALON_CHANNELS_FILE=str(path))
    path.chmod(0o600)
    both = settings(key, JALON_CHANNELS_FILE=str(path), JALON_CHANNELS=f"b={GOOD[3]}")
    assert [name for name, _ in both.channels] == ["a", "b"]
    with pytest.raises(SettingsError, match="JALON_CHANNELS_FILE n’est pas lisible"):
        settings(key, JALON_CHANNELS_FILE=str(tmp_path / "absent"))


def test_no_part_of_an_address_that_opens_a_channel_reaches_a_journal(key):
    found = settings(key, JALON_CHANNELS="\n".join(f"c{rank}={one}" for rank, one in enumerate(GOOD)))
    assert "jeton" not in repr(found)
    for word in ("comite@exemple.fr", "jalon@exemple.fr", "compte", "signature", "identifiant", GOOD[0]):
        assert word in found.secrets, word
    assert parts_to_hide("mmosts://[::1/x") == ()
