"""Word lists for attribution: English cue verbs with their inflections, cue nouns, and closed word classes.

A *cue* is the word that links a content to its source ("said", "according to"), as in PARC and PolNeAR, the annotated
corpora of news attribution. Verbs are grouped by what follows them:

    CLAUSE    she said (that) it rained        bare or with "that", or a quote
    THAT      the study found that it rained   a clause only after "that", otherwise a noun phrase
    OBJECT    she denied the report            a noun phrase or an -ing form
    TO        she vowed to go                  an infinitive
    URGE      she urged them to go             someone, then an infinitive
    ASK       she asked whether it rained      a wh-clause

`SPEECH` are verbs of saying, publishing, showing and forecasting: somebody put something into words. The others
(wanting, supporting, refusing) only reveal an attitude.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto


def words(text: str) -> frozenset[str]:
    """The words of `text` as a set."""
    return frozenset(text.split())


class Frame(Flag):
    CLAUSE = auto()
    THAT = auto()
    OBJECT = auto()
    TO = auto()
    URGE = auto()
    ASK = auto()


@dataclass(frozen=True, slots=True)
class CueVerb:
    lemma: str
    frames: Frame
    speech: bool


@dataclass(frozen=True, slots=True)
class VerbForm:
    """One inflected form. `noun_like` forms ("claims", "report") need a subject beside them to count as verbs."""

    verb: CueVerb
    base: bool = False
    third: bool = False
    past: bool = False
    participle: bool = False
    ing: bool = False
    noun_like: bool = False


IRREGULAR = {
    "say": ("said", "said"),
    "tell": ("told", "told"),
    "write": ("wrote", "written"),
    "find": ("found", "found"),
    "show": ("showed", "shown"),
    "think": ("thought", "thought"),
    "know": ("knew", "known"),
    "feel": ("felt", "felt"),
    "foresee": ("foresaw", "foreseen"),
    "foretell": ("foretold", "foretold"),
    "hear": ("heard", "heard"),
    "hold": ("held", "held"),
    "read": ("read", "read"),
    "see": ("saw", "seen"),
    "seek": ("sought", "sought"),
    "speak": ("spoke", "spoken"),
    "swear": ("swore", "sworn"),
    "sing": ("sang", "sung"),
    "understand": ("understood", "understood"),
    "mean": ("meant", "meant"),
    "choose": ("chose", "chosen"),
    "forecast": ("forecast", "forecast"),
    "broadcast": ("broadcast", "broadcast"),
    "misspeak": ("misspoke", "misspoken"),
    "teach": ("taught", "taught"),
    "learn": ("learned", "learned"),
    "lay": ("laid", "laid"),
    "put": ("put", "put"),
    "set": ("set", "set"),
    "forget": ("forgot", "forgotten"),
    "overstate": ("overstated", "overstated"),
}

_DOUBLED = words("admit rebut refer plan permit commit quip blog rap slam prefer omit pan tip allot submit")

_SPEECH: dict[Frame, str] = {
    Frame.CLAUSE: """
        say add claim note state argue insist acknowledge admit allege assert believe think estimate explain declare
        suggest confirm contend stress emphasize emphasise maintain testify concede caution observe remark recall
        reply respond reiterate repeat hint complain tweet post quip joke opine muse declaim affirm boast brag
        reckon figure predict forecast project calculate suspect assume hope fear feel worry guess expect read
        lament counter retort whisper shout cry yell mutter exclaim interject intone chant summarize summarise tell
        warn inform remind assure reassure advise notify understand realize realise imagine swear venture conclude
        continue protest gush huff marvel grumble snap shoot echo chime crow fume sneer deadpan
    """,
    Frame.THAT: """
        report announce write find show indicate imply disclose reveal demonstrate deny predict promise vow pledge
        attest certify determine discover document establish foresee foretell hypothesize illustrate learn mention
        posit postulate proclaim profess propose publish recommend record speculate stipulate submit theorize
        underline underscore signal decree rule publicize relay see know highlight specify elaborate preach divulge
        confess clarify decide agree doubt mean dispute accept verify warrant plead rumor broadcast speak detail
    """,
    Frame.ASK: "ask wonder inquire enquire question query explain discuss",
    Frame.OBJECT: """
        refer cite quote describe call discuss mention reference rebut refute dismiss deny criticize criticise
        praise condemn denounce decry blast slam attack accuse blame ridicule mock deride applaud hail welcome tout
        laud commend outline detail reject dispute challenge question unveil publish characterize characterise label
        dub brand portray depict present propose recommend offer debate voice express lambaste lambast rebuke
        chastise chide scold castigate assail bemoan deplore recount narrate chronicle announce warn advocate invoke
        allude demand liken compare thank congratulate apologize apologise defend term deem rip trash bash excoriate
        skewer disparage belittle vilify impugn insult berate retract withdraw misrepresent exaggerate overstate
        understate articulate
    """,
    Frame.TO: "vow pledge promise threaten swear offer claim propose expect predict agree",
    Frame.URGE: """
        urge ask tell warn advise order instruct remind implore beg beseech exhort encourage command invite direct
        challenge press recommend request persuade convince
    """,
}
_ATTITUDE: dict[Frame, str] = {
    Frame.TO: """
        want plan hope seek refuse decline decide intend expect aim wish choose resolve desire prefer vote consent
        volunteer opt
    """,
    Frame.OBJECT: """
        want support champion oppose endorse back favor favour reject demand seek contemplate envision envisage
        prefer mean admire dislike love hate resent regret appreciate respect remember enjoy condone approve
        disapprove object forgive forget anticipate fear doubt suspect trust distrust know believe pitch
    """,
    Frame.THAT: "remember regret forget contemplate dream pray worry notice",
    Frame.URGE: "want expect",
    Frame.ASK: "know decide determine see understand forget remember doubt examine study investigate",
}


def _inflect(lemma: str) -> tuple[str, str, str, str]:
    """(third person, past, participle, -ing) of a verb."""
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        third = lemma + "es"
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        third = lemma[:-1] + "ies"
    else:
        third = lemma + "s"
    stem = lemma + lemma[-1] if lemma in _DOUBLED else lemma
    if lemma in IRREGULAR:
        past, participle = IRREGULAR[lemma]
    elif lemma.endswith("e"):
        past = participle = lemma + "d"
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        past = participle = lemma[:-1] + "ied"
    else:
        past = participle = stem + "ed"
    ing = lemma[:-1] + "ing" if lemma.endswith("e") and not lemma.endswith("ee") else stem + "ing"
    if lemma in {"put", "set", "forget"}:
        ing = lemma + lemma[-1] + "ing"
    return third, past, participle, ing


_NOUN_LIKE = words(
    """
    claim report plan call note estimate reply question answer charge demand support hope fear attack praise
    blame forecast project document challenge doubt record state post tweet comment request order offer present
    back view promise pledge vow release worry rule study address detail challenge display post wish aim signal
    mention show figure need love hate regret trust respect like desire brand label cast guess vote feature
    complaint command joke quote experience reference echo cry shout debate press direct thought raise mind care
    dream pitch find dispute object warrant title headline term voice mock project mean mean
    """
)


# Verbs whose content follows a preposition: "called for", "warned of". The cue includes it.
PREPOSITION_CONTENT: dict[str, frozenset[str]] = {
    lemma: words(prepositions)
    for lemma, prepositions in {
        "call": "for on upon",
        "warn": "of about against",
        "complain": "about of",
        "speak": "of about",
        "talk": "about of",
        "refer": "to",
        "allude": "to",
        "object": "to",
        "agree": "with on to",
        "disagree": "with",
        "apologize": "for",
        "apologise": "for",
        "hint": "at",
        "dream": "of",
        "worry": "about",
        "boast": "of about",
        "brag": "about",
        "decide": "against on",
        "hope": "for",
        "argue": "for against",
        "vote": "for against",
        "testify": "about",
        "know": "of about",
        "think": "of about",
        "learn": "of about",
        "insist": "on",
        "point": "to out",
        "disapprove": "of",
        "approve": "of",
        "opt": "for",
        "caution": "against about",
        "advise": "against",
        "confess": "to",
        "admit": "to",
        "joke": "about",
        "wonder": "about",
        "ask": "for about",
        "push": "for",
        "campaign": "for against",
        "advocate": "for",
        "lay": "out",
        "tweet": "about",
        "write": "of about",
        "tell": "of about",
        "speculate": "about on",
        "preach": "about",
    }.items()
}


def _build() -> tuple[dict[str, CueVerb], dict[str, VerbForm]]:
    frames: dict[str, Frame] = {}
    speech: set[str] = set()
    for table, is_speech in ((_SPEECH, True), (_ATTITUDE, False)):
        for frame, lemmas in table.items():
            for lemma in lemmas.split():
                frames[lemma] = frames.get(lemma, Frame(0)) | frame
                if is_speech:
                    speech.add(lemma)
    verbs = {lemma: CueVerb(lemma, frame, lemma in speech) for lemma, frame in frames.items()}
    forms: dict[str, VerbForm] = {}
    for lemma in PREPOSITION_CONTENT:
        verbs.setdefault(lemma, CueVerb(lemma, Frame(0), speech=lemma in {"point", "talk"}))
    for lemma, verb in verbs.items():
        third, past, participle, ing = _inflect(lemma)
        noun = lemma in _NOUN_LIKE
        flags: dict[str, dict[str, bool]] = {}
        for form, flag in (
            (lemma, "base"),
            (third, "third"),
            (past, "past"),
            (participle, "participle"),
            (ing, "ing"),
        ):
            flags.setdefault(form, {})[flag] = True
        for form, given in flags.items():
            if form in forms:
                continue
            forms[form] = VerbForm(verb, **given, noun_like=noun and ("base" in given or "third" in given))
    return verbs, forms


VERBS, VERB_FORMS = _build()

# Nouns that carry a that-clause, an infinitive or a quote of their owner: "the minister's claim that …".
CUE_NOUNS = words(
    """
    claim claims statement statements report reports announcement announcements allegation allegations assertion
    assertions argument arguments accusation accusations warning warnings promise promises pledge pledges vow
    suggestion suggestions belief beliefs view views opinion opinions hope hopes fear fears concern concerns
    contention comment comments remark remarks conclusion finding findings prediction predictions forecast idea
    notion complaint complaints demand demands proposal proposals denial theory estimate estimates speculation
    rumor rumors rumour rumours testimony evidence insistence acknowledgment assurance assurances confidence
    doubt doubts worry worries feeling assessment revelation revelations assumption charge charges message news
    word sign impression admission declaration advice recommendation plan plans decision effort desire call
    calls request agreement refusal intention willingness offer bid
    """
)
# Of these, those that take an infinitive rather than a clause.
INFINITIVE_NOUNS = words(
    """
    promise promises pledge pledges vow plan plans decision desire call calls request agreement refusal
    intention willingness offer proposal proposals demand demands hope hopes bid
    """
)

# What somebody is: "is confident that", "is worried about". They reveal an attitude.
CUE_ADJECTIVES = words(
    "sure confident certain convinced aware worried concerned afraid hopeful optimistic pessimistic skeptical "
    "sceptical critical supportive proud glad angry upset willing unwilling eager reluctant determined opposed wary "
    "doubtful dismissive"
)
# Sources that show rather than say: "the poll shows prices rising".
FINDINGS = words(
    "poll polls study studies survey surveys report reports analysis data figures statistics numbers records research "
    "video documents results average averages estimates projections findings"
)

# Things that speak for somebody: "a statement from the ministry", "the report".
UTTERANCE_NOUNS = words(
    """
    statement report release letter email e-mail memo notice post tweet message document filing interview speech
    bulletin announcement communique communiqué advisory survey study poll article paper review reports
    """
)

PRONOUN_SUBJECTS = words(
    """
    i we you he she they it who
    """
)
DETERMINERS = words(
    """
    the a an this that these those his her its their our my your some any many several most all both each every
    no another few more two three four five six seven eight nine ten dozens hundreds thousands one other various
    certain numerous half neither either such
    """
)
POSSESSIVES = words(
    """
    his her its their our my your
    """
)
PREPOSITIONS = words(
    """
    of in on at from for with by to about into over under between among against during through across around
    near behind beyond within without toward towards upon per via amid despite outside inside including like
    regarding concerning unlike along beside above below off throughout
    """
)
SUBORDINATORS = words(
    """
    that because if when while although though since unless until after before as whereas whether once where why
    how what which who whom whose than
    """
)
COORDINATORS = words(
    """
    and but or nor yet so
    """
)
BE = words(
    """
    is are was were be been being am 's 're 'm ’s ’re ’m isn't aren't wasn't weren't
    """
)
AUXILIARIES = BE | words(
    """
    has have had having do does did will would can could may might must shall should 'd 've 'll ’d ’ve ’ll n't
    n’t not cannot ca wo don't doesn't didn't won't wouldn't can't couldn't haven't hasn't hadn't don’t doesn’t
    didn’t won’t wouldn’t can’t couldn’t haven’t hasn’t hadn’t isn’t aren’t wasn’t weren’t shouldn't shouldn’t
    """
)
ADVERBS = words(
    """
    also then later earlier never not still now even once often soon again already always just ever only too
    instead however meanwhile further furthermore moreover nevertheless nonetheless sometimes thus therefore
    himself herself themselves itself rightly long simply indeed perhaps maybe yesterday today tonight tomorrow
    there here both all alike first finally
    """
)
DAYS = words(
    """
    monday tuesday wednesday thursday friday saturday sunday
    """
)
MONTHS = words(
    """
    january february march april may june july august september october november december jan feb mar apr jun
    jul aug sep sept oct nov dec jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec.
    """
)
TIME_NOUNS = words(
    """
    week month year day night morning evening afternoon weekend quarter summer winter spring autumn fall decade
    weeks months years days hours minutes hour minute noon midnight time yesterday today
    """
) | DAYS  # fmt: skip
VENUES = words(
    """
    statement interview speech tweet report release letter email e-mail memo briefing conference post message
    blog column essay article op-ed editorial testimony hearing debate call rally event appearance address video
    podcast broadcast note book news filing presentation meeting remarks twitter facebook television tv radio
    monday interview comments telephone phone court cnn msnbc fox abc nbc cbs facebook series court
    """
)

# Finite verbs that are no cues: enough of the commonest to tell a clause from a phrase.
COMMON_VERBS = words(
    """
    went came made took got gave became began ran left kept stood won lost met led brought held sent paid built
    cut fell rose grew spent drew broke hit sat caught bought sold fought died lived began brought drove flew
    shot threw wore struck dropped ate slept woke lay let goes comes makes takes gets gives becomes runs leaves
    keeps stands wins loses meets leads brings sends pays builds falls rises grows spends draws breaks sits buys
    sells fights remains includes seems appears looks works uses helps starts moves happens provides follows
    allows needs lets tries turns means contains go come make take get give become run keep stand remain seem
    appear put puts
    """
)

# Given names and titles that settle whether "he" or "she" can mean somebody; all others may be either.
FEMALE = words(
    """
    mrs ms miss madam lady queen princess spokeswoman chairwoman congresswoman councilwoman businesswoman mother
    daughter wife sister actress mary anna anne maria elizabeth susan sarah karen lisa nancy helen sandra emma
    olivia laura julia barbara margaret jennifer linda patricia jessica amy angela michelle kate catherine
    katherine rachel rebecca ruth alice clara eva ingrid elena irene ines sofia sophia fatima amina leila aisha
    mei hillary melania martha diana jane janet judith carol christine victoria hannah nora ella ida astrid
    marta lucia carmen rosa yuki grace joan joyce marie claire charlotte
    """
)
MALE = words(
    """
    mr sir lord king prince spokesman chairman congressman councilman businessman father son husband brother
    actor john james robert michael william david richard joseph thomas charles daniel matthew anthony mark
    donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob
    gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander
    patrick raymond jack dennis jerry tyler peter henry carl arthur lars erik hans karl jan pedro juan carlos
    jose luis miguel ahmed mohammed muhammad ali omar hassan ivan boris igor tom tim mike jim joe bill bob
    bernie barack martin simon oliver oscar otto emil anders nils tomas marco
    """
)

TITLES = words(
    """
    mr mrs ms miss dr prof professor president minister premier chancellor secretary senator sen representative
    rep governor gov mayor judge justice chief general gen colonel col captain capt major maj sergeant sgt
    lieutenant lt admiral king queen prince princess lord lady sir dame pope archbishop bishop cardinal rabbi
    imam reverend rev father sister chairman chairwoman chairperson chair director commissioner ambassador
    attorney prosecutor congressman congresswoman councillor councilor councilman councilwoman deputy vice prime
    foreign finance interior defence defense health education justice acting former ex assistant executive
    officer inspector superintendent spokesman spokeswoman spokesperson speaker leader candidate nominee
    professor economist analyst sheriff coach manager head first lady crown state under treasury trade energy
    environment transport labour labor republican democrat democratic conservative liberal independent
    billionaire businessman
    """
)
PERSON_NOUN_ENDINGS = (
    "man",
    "woman",
    "person",
    "or",
    "er",
    "ist",
    "ent",
    "ant",
    "ian",
    "ee",
    "eer",
    "mate",
    "ic",
)
PERSON_NOUNS = words(
    """
    chief head judge mayor president minister senator secretary aide official officials witness doctor nurse
    author professor director chairman founder coach host analyst economist expert ally friend mother father
    wife husband son daughter brother sister star boss guru actor actress king queen captain critic strategist
    delegate coroner candidate nominee co-founder ceo attorney resident student veteran
    """
)

# Head nouns of organisations, for "the ministry" -> "the Ministry of …".
ORGANISATION_HEADS = words(
    """
    ministry department agency administration bureau office authority commission committee council court board
    bank university college institute institution association federation union party company corporation corp
    inc ltd group organisation organization foundation fund society service services police army navy parliament
    senate congress house assembly government cabinet court tribunal league club church newspaper times post
    news press journal network television magazine museum hospital school center centre laboratory lab
    observatory coalition alliance campaign charity trust chamber registry inspectorate secretariat regulator
    airline airlines railway railways municipality city county state district programme program office task
    force statistics directorate
    """
)
