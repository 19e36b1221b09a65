"""What `jalon doctor` says of each finding, French then English: what was seen, and what to do about it."""

from __future__ import annotations

Pair = tuple[str, str]
NOTHING: Pair = ("", "")

NAMES: dict[str, Pair] = {
    "identity": ("Identité de l’App", "The App’s identity"),
    "clock": ("Horloge", "Clock"),
    "slug": ("Nom de l’App pour les automatismes", "The App’s name for the workflows"),
    "permissions": ("Permissions de l’App", "The App’s permissions"),
    "events": ("Abonnements", "Subscriptions"),
    "hook": ("Adresse du webhook", "Address of the webhook"),
    "addresses": ("Adresses de GitHub", "GitHub’s addresses"),
    "deliveries": ("Journal des envois", "Log of deliveries"),
    "seal": ("Sceau du registre", "Seal of the register"),
    "installation": ("Installation", "Installation"),
    "absent_file": ("Fichier absent", "Missing file"),
    "team": ("Équipe du comité", "The committee’s team"),
    "board": ("Tableau", "Board"),
    "foreign_boards": ("Tableaux d’ailleurs", "Boards of others"),
    "write": ("Écriture", "Writing"),
    "read_after_write": ("Relecture", "Reading back"),
    "author": ("L’App se reconnaît", "The App knows itself"),
    "reaction": ("Réactions", "Reactions"),
    "node_id": ("Identifiants", "Identifiers"),
    "email_field": ("Messages reçus par courriel", "Comments sent by e-mail"),
    "card": ("Carte", "Card"),
    "delivery": ("Événement d’un ticket", "Event of an issue"),
    "card_delivery": ("Événement d’une carte", "Event of a card"),
    "closed": ("Ticket d’essai", "Scratch issue"),
}

CONTACT: Pair = (
    "envoyez-nous le compte rendu : Jalon compte sur ce point",
    "send us the report: Jalon relies on this",
)
TOLD: dict[str, tuple[Pair, Pair]] = {
    "not_found": (
        ("GitHub ne montre rien ici à l’App", "GitHub shows the App nothing here"),
        (
            "vérifiez que l’App est installée sur ce dépôt, et ses permissions",
            "check that the App is installed on this repository, and its permissions",
        ),
    ),
    "later": (
        ("GitHub ne répond pas maintenant ({said})", "GitHub does not answer now ({said})"),
        (
            "vérifiez GITHUB_API_URL, la clé, l’horloge et le réseau ; puis recommencez",
            "check GITHUB_API_URL, the key, the clock and the network; then try again",
        ),
    ),
    "refused": (
        ("GitHub refuse ({status}) : {said}", "GitHub refuses ({status}): {said}"),
        (
            "c’est à un propriétaire de l’organisation de lever ce refus ; puis recommencez",
            "an owner of the organisation must lift this refusal; then try again",
        ),
    ),
    "late": (("pas essayé : les deux minutes étaient passées", "not tried: the two minutes were over"), NOTHING),
    "unseen": (("pas essayé : rien n’a pu être relu", "not tried: nothing could be read back"), NOTHING),
}
OK: dict[str, Pair] = {
    "identity": ("GitHub reconnaît l’App « {slug} », numéro {app}", "GitHub knows the App `{slug}`, number {app}"),
    "clock": ("à l’heure de GitHub, à {away} s près", "GitHub’s own hour, within {away} s"),
    "permissions": ("tout ce qu’il faut est accordé", "all that is needed is granted"),
    "events": ("l’App reçoit tous les événements utiles", "the App receives every useful event"),
    "hook": ("{url}", "{url}"),
    "deliveries": ("tous arrivés (derniers regardés : {count})", "all arrived (looked at: {count})"),
    "installation": ("sur ce dépôt, avec tous les droits", "on this repository, with every right"),
    "absent_file": ("GitHub répond {status}, comme prévu", "GitHub answers {status}, as foreseen"),
    "team": ("l’App la lit (membres : {members})", "the App reads it (members: {members})"),
    "board": (
        "l’App peut écrire dans le tableau {number} (cartes : {items})",
        "the App may write on board {number} (cards: {items})",
    ),
    "foreign_boards": (
        "cartes cachées : {hidden} sur {cards} ; la lecture n’en est pas gênée",
        "cards hidden: {hidden} of {cards}; reading is not hindered",
    ),
    "seal": (
        "la clé {name} signe, et les règles la publient (témoins : {witnesses})",
        "the key {name} signs, and the rules publish it (witnesses: {witnesses})",
    ),
    "write": ("le ticket {number} est ouvert, commenté, salué", "issue {number} is opened, commented, nodded to"),
    "read_after_write": ("relu après {seconds} s", "read back after {seconds} s"),
    "author": ("GitHub lui attribue ce qu’elle écrit", "GitHub says that what it writes is its own"),
    "reaction": ("l’App retrouve les siennes", "the App finds its own"),
    "node_id": ("les mêmes par les deux voies de GitHub", "the same by both of GitHub’s ways"),
    "email_field": ("GitHub dit lesquels", "GitHub tells which"),
    "card": ("posée sur le tableau", "put on the board"),
    "delivery": ("arrivé (réponse {status})", "arrived (answer {status})"),
    "card_delivery": ("arrivé (réponse {status})", "arrived (answer {status})"),
    "closed": ("le ticket {number} est fermé", "issue {number} is closed"),
}
_NEVER: tuple[Pair, Pair] = (
    ("rien en {seconds} s", "nothing in {seconds} s"),
    (
        "cochez « Active » sous « Webhook » dans les réglages de l’App, et l’abonnement à cet événement",
        "tick “Active” under “Webhook” in the App’s settings, and the subscription to this event",
    ),
)
_SECRET: tuple[Pair, Pair] = (
    ("Jalon a refusé la signature (401)", "Jalon refused the signature (401)"),
    (
        "JALON_WEBHOOK_SECRET n’est pas celui de l’App : remettez le même des deux côtés",
        "JALON_WEBHOOK_SECRET is not the App’s: put the same on both sides",
    ),
)
_FAILED: tuple[Pair, Pair] = (
    ("GitHub n’a pas pu le remettre (réponse {status})", "GitHub could not deliver it (answer {status})"),
    (
        "l’adresse du webhook doit répondre à GitHub : pare-feu, certificat, serveur HTTPS",
        "the webhook’s address must answer GitHub: firewall, certificate, HTTPS server",
    ),
)
_LACKING: tuple[Pair, Pair] = (
    ("manquent : {lacking}", "missing: {lacking}"),
    (
        "accordez-les dans les réglages de l’App, puis acceptez-les sur la page de l’installation",
        "grant them in the App’s settings, then accept them on the installation’s page",
    ),
)
SENTENCES: dict[tuple[str, str], tuple[Pair, Pair]] = {
    **{(about, "ok"): (pair, NOTHING) for about, pair in OK.items()},
    ("slug", "ok"): (
        ("« {slug} », numéro {app}", "`{slug}`, number {app}"),
        (
            (
                "dans le dépôt, la variable JALON_BOT (« Settings », « Secrets and variables », "
                "« Actions », « Variables ») doit valoir {slug}"
            ),
            (
                "in the repository, the variable JALON_BOT (“Settings”, “Secrets and variables”, "
                "“Actions”, “Variables”) must be {slug}"
            ),
        ),
    ),
    ("seal", "none"): (
        ("le registre n’est pas scellé", "the register is not sealed"),
        (
            "si vous le voulez : « jalon seal init », puis JALON_SEAL_KEY_FILE",
            "if you want it: “jalon seal init”, then JALON_SEAL_KEY_FILE",
        ),
    ),
    ("seal", "no_key"): (
        (
            "les règles publient une clé, et ce serveur n’en a pas : rien n’est plus scellé",
            "the rules publish a key, and this server has none: nothing is sealed any more",
        ),
        (
            "donnez-la-lui par JALON_SEAL_KEY_FILE ; si elle est perdue : « jalon seal lost »",
            "give it by JALON_SEAL_KEY_FILE; if it is lost: “jalon seal lost”",
        ),
    ),
    ("seal", "unreadable"): (
        ("JALON_SEAL_KEY ne contient pas la clé d’un sceau", "JALON_SEAL_KEY does not hold the key of a seal"),
        ("donnez le fichier fait par « jalon seal init »", "give the file made by “jalon seal init”"),
    ),
    ("seal", "unpublished"): (
        (
            "les règles ne publient pas la clé qui signe : personne d’extérieur ne peut vérifier",
            "the rules do not publish the key that signs: no outsider can check",
        ),
        (
            "ajoutez-la dans « register: keys » de .github/jalon.yml : {key}",
            "add it under “register: keys” of .github/jalon.yml: {key}",
        ),
    ),
    ("clock", "ko"): (
        ("{away} s d’écart avec GitHub", "{away} s away from GitHub"),
        (
            "remettez cette machine à l’heure (NTP) : GitHub refuse ce qui est signé à une autre heure",
            "set this machine’s clock (NTP): GitHub refuses what is signed at another hour",
        ),
    ),
    ("clock", "unknown"): (("GitHub n’a pas dit l’heure", "GitHub did not tell the hour"), NOTHING),
    ("permissions", "ko"): _LACKING,
    ("events", "ko"): (
        ("l’App n’est pas abonnée à : {missing}", "the App is not subscribed to: {missing}"),
        (
            "cochez-les sous « Subscribe to events » ; sans serveur, c’est normal",
            "tick them under “Subscribe to events”; without a server this is as it should be",
        ),
    ),
    ("hook", "none"): (
        ("l’App n’en a pas", "the App has none"),
        (
            "donnez l’adresse publique de Jalon, suivie de /webhooks/github ; sans serveur, c’est normal",
            "give Jalon’s public address followed by /webhooks/github; without a server this is as it should be",
        ),
    ),
    ("hook", "elsewhere"): (
        ("GitHub envoie à {url}", "GitHub sends to {url}"),
        ("dans les réglages de l’App, écrivez {wanted}", "in the App’s settings, write {wanted}"),
    ),
    ("hook", "form"): (
        ("les envois ne sont pas en JSON", "deliveries are not in JSON"),
        ("choisissez « application/json »", "choose “application/json”"),
    ),
    ("hook", "unsafe"): (
        ("GitHub ne vérifie pas le certificat", "GitHub does not verify the certificate"),
        ("choisissez « Enable SSL verification »", "choose “Enable SSL verification”"),
    ),
    ("addresses", "ok"): (
        ("les envois viennent de {list}", "deliveries come from {list}"),
        (
            "un pare-feu doit les laisser passer toutes ; GitHub en ajoute : relisez GET /meta chaque mois",
            "a firewall must let all of them in; GitHub adds some: read GET /meta again every month",
        ),
    ),
    ("addresses", "unknown"): (
        ("ce serveur ne les publie pas", "this server does not publish them"),
        ("demandez à qui le tient d’où viennent les webhooks", "ask whoever runs it where webhooks come from"),
    ),
    ("deliveries", "empty"): (("encore vide", "still empty"), NOTHING),
    ("foreign_boards", "none"): (
        ("aucune carte n’y est cachée à l’App", "no card there is hidden from the App"),
        NOTHING,
    ),
    ("deliveries", "disordered"): (
        ("leurs numéros ne suivent pas les heures", "their numbers do not go with the hours"),
        CONTACT,
    ),
    ("deliveries", "failed"): (
        ("échecs parmi les derniers : {failed} sur {count}", "failures among the last: {failed} of {count}"),
        (
            "Jalon les redemande tout seul ; si cela dure, ouvrez « Advanced » dans les réglages de l’App",
            "Jalon asks for them again by itself; if it lasts, open “Advanced” in the App’s settings",
        ),
    ),
    ("installation", "suspended"): (
        ("elle est suspendue", "it is suspended"),
        (
            "rétablissez-la sur la page de l’installation (« Unsuspend »)",
            "restore it on the installation’s page (“Unsuspend”)",
        ),
    ),
    ("installation", "nowhere"): (
        ("l’App ne voit aucun dépôt de suivi", "the App sees no repository to follow"),
        (
            "installez-la sur le dépôt de suivi, qui doit avoir un fichier .github/jalon.yml ; ou donnez --repo",
            "install it on the repository to follow, which must have a file .github/jalon.yml; or give --repo",
        ),
    ),
    ("installation", "rights"): _LACKING,
    ("installation", "archived"): (
        ("le dépôt est archivé : rien ne s’y écrit", "the repository is archived: nothing is written in it"),
        ("désarchivez-le, ou retirez-lui l’App", "unarchive it, or take the App away from it"),
    ),
    ("installation", "renamed"): (
        ("le dépôt s’appelle maintenant {name}", "the repository is now called {name}"),
        ("donnez --repo {name} ; Jalon suit de lui-même", "give --repo {name}; Jalon follows by itself"),
    ),
    ("absent_file", "unknown"): (("le fichier d’essai existe", "the file tried does exist"), NOTHING),
    ("team", "hidden"): (
        ("l’App ne voit pas l’équipe « {team} »", "the App does not see the team `{team}`"),
        (
            (
                "vérifiez son nom dans .github/jalon.yml et la permission « Members » ; "
                "si l’équipe est secrète, rendez-la visible"
            ),
            "check its name in .github/jalon.yml and the permission “Members”; if the team is secret, make it visible",
        ),
    ),
    ("board", "none"): (
        ("aucun tableau pour ce dépôt", "no board for this repository"),
        ("lancez « jalon setup »", "run `jalon setup`"),
    ),
    ("board", "read_only"): (
        ("l’App ne peut pas écrire dans le tableau {number}", "the App may not write on board {number}"),
        (
            "accordez « Projects » en écriture à l’App, pour l’organisation",
            "grant the App “Projects” with write access, for the organisation",
        ),
    ),
    ("board", "phase"): (
        ("« Phase » n’y est pas un choix unique ({kind})", "“Phase” is no single select there ({kind})"),
        (
            "un champ de l’organisation porte peut-être ce nom : renommez-le, puis lancez « jalon setup »",
            "a field of the organisation may have that name: rename it, then run `jalon setup`",
        ),
    ),
    ("read_after_write", "ko"): (
        ("pas encore relu après {seconds} s", "not read back yet after {seconds} s"),
        (
            (
                "GitHub a du retard (https://www.githubstatus.com) : Jalon attend et rattrape ; "
                "si cela dure, envoyez-nous le compte rendu"
            ),
            (
                "GitHub is late (https://www.githubstatus.com): Jalon waits and catches up; "
                "if it lasts, send us the report"
            ),
        ),
    ),
    ("author", "ko"): (
        (
            (
                "GitHub ne lui attribue pas ce qu’elle écrit (auteur {kind}, viewerDidAuthor {did_author}, "
                "même numéro {same_number})"
            ),
            (
                "GitHub does not say that what it writes is its own (author {kind}, viewerDidAuthor {did_author}, "
                "same number {same_number})"
            ),
        ),
        CONTACT,
    ),
    ("reaction", "ko"): (("l’App ne retrouve pas la sienne", "the App does not find its own"), CONTACT),
    ("node_id", "ko"): (
        (
            "les deux voies de GitHub en donnent d’autres (ticket {issue}, commentaire {comment}, numéro {number})",
            "GitHub’s two ways do not give the same (issue {issue}, comment {comment}, number {number})",
        ),
        CONTACT,
    ),
    ("email_field", "ko"): (("GitHub ne le dit pas", "GitHub does not tell"), CONTACT),
    ("card", "no_board"): (("pas essayée, faute de tableau", "not tried, for want of a board"), NOTHING),
    ("card_delivery", "no_card"): (("pas essayé, faute de carte", "not tried, for want of a card"), NOTHING),
    **{(about, "never"): _NEVER for about in ("delivery", "card_delivery")},
    **{(about, "secret"): _SECRET for about in ("delivery", "card_delivery")},
    **{(about, "failed"): _FAILED for about in ("delivery", "card_delivery")},
}
SUMMARY: dict[str, Pair] = {
    "well": ("Tout va bien.", "All is well."),
    "late": (
        "Tout n’a pas pu être essayé en deux minutes : GitHub, ou le réseau, répond trop lentement ; recommencez.",
        "Not everything could be tried in two minutes: GitHub, or the network, answers too slowly; try again.",
    ),
    "one": ("Un point à reprendre.", "One point to mend."),
    "ill": ("{count} points à reprendre.", "{count} points to mend."),
    "file": (
        "Compte rendu, sans secret ni texte de personne, à joindre à toute question : {path}",
        "Report, without a secret or anybody’s words, to join to any question: {path}",
    ),
}
