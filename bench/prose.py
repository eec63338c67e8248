"""Generate synthetic sentences in four languages from word lists and templates.

Pure, and deterministic for a given random generator. `watched` makes a sentence with known ways to alter it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


# fmt: off
FIRST = _words(
    "Ada Bruno Clara Dario Edith Farid Greta Hugo Ines Jonas Karla Leon Mira Nils Olga Pavel Rosa Simon Tessa Urs"
)
LAST = _words(
    "Albrecht Barros Castell Dumont Eriksen Fontaine Galvan Hartwig Iversen Jordan Keller Lindqvist Marchetti Novak "
    "Oliveira Petrov Quintero Roth Salgado Thiessen Ullmann Vargas Weiland Ybarra Zeller"
)
PLACES = _words(
    "Altmere Brunnau Castelrio Dornfeld Estremar Falkenby Grandlac Holmstad Illingen Jasmund Korvale Lindholm"
)

# fmt: on


@dataclass(frozen=True)
class Tongue:
    """The words of one language. `facts` are templates of watched sentences; {no} stands for a negation."""

    code: str
    months: tuple[str, ...]
    day: str
    things: tuple[str, ...]
    who: tuple[str, ...]
    verbs: tuple[str, ...]
    when: tuple[str, ...]
    why: tuple[str, ...]
    sentences: tuple[str, ...]
    facts: tuple[str, ...]
    negation: tuple[str, str]
    verdicts: tuple[str, ...]
    labels: dict[str, str]


# fmt: off  (word lists, a line or two each)
ENGLISH = Tongue(
    "en",
    _words("January February March April May June July August September October November December"),
    "{day} {month} {year}",
    (
        "the river bridges",
        "the school kitchens",
        "the night trains",
        "the harbour cranes",
        "the village clinics",
        "the water meters",
        "the tenant registers",
        "the bicycle lanes",
        "the flood gates",
        "the public libraries",
        "the apprentice places",
        "the heating grants",
    ),
    (
        "the audit office",
        "the city council",
        "the transport agency",
        "the health board",
        "the statistics service",
        "the water company",
        "the teachers' union",
        "the port authority",
        "the housing fund",
        "the regional court",
    ),
    ("inspected", "repaired", "counted", "financed", "postponed", "reopened"),
    (
        "at the start of the year",
        "after a long debate",
        "within a few weeks",
        "last summer",
        "on the same day",
        "before the vote",
        "for the second time",
        "without further notice",
    ),
    (
        "because staff were missing",
        "since prices had risen",
        "as the law asks for it",
        "although nobody had complained",
        "while the review went on",
        "so that work could begin",
    ),
    (
        "In {place}, {who} looked at {thing} {when}, {why}.",
        "{Who} spent {number} million on {thing} {when}, and {name} called that a modest sum.",
        "“We know {thing} in {place} well,” {name} said, “and {number} of them need attention.”",
        "According to a paper of {number} pages, {thing} were discussed {when} by {who} and by people from {place}.",
        "{Name}, who works in {place}, wrote that {thing} had been a matter for {who} {when}.",
        "Some {number} letters about {thing} reached {who} {when}, {why}.",
        "Nobody in {place} had expected that {who} would turn to {thing} {when}.",
        "The share rose from {number} to {number2} per cent, {why}, as {who} put it {when}.",
    ),
    (
        "{name} told {who} on {date} that {number} of {thing} in {place} {no} {verb}.",
        "The report of {date} says that {number} of {thing} around {place} {no} {verb}, as {name} confirmed.",
        "On {date}, {who} announced in {place} that {number} of {thing} {no} {verb}, which {name} had asked for.",
    ),
    ("had been", "had not been"),
    ("rejected outright", "handed to another office", "struck from the plan"),
    {
        "home": "Home",
        "menu": "Menu",
        "search": "Search",
        "updated": "Last updated",
        "views": "views",
        "read": "Most read",
        "more": "Read also",
        "ad": "Advertisement",
        "visitor": "You are visitor number",
        "comments": "Comments",
        "reply": "Reply",
        "share": "Share",
        "newsletter": "Subscribe to our newsletter",
        "imprint": "Imprint",
        "privacy": "Privacy",
        "contact": "Contact",
        "login": "Log in",
        "password": "Password",
        "account": "Please log in to read this page",
        "user": "E-mail address",
        "accept": "Accept all",
        "consent": (
            "We and our partners use cookies to store information on your device. Please accept cookies to continue."
        ),
        "before": "Before you continue",
        "section": "Section",
        "minutes": "minutes ago",
    },
)

GERMAN = Tongue(
    "de",
    _words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    "{day}. {month} {year}",
    (
        "die Flussbrücken",
        "die Schulküchen",
        "die Nachtzüge",
        "die Hafenkräne",
        "die Wasserzähler",
        "die Radwege",
        "die Fluttore",
        "die Büchereien",
        "die Lehrstellen",
        "die Heizkostenzuschüsse",
        "die Mietverzeichnisse",
    ),
    (
        "das Rechnungsamt",
        "das Stadtparlament",
        "das Verkehrsamt",
        "das Gesundheitsamt",
        "das Statistikamt",
        "das Wasserwerk",
        "das Hafenamt",
        "das Landgericht",
        "das Wohnungsamt",
    ),
    ("geprüft", "repariert", "gezählt", "finanziert", "vertagt", "wiedereröffnet"),
    (
        "zu Beginn des Jahres",
        "nach langer Beratung",
        "binnen weniger Wochen",
        "im vergangenen Sommer",
        "am selben Tag",
        "vor der Abstimmung",
        "zum zweiten Mal",
        "ohne weitere Ankündigung",
    ),
    (
        "weil Personal fehlte",
        "da die Preise gestiegen waren",
        "wie es das Gesetz verlangt",
        "obwohl sich niemand beschwert hatte",
        "während die Prüfung lief",
        "damit die Arbeit beginnen konnte",
    ),
    (
        "In {place} hat {who} {thing} {when} besichtigt, {why}.",
        "{Who} gab {when} rund {number} Millionen für {thing} aus, was {name} eine bescheidene Summe nannte.",
        "„Wir kennen {thing} in {place} gut“, sagte {name}, „und {number} davon brauchen Pflege.“",
        "Ein Papier von {number} Seiten zeigt, dass {who} {when} über {thing} beriet, auch mit Leuten aus {place}.",
        "{Name} aus {place} schrieb, dass {who} sich {when} um {thing} gekümmert habe.",
        "Etwa {number} Briefe über {thing} erreichten {who} {when}, {why}.",
        "Niemand in {place} hatte erwartet, dass {who} sich {when} mit {thing} befasst.",
        "Der Anteil stieg von {number} auf {number2} Prozent, {why}, so {who} {when}.",
    ),
    (
        "{name} sagte am {date}, {who} habe {number} Anlagen in {place}, vor allem {thing}, {no} {verb}.",
        "Im Bericht vom {date} steht, dass {who} bei {place} {number} Anlagen, darunter {thing}, {no} "
        "{verb} habe, was {name} bestätigte.",
    ),
    ("bereits", "nicht"),
    ("rundweg abgelehnt", "an ein anderes Amt gegeben", "aus dem Plan gestrichen"),
    {
        "home": "Startseite",
        "menu": "Menü",
        "search": "Suche",
        "updated": "Zuletzt aktualisiert",
        "views": "Aufrufe",
        "read": "Meistgelesen",
        "more": "Lesen Sie auch",
        "ad": "Anzeige",
        "visitor": "Sie sind Besucher Nummer",
        "comments": "Kommentare",
        "reply": "Antworten",
        "share": "Teilen",
        "newsletter": "Unseren Newsletter bestellen",
        "imprint": "Impressum",
        "privacy": "Datenschutz",
        "contact": "Kontakt",
        "login": "Anmelden",
        "password": "Passwort",
        "account": "Bitte melden Sie sich an, um diese Seite zu lesen",
        "user": "E-Mail-Adresse",
        "accept": "Alle akzeptieren",
        "consent": (
            "Wir und unsere Partner verwenden Cookies, um Informationen auf Ihrem Gerät zu speichern. Bitte "
            "stimmen Sie der Verwendung von Cookies zu."
        ),
        "before": "Bevor Sie fortfahren",
        "section": "Ressort",
        "minutes": "Minuten her",
    },
)

FRENCH = Tongue(
    "fr",
    _words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    "{day} {month} {year}",
    (
        "les ponts du fleuve",
        "les cantines scolaires",
        "les trains de nuit",
        "les grues du port",
        "les compteurs d'eau",
        "les voies cyclables",
        "les bibliothèques",
        "les places d'apprentis",
        "les aides au chauffage",
        "les registres de loyers",
    ),
    (
        "la cour des comptes",
        "la municipalité",
        "la régie des transports",
        "l'agence de santé",
        "le service des statistiques",
        "la compagnie des eaux",
        "l'autorité du port",
        "le tribunal régional",
    ),
    ("contrôler", "réparer", "recenser", "financer", "reporter", "rouvrir"),
    (
        "au début de l'année",
        "après un long débat",
        "en quelques semaines",
        "l'été dernier",
        "le même jour",
        "avant le vote",
        "pour la deuxième fois",
        "sans autre préavis",
    ),
    (
        "faute de personnel",
        "car les prix avaient augmenté",
        "comme la loi l'exige",
        "bien que personne ne se soit plaint",
        "pendant que l'examen se poursuivait",
        "afin que les travaux puissent commencer",
    ),
    (
        "À {place}, {who} a visité {thing} {when}, {why}.",
        "{Who} a dépensé {number} millions pour {thing} {when}, une somme modeste selon {name}.",
        "« Nous connaissons bien {thing} de {place}, a dit {name}, et {number} cas demandent de l'attention. »",
        "Selon une note de {number} pages, {who} a discuté {when} avec des gens de {place} : {thing} en "
        "étaient le sujet.",
        "{Name}, qui travaille à {place}, a écrit que {who} s'occupait déjà de ce dossier {when} : {thing}.",
        "Quelque {number} lettres sur {thing} sont arrivées {when}, {why}, indique {who}.",
        "Personne à {place} ne pensait que {who} regarderait {thing} {when}.",
        "La part est passée de {number} à {number2} pour cent, {why}, a précisé {who} {when}.",
    ),
    (
        "{name} a déclaré le {date} que {who} {no} {verb} {thing} de {place}, soit {number} ouvrages.",
        "Le rapport du {date} dit que {who} {no} {verb} {thing} près de {place}, {number} au total, ce "
        "que {name} a confirmé.",
    ),
    ("allait", "n'allait pas"),
    ("laisser tomber sans débat", "confier à un autre service", "rayer du programme"),
    {
        "home": "Accueil",
        "menu": "Menu",
        "search": "Rechercher",
        "updated": "Mis à jour le",
        "views": "vues",
        "read": "Les plus lus",
        "more": "À lire aussi",
        "ad": "Publicité",
        "visitor": "Vous êtes le visiteur numéro",
        "comments": "Commentaires",
        "reply": "Répondre",
        "share": "Partager",
        "newsletter": "Recevoir notre lettre",
        "imprint": "Mentions légales",
        "privacy": "Confidentialité",
        "contact": "Contact",
        "login": "Connexion",
        "password": "Mot de passe",
        "account": "Veuillez vous connecter pour lire cette page",
        "user": "Adresse électronique",
        "accept": "Tout accepter",
        "consent": (
            "Nous et nos partenaires utilisons des cookies pour stocker des informations sur votre "
            "appareil. Veuillez accepter les cookies pour continuer."
        ),
        "before": "Avant de continuer",
        "section": "Rubrique",
        "minutes": "minutes",
    },
)

SPANISH = Tongue(
    "es",
    _words("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
    "{day} de {month} de {year}",
    (
        "los puentes del río",
        "los comedores escolares",
        "los trenes nocturnos",
        "las grúas del puerto",
        "los contadores de agua",
        "los carriles bici",
        "las bibliotecas",
        "las plazas de aprendices",
        "las ayudas a la calefacción",
        "los registros de alquiler",
    ),
    (
        "el tribunal de cuentas",
        "el ayuntamiento",
        "la agencia de transporte",
        "el consejo de salud",
        "el servicio de estadística",
        "la empresa de aguas",
        "la autoridad portuaria",
        "la audiencia regional",
    ),
    ("inspeccionar", "reparar", "contar", "financiar", "aplazar", "reabrir"),
    (
        "a principios de año",
        "tras un largo debate",
        "en pocas semanas",
        "el verano pasado",
        "el mismo día",
        "antes de la votación",
        "por segunda vez",
        "sin más aviso",
    ),
    (
        "porque faltaba personal",
        "ya que los precios habían subido",
        "como pide la ley",
        "aunque nadie se había quejado",
        "mientras seguía el examen",
        "para que pudieran empezar las obras",
    ),
    (
        "En {place}, {who} visitó {thing} {when}, {why}.",
        "{Who} gastó {number} millones en {thing} {when}, una suma modesta según {name}.",
        "«Conocemos bien {thing} de {place}», dijo {name}, «y {number} casos piden atención».",
        "Según un documento de {number} páginas, {who} trató {when} sobre {thing} con gente de {place}.",
        "{Name}, que trabaja en {place}, escribió que {who} se ocupaba {when} de {thing}.",
        "Unas {number} cartas sobre {thing} llegaron {when}, {why}, indica {who}.",
        "Nadie en {place} esperaba que {who} mirase {thing} {when}.",
        "La parte pasó del {number} al {number2} por ciento, {why}, según {who} {when}.",
    ),
    (
        "{name} declaró el {date} que {who} {no} {verb} {thing} de {place}, {number} en total.",
        "El informe del {date} dice que {who} {no} {verb} {thing} cerca de {place}, unos {number}, como "
        "confirmó {name}.",
    ),
    ("iba a", "no iba a"),
    ("abandonar sin debate", "entregar a otra oficina", "borrar del plan"),
    {
        "home": "Inicio",
        "menu": "Menú",
        "search": "Buscar",
        "updated": "Actualizado el",
        "views": "visitas",
        "read": "Lo más leído",
        "more": "Lea también",
        "ad": "Publicidad",
        "visitor": "Usted es el visitante número",
        "comments": "Comentarios",
        "reply": "Responder",
        "share": "Compartir",
        "newsletter": "Reciba nuestro boletín",
        "imprint": "Aviso legal",
        "privacy": "Privacidad",
        "contact": "Contacto",
        "login": "Iniciar sesión",
        "password": "Contraseña",
        "account": "Inicie sesión para leer esta página",
        "user": "Correo electrónico",
        "accept": "Aceptar todo",
        "consent": (
            "Nosotros y nuestros socios utilizamos cookies para almacenar información en su dispositivo. "
            "Acepte las cookies para continuar."
        ),
        "before": "Antes de continuar",
        "section": "Sección",
        "minutes": "minutos",
    },
)

# fmt: on
TONGUES = (ENGLISH, ENGLISH, GERMAN, FRENCH, SPANISH)  # in rotation; two of five are English


@dataclass(frozen=True)
class Watched:
    """A sentence that a verdict rests on, and its text after each way of editing it."""

    before: str
    after: dict[str, str]


WAYS = ("number", "negation", "name", "date", "words", "removed")


def name(rng: Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def sentence(rng: Random, tongue: Tongue) -> str:
    who = rng.choice(tongue.who)
    return rng.choice(tongue.sentences).format(
        place=rng.choice(PLACES),
        who=who,
        Who=who[0].upper() + who[1:],
        thing=rng.choice(tongue.things),
        when=rng.choice(tongue.when),
        why=rng.choice(tongue.why),
        name=name(rng),
        Name=name(rng),
        number=rng.randrange(11, 990),
        number2=rng.randrange(11, 990),
    )


def paragraph(rng: Random, tongue: Tongue, least: int = 2, most: int = 6) -> str:
    return " ".join(sentence(rng, tongue) for _ in range(rng.randint(least, most)))


def title(rng: Random, tongue: Tongue) -> str:
    return f"{rng.choice(PLACES)}: {rng.choice(tongue.things)}, {rng.choice(tongue.when)} ({rng.randrange(2, 400)})"


def date(rng: Random, tongue: Tongue) -> str:
    return tongue.day.format(day=rng.randint(1, 28), month=rng.choice(tongue.months), year=rng.randint(2015, 2025))


def watched(rng: Random, tongue: Tongue) -> Watched:
    """Make a sentence of facts and its edits. `removed` is an empty text."""
    template = rng.choice(tongue.facts)
    values = {
        "place": rng.choice(PLACES),
        "who": rng.choice(tongue.who),
        "thing": rng.choice(tongue.things),
        "verb": rng.choice(tongue.verbs),
        "no": tongue.negation[0],
        "name": name(rng),
        "number": str(rng.randrange(102, 990)),
        "date": date(rng, tongue),
    }

    def other(make: Callable[[], str], than: str) -> str:
        while (made := make()) == than:
            pass
        return made

    edits = {
        "number": {"number": other(lambda: str(rng.randrange(102, 990)), values["number"])},
        "negation": {"no": tongue.negation[1]},
        "name": {"name": other(lambda: name(rng), values["name"])},
        "date": {"date": other(lambda: date(rng, tongue), values["date"])},
        "words": {"verb": rng.choice(tongue.verdicts)},
    }
    after = {way: template.format(**{**values, **changed}) for way, changed in edits.items()}
    return Watched(template.format(**values), {**after, "removed": ""})
