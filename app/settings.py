"""The environment read once into Settings, all its problems reported together; the only reader of os.environ."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

HERE = ("127.0.0.1", "localhost")
"""The only hosts that may be reached without encryption."""
DATABASES = ("sqlite:///", "postgresql://", "postgres://")


class SettingsError(Exception):
    """One sentence per problem, each naming the variable and what to give it."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("Jalon ne peut pas démarrer :\n" + "\n".join(f"  - {problem}" for problem in problems))


@dataclass(frozen=True)
class Settings:
    app_id: int
    private_key: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(repr=False)
    api_url: str = "https://api.github.com"
    database_url: str = field(default="sqlite:///jalon.db", repr=False)
    log_format: str = "text"
    board: int = 0
    """0: the board that set-up marked for each repository."""
    public_url: str = ""
    """Address at which people read our pages, if they are served to them."""
    pages: str = ""
    """Who may read them: `local` for this machine, or the header in which a proxy names the person it let in."""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    """The App's client id and secret, with which people sign in through GitHub to read the pages."""

    stylesheet: str = ""
    """A stylesheet of the installation, laid over ours: the path of a file, or an address in https://."""
    channels: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """The address of each channel that the rules may name: whoever holds it may write there."""
    seal_key: str = field(default="", repr=False)
    """The private key that seals the register, never the App's; empty: the register is not sealed."""
    tsa: tuple[str, str] = ("", "")
    """The authority that dates each seal of the register, and the certificates (PEM) by which it is believed."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no line of a journal may hold."""
        addresses = (part for _, address in self.channels for part in (address, *parts_to_hide(address)))
        return (self.private_key, self.client_secret, self.seal_key, *self.webhook_secrets, *addresses)

    @cached_property
    def signing_key(self) -> PrivateKeyTypes:
        """The App's key, read once: reading it also checks it, which takes a tenth of a second of processor."""
        return load_pem_private_key(self.private_key.encode(), password=None)

    @property
    def signs_in(self) -> bool:
        """Whether people sign in through GitHub to read the pages; not needed behind a proxy that identifies them."""
        return bool(self.client_id) and self.pages in ("", "local")

    @property
    def is_rehearsal(self) -> bool:
        """Whether this is a local GitHub, the only kind that may be reached without encryption."""
        return self.api_url.startswith("http://")


@dataclass(frozen=True)
class TokenSettings:
    """What a report needs when it is made from GitHub alone; `bots` are the accounts whose comments are believed."""

    token: str = field(repr=False)
    repository: str
    api_url: str = "https://api.github.com"
    bots: tuple[str, ...] = ("github-actions",)
    public_url: str = ""


def read_token_settings(environment: Mapping[str, str] | None = None) -> TokenSettings:
    """The environment of a GitHub Actions job; raises SettingsError naming every missing or wrong variable."""
    env = os.environ if environment is None else environment
    problems: list[str] = []
    token, repository = env.get("GITHUB_TOKEN", ""), env.get("GITHUB_REPOSITORY", "")
    if not token:
        problems.append("GITHUB_TOKEN manque : donnez un jeton qui lit les tickets")
    if "/" not in repository:
        problems.append("GITHUB_REPOSITORY manque : donnez propriétaire/nom")
    api_url, public_url = _api_url(env, problems), _public_url(env, problems)
    if problems:
        raise SettingsError(problems)
    bots = tuple(bot.strip().removesuffix("[bot]") for bot in env.get("JALON_BOT", "").split(",") if bot.strip())
    return TokenSettings(token, repository, api_url, bots or TokenSettings.bots, public_url)


def web_url(api_url: str) -> str:
    """GitHub's pages beside an API: github.com, a subdomain of ghe.com, an Enterprise server, or the local GitHub."""
    if api_url.startswith("https://api."):
        return api_url.replace("https://api.", "https://", 1)
    return api_url.removesuffix("/api/v3")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Raises SettingsError naming every missing or wrong variable at once."""
    env = os.environ if environment is None else environment
    problems: list[str] = []
    app_id = _number(env, "JALON_APP_ID", problems, "le numéro de l’App, montré sur sa page de réglages")
    board = _number(env, "JALON_BOARD", problems, "le numéro du tableau", default="0")
    secrets = tuple(secret.strip() for secret in env.get("JALON_WEBHOOK_SECRET", "").split(",") if secret.strip())
    if not secrets:
        problems.append(
            "JALON_WEBHOOK_SECRET manque : donnez le secret de l’App (deux, séparés d’une virgule, pour en changer)"
        )
    log_format = env.get("JALON_LOG_FORMAT") or "text"
    if log_format not in {"text", "json"}:
        problems.append(f"JALON_LOG_FORMAT vaut « {log_format} » : donnez text ou json")
    api_url, public_url = _api_url(env, problems), _public_url(env, problems)
    key, client, stylesheet = _private_key(env, problems), _client(env, problems), _stylesheet(env, problems)
    channels, seal_key = _channels(env, problems), _seal_key(env, problems)
    tsa = _authority(env, problems)
    database = env.get("JALON_DATABASE_URL") or "sqlite:///jalon.db"
    if not database.startswith(DATABASES):
        problems.append(
            "JALON_DATABASE_URL : donnez sqlite:///chemin/du/fichier.db ou postgresql://compte@machine/base"
        )
    if problems:
        raise SettingsError(problems)
    pages = env.get("JALON_PAGES", "").strip()
    more = (*client, stylesheet, channels, seal_key, tsa)
    return Settings(app_id, key, secrets, api_url, database, log_format, board, public_url, pages, *more)


def _stylesheet(env: Mapping[str, str], problems: list[str]) -> str:
    given = env.get("JALON_STYLESHEET", "").strip()
    is_address = given.startswith("https://") and _is_safe(given) and not set(given) & {" ", ";", ",", "'", '"'}
    if given and not is_address and not (given.endswith(".css") and Path(given).is_file()):
        problems.append("JALON_STYLESHEET : donnez le chemin d’un fichier .css, ou une adresse en https://")
    return given


CHANNELS = {
    "mailto": "courriel",
    "mailtos": "courriel",
    "matrix": "Matrix (Tchap)",
    "matrixs": "Matrix (Tchap)",
    "mmost": "Mattermost",
    "mmosts": "Mattermost",
    "workflows": "Teams (Power Automate)",
}
"""The kinds of channels, by how their addresses begin; the others that the library knows are not offered."""
IN_CLEAR = {"mailto", "matrix", "mmost"}
"""Those that nothing encrypts, unless the address asks for it."""
CHANNEL_NAME = re.compile(r"[^\W_][\w.-]{0,49}")
LEAST_SECRET = 6
"""Characters of the shortest part of an address worth hiding."""


def _channels(env: Mapping[str, str], problems: list[str]) -> tuple[tuple[str, str], ...]:
    """One `name=address` a line, in the file and in the variable; a problem never quotes an address."""
    found: dict[str, str] = {}
    for name, text in (
        ("JALON_CHANNELS_FILE", _private_lines(env, problems)),
        ("JALON_CHANNELS", env.get("JALON_CHANNELS", "")),
    ):
        for number, line in enumerate(text.splitlines(), start=1):
            said = line.strip()
            if not said or said.startswith("#"):
                continue
            channel, _, address = (part.strip() for part in said.partition("="))
            wrong = _wrong_channel(channel, address, found)
            if wrong:
                problems.append(f"{name}, ligne {number} : {wrong}")
            found[channel] = address
    return tuple(found.items())


def _private_lines(env: Mapping[str, str], problems: list[str]) -> str:
    """The file of channels, which its owner alone may read."""
    path = env.get("JALON_CHANNELS_FILE", "").strip()
    if not path:
        return ""
    try:
        if Path(path).stat().st_mode & 0o077:
            problems.append("JALON_CHANNELS_FILE est lisible par d’autres que son propriétaire : chmod 600")
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        told = type(error).__name__
        problems.append(f"JALON_CHANNELS_FILE n’est pas lisible ({told}) : vérifiez le chemin et les droits")
        return ""


def _wrong_channel(name: str, address: str, known: Mapping[str, str]) -> str:
    """What is wrong with a line; empty when nothing is."""
    scheme = address.partition("://")[0].lower() if "://" in address else ""
    if not CHANNEL_NAME.fullmatch(name) or not scheme:
        return "écrivez nom=adresse, par exemple comite=mailtos://…"
    if name in known:
        return f"le canal « {name} » est déjà donné"
    if scheme not in CHANNELS:
        return f"le canal « {name} » commence par {scheme[:20]}:// ; seuls sont admis {', '.join(CHANNELS)}"
    try:
        parts = urlsplit(address)
        host, asked, _ = parts.hostname, dict(parse_qsl(parts.query)), parts.port
    except ValueError:
        return f"l’adresse du canal « {name} » ne se lit pas"
    if not host:
        return f"l’adresse du canal « {name} » ne nomme pas de serveur"
    is_secured = scheme not in IN_CLEAR or (scheme == "mailto" and asked.get("mode") in {"starttls", "ssl"})
    if host not in HERE and not (is_secured and _is_yes(asked.get("verify", "yes"))):
        return f"le canal « {name} » doit être chiffré et son certificat vérifié, sauf sur 127.0.0.1"
    return ""


def _is_yes(word: str) -> bool:
    return word.strip().lower() in {"yes", "true", "1", "on", "y"}


def parts_to_hide(address: str) -> tuple[str, ...]:
    """The words of an address of a channel that open it, or tell to whom it leads, as they may be quoted."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ()
    asked = [value for _, value in parse_qsl(parts.query)]
    words = [parts.username or "", parts.password or "", *parts.path.split("/"), *(",".join(asked)).split(",")]
    told = dict.fromkeys(form for word in words for form in (word, unquote(word)) if len(form) >= LEAST_SECRET)
    return tuple(told)


def _authority(env: Mapping[str, str], problems: list[str]) -> tuple[str, str]:
    """The address of the time-stamping authority, and the text of its roots: either may be empty."""
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - few installations name an authority

    url, path = env.get("JALON_TSA_URL", "").strip(), env.get("JALON_TSA_ROOTS", "").strip()
    url = _url(url, "JALON_TSA_URL", problems) if url else ""
    try:
        roots = Path(path).read_text(encoding="utf-8") if path else ""
        if path:
            load_pem_x509_certificates(roots.encode())
    except (OSError, ValueError) as error:
        problems.append(
            f"JALON_TSA_ROOTS ne se lit pas ({type(error).__name__}) : donnez un fichier de certificats PEM"
        )
        return url, ""
    return url, roots


def _client(env: Mapping[str, str], problems: list[str]) -> tuple[str, str]:
    """The App's client id and secret: both, or neither."""
    names = ("JALON_CLIENT_ID", "JALON_CLIENT_SECRET")
    found = (env.get(names[0], "").strip(), env.get(names[1], "").strip())
    for name, value, other in zip(names, found, reversed(found), strict=True):
        if other and not value:
            problems.append(f"{name} manque : donnez l’identifiant et le secret client de l’App, ou aucun des deux")
    return found


def _api_url(env: Mapping[str, str], problems: list[str]) -> str:
    return _url(env.get("GITHUB_API_URL") or "https://api.github.com", "GITHUB_API_URL", problems)


def _public_url(env: Mapping[str, str], problems: list[str]) -> str:
    url = env.get("JALON_PUBLIC_URL", "")
    return _url(url, "JALON_PUBLIC_URL", problems) if url else ""


def _url(url: str, name: str, problems: list[str]) -> str:
    if not _is_safe(url):
        problems.append(f"{name} doit commencer par https:// (http seul est pour 127.0.0.1)")
    return url.rstrip("/")


def _is_safe(url: str) -> bool:
    """Whether what is sent there, tokens included, is encrypted or stays on this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return (
        bool(host)
        and "@" not in parts.netloc
        and (parts.scheme == "https" or (url.startswith("http://") and host in HERE))
    )


def avoid_proxy_on_this_machine() -> None:
    """Bypass an office's proxy between two programs of one machine: it would answer in place of the local GitHub."""
    given = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    os.environ["no_proxy"] = ",".join(dict.fromkeys(filter(None, (*given.split(","), "127.0.0.1", "localhost"))))


def notify_address(environment: Mapping[str, str] | None = None) -> str:
    """The socket on which systemd listens to its service; empty when it did not start this process."""
    return (os.environ if environment is None else environment).get("NOTIFY_SOCKET", "")


def job_event() -> str:
    """The event that started this job of GitHub Actions, as JSON; empty anywhere else."""
    try:
        return Path(os.environ.get("GITHUB_EVENT_PATH", "")).read_text(encoding="utf-8")
    except OSError:
        return ""


def inherited(more: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program started by this one: this one's, with more."""
    return {**os.environ, **more}


@dataclass(frozen=True)
class Administration:
    """Access of the person who installs Jalon; `source`: the copy of Jalon that workflows install, as pip takes it."""

    token: str = field(repr=False)
    api_url: str = "https://api.github.com"
    source: str = ""


def read_api_url(environment: Mapping[str, str] | None = None) -> str:
    """Address of GitHub's API alone, before any App exists; raises SettingsError."""
    problems: list[str] = []
    api_url = _api_url(os.environ if environment is None else environment, problems)
    if problems:
        raise SettingsError(problems)
    return api_url


def read_administration(environment: Mapping[str, str] | None = None) -> Administration:
    """Raises SettingsError when there is no token."""
    env = os.environ if environment is None else environment
    problems: list[str] = []
    token = env.get("JALON_ADMIN_TOKEN") or env.get("GITHUB_TOKEN") or ""
    if not token.strip():
        problems.append("JALON_ADMIN_TOKEN (ou GITHUB_TOKEN) manque : donnez le jeton d’un administrateur")
    api_url = _api_url(env, problems)
    if problems:
        raise SettingsError(problems)
    return Administration(token.strip(), api_url, env.get("JALON_SOURCE", "").strip())


def _number(env: Mapping[str, str], name: str, problems: list[str], what: str, default: str = "") -> int:
    value = env.get(name) or default
    if value.isdigit():
        return int(value)
    problems.append(f"{name} {'n’est pas un nombre' if value else 'manque'} : donnez {what}")
    return 0


def _private_key(env: Mapping[str, str], problems: list[str]) -> str:
    key = _given_or_in_file(env, "JALON_PRIVATE_KEY", "JALON_PRIVATE_KEY_FILE", problems)
    if key is None:
        return ""
    if not key:
        problems.append("JALON_PRIVATE_KEY ou JALON_PRIVATE_KEY_FILE manque : donnez la clé privée de l’App (PEM)")
    elif not _is_key(key):
        problems.append(
            "JALON_PRIVATE_KEY ne contient pas de clé privée PEM entière : recopiez le fichier que GitHub a donné"
        )
    return key


def _seal_key(env: Mapping[str, str], problems: list[str]) -> str:
    """Whether it is the key of a seal is told where keys are read: here, only that a file named can be."""
    return (_given_or_in_file(env, "JALON_SEAL_KEY", "JALON_SEAL_KEY_FILE", problems) or "").strip()


def _given_or_in_file(env: Mapping[str, str], name: str, of_file: str, problems: list[str]) -> str | None:
    """A secret in a variable, or in the file that another one names; None when it cannot be read."""
    given, path = env.get(name, "").replace("\\n", "\n"), env.get(of_file, "")
    if given or not path:
        return given
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = type(error).__name__
        problems.append(f"{of_file} n’est pas lisible ({why}) : vérifiez le chemin et les droits")
        return None


def _is_key(text: str) -> bool:
    """Whether the key can be read; only GitHub can tell whether it is the App's."""
    try:
        load_pem_private_key(text.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True
