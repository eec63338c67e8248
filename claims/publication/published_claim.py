"""Typed dictionaries of a published claim's JSON: each field with its class, meaning and example.

The renderer (claims/publication/body.py) is type-checked against these classes; OpenAPI, its examples and the names
that `fields=` takes are made from them. Fields stand in the order of the bytes.

To add a field, make it `NotRequired`: bodies in the log lack it and are never rewritten, except by a redaction. To
remove one takes a new version of the API (docs/api.md, "Versioning").
"""

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired, TypedDict

from claims import models
from claims.causes import GRADES
from claims.causes import Cause as CauseCode
from claims.json_object import Json
from claims.models.statement import Document as DocumentModel
from claims.models.verification import Verification as Status
from claims.publication.description import (
    OMITTED,
    Day,
    FieldClass,
    Meaning,
    Time,
    derived,
    fixed,
    human,
    leaves,
    log,
    machine,
    place,
    without,
)
from claims.publication.quote_state import STATES as QUOTE_STATES
from sources.models import Source
from sources.quotes.word_diff import Kind as Difference

STATUSES = (
    Status.CHECKED.value,
    Status.NEEDS_RECHECK.value,
    Status.SUSPENDED.value,
    Status.WITHDRAWN.value,
)
"""Those of claims that stand alone. A claim that is part of another has the status `merged`."""
STATES = (*QUOTE_STATES, "not_watchable")
VERDICTS = tuple(models.Verdict.values)
EVENTS = tuple(models.Publication.Event.values)
_VERSION_KINDS = tuple(models.ReviewVersion.Kind.values)
_CORRECTION_KINDS = tuple(models.ReviewVersion.CorrectionKind.values)
_DISPLAY_CODES = (
    *("rated_as_of", "rated", "reviewed_as_of", "reviewed", "withdrawn", "corrected", "updated"),
    *("reconfirmed", "recheck_raised", "recheck_confirmed", "recheck_page_raised", "recheck_page_confirmed"),
    *("suspended", "rated_undated", "reviewed_undated", "withdrawn_undated", "corrected_undated", "updated_undated"),
)
AT = "2026-03-01T09:30:00.000000Z"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
NOW = "The ministry counted 430 bridges in need of repair."
WORDING = "On 1 March 2026 we no longer found this sentence in its place on the page; a similar one stood there."
RECHECK = "rck_6z8b0d2f5h7k9m1p"
_QUOTE = "The ministry counted 412 bridges in need of repair."
_CITATION = f"Our desk, “Do 412 bridges need repair?”, 1 March 2026, https://desk.example/bridges, licence: {LICENCE}"
_SHA256 = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
_TEXT_SHA256 = "8d74beec1be996322ad76813bafb92d40839895d6dd7ee808b17ca201eac98be"
_FIGURE = {
    "kind": "count",
    "value": 412,
    "unit": None,
    "counts": "bridges",
    "qualifier": None,
    "text": "412 bridges",
    "start": 1,
    "end": 12,
}
_NUMBER_OR_TEXT = [{"type": "number"}, {"type": "string"}]
_FIGURES = {
    "type": "array",
    "items": {
        "type": "object",
        "title": "Figure",
        "required": ["value", "text", "start", "end"],
        "properties": {
            "kind": {"type": "string", "description": "count, percent, money, date, period, duration, age, measure, …"},
            "value": {
                "anyOf": [*_NUMBER_OR_TEXT, {"type": "array", "items": {"anyOf": _NUMBER_OR_TEXT}}],
                "description": "A number, a pair of them (a range, or a share), or a text such as a date.",
            },
            "unit": {"type": ["string", "null"], "description": "pieces, percent, USD, …"},
            "counts": {"type": ["string", "null"], "description": "What is counted."},
            "qualifier": {"type": ["string", "null"], "description": "over, nearly, …"},
            "text": {
                "type": "string",
                "description": "As written: `text` of the statement from `start` to `end`.",
            },
            "start": {"type": "integer", "description": "Unicode code points of the statement's `text`, from 0."},
            "end": {"type": "integer", "description": "Where it ends there; not included."},
        },
    },
    "description": 'Figures in it. Bodies from before 0.6.0 count in the document, and write "" for null.',
}
NO_TEXT = 'Null if there is none; bodies from before 0.6.0 have "" for that.'
_DIFF = {
    "type": "array",
    "items": {"type": "array", "prefixItems": [{"enum": ["=", "-", "+"]}, {"type": "string"}]},
    "description": "Pairs of an operation (= in both, - before, + now) and words.",
}

# Types that several objects share.
ClaimId = Annotated[str, fixed("clm_4v9k2m0t7q8x1z3b", "clm_…")]
ReviewId = Annotated[str, fixed("rev_7a9c1e3g5j8k0m2n", "rev_…")]
EvidenceId = Annotated[str, fixed("evd_3c5e7g9j1k2m4n6p", "evd_…")]
Stance = Annotated[str, human("supports", choices=tuple(models.Evidence.Stance.values))]
State = Annotated[str, machine("intact", choices=STATES)]
Before = Annotated[str, machine(_QUOTE, "The quote in the review.")]
After = Annotated[str | None, machine(NOW, "The similar sentence found instead, if any.")]
Surroundings = Annotated[
    str | None,
    machine(f"The yearly report is out. {NOW}", "That sentence with some 200 characters on either side."),
]
Changed = Annotated[
    list[str], machine(["number"], "The kinds of words that differ.", choices=tuple(kind.value for kind in Difference))
]


QUOTE_RESULTS = tuple(models.EvidenceCheck.Result.values)
_CAUSES, _GRADES = tuple(CauseCode.values), tuple(code for code, _ in GRADES)
WhyBroken = Annotated[
    str,
    machine(
        "altered",
        "Why the quote has to be looked at again. `disowned`, `reattributed`, `requalified`: its words still stand, "
        "but the page seems to take them back, to ascribe them to somebody else, or to put them in another frame.",
        choices=_CAUSES,
    ),
]
Grade = Annotated[
    str,
    machine(
        "substance",
        "How much an alteration changes; only of an alteration. `cosmetic` is typography alone and has no cause.",
        choices=_GRADES,
    ),
]
Notice = Annotated[
    str, machine(OMITTED, "The words by which the page no longer stands by the quote; only of such a cause.")
]


class Topic(TypedDict):
    """A topic of claims."""

    slug: Annotated[str, human("roads")]
    name: Annotated[str, human("Roads")]


class Period(TypedDict):
    """The first and last day that a claim is about."""

    start: Annotated[Day | None, human("2026-01-01")]
    end: Annotated[Day | None, human(None)]


class Cause(TypedDict):
    """A quote that was no longer found as it was, and its re-check."""

    recheck: Annotated[str, machine(RECHECK, "rck_…")]
    review: Annotated[str, machine("rev_7a9c1e3g5j8k0m2n", "rev_…")]
    evidence: Annotated[str, machine("evd_3c5e7g9j1k2m4n6p", "evd_…")]
    page: Annotated[str | None, machine("pag_9s1t3v5w7x0y2z4a", "pag_…")]
    result: Annotated[str, machine("altered", "What the last look found.", choices=QUOTE_RESULTS)]
    cause: NotRequired[WhyBroken]
    grade: NotRequired[Grade]
    notice: NotRequired[Notice]
    comes_and_goes: NotRequired[
        Annotated[bool, machine(OMITTED, "True if it was seen at some looks within a week and not at others.")]
    ]
    before: Before
    after: After
    surroundings: Surroundings
    changed: Changed
    diff: Annotated[list[Any], machine([["-", "412"], ["+", "430"]], schema=_DIFF)]
    detected_at: Annotated[Time, machine(AT)]
    wording: Annotated[
        str, derived(WORDING, "A sentence about it for the public.", follows_from="cause detected_at comes_and_goes")
    ]


class SourceRequest(TypedDict):
    """A letter to the source of a page about an open re-check: its dates alone, never its words."""

    recheck: Annotated[str, machine(RECHECK, "rck_…")]
    page: Annotated[str | None, machine("pag_9s1t3v5w7x0y2z4a", "pag_…")]
    asked_at: Annotated[Time, machine(AT)]
    answer_by: Annotated[Day | None, machine("2026-03-08", "The day by which we asked for an answer, if we named one.")]
    answered_at: Annotated[Time | None, machine(None, "When it answered, or its page was seen corrected.")]
    closed_at: Annotated[Time | None, machine(None, "When we stopped waiting for an answer.")]


class Verification(TypedDict):
    """The status of the check, apart from the rating, which only people change."""

    status: Annotated[
        str,
        machine(
            "checked", "`merged`: it is part of the claim that `merged_into` names.", choices=(*STATUSES, Status.MERGED)
        ),
    ]
    since: Annotated[Time | None, machine(AT)]
    seen_by_editor: Annotated[bool | None, machine(None, "Null unless a re-check is open.")]
    because: Annotated[list[Cause], Meaning([])]
    source_requests: NotRequired[
        Annotated[list[SourceRequest], Meaning(OMITTED, "Letters about the re-checks that are open; newsrooms alone.")]
    ]


class Speaker(TypedDict):
    """The speaker of a statement."""

    id: Annotated[str, fixed("spk_4r6t8v0w2x5y7z9b", "spk_…")]
    name: Annotated[str, human("A. Minister")]
    kind: Annotated[str, human("person", choices=tuple(models.Speaker.Kind.values))]
    role: Annotated[str | None, human("Minister of Transport")]
    wikidata_id: Annotated[str | None, human(None)]


class Document(TypedDict):
    """The document that contains a statement."""

    id: Annotated[str, fixed("doc_8s0v2x4z6b9d1f3h", "doc_…")]
    kind: Annotated[str, human("article", choices=tuple(DocumentModel.Kind.values))]
    title: Annotated[str | None, human("Minister warns of bridges")]
    url: Annotated[str | None, human("https://paper.example/story")]
    publisher: Annotated[str | None, human("The Paper")]
    published_on: Annotated[Day | None, human("2026-02-20")]
    language: Annotated[str, human("en")]


class Attribution(TypedDict):
    """Another attribution of a statement, by which nobody is the speaker of the claim."""

    id: Annotated[str, fixed("atr_1b3d5f7h9k2m4p6r", "atr_…")]
    speaker_as_written: Annotated[str | None, human("the engineers")]
    cue: Annotated[str | None, human("deny")]
    content: Annotated[list[str], human(["412 bridges need repair"])]
    quoted: Annotated[bool, human(False)]
    polarity: Annotated[
        str,
        human(
            "negated",
            "Whether the document says that it was said; `asserted` is.",
            choices=tuple(models.Attribution.Polarity.values),
        ),
    ]


class Statement(TypedDict):
    """A statement that makes the claim, word for word (schema.org appearance)."""

    id: Annotated[str, fixed("stm_5b7d9f2h4k6m8n0q", "stm_…")]
    text: Annotated[str, human("“412 bridges need repair,” the minister said.")]
    speaker: Speaker | None
    speaker_as_written: Annotated[str | None, human("the minister")]
    cue: Annotated[str | None, human("said", "The reporting word: said, told.")]
    quoted: Annotated[bool, human(True, "True for a direct quote, false for a paraphrase.")]
    figures: Annotated[Any, fixed([_FIGURE], schema=_FIGURES)]
    attribution: NotRequired[
        Annotated[str, fixed("atr_7c9e1g3j5m8p0r2t", "atr_…: the attribution that gives the statement its speaker.")]
    ]
    content: NotRequired[
        Annotated[list[str], human(["412 bridges need repair,"], "What was said, word for word, in its parts.")]
    ]
    attributions: NotRequired[Annotated[list[Attribution], Meaning(OMITTED)]]
    document: Document
    review: NotRequired[
        Annotated[str, fixed("rev_7a9c1e3g5j8k0m2n", "rev_…: the imported review that it came with; own ones lack it.")]
    ]
    reviews: NotRequired[
        Annotated[list[str], fixed(OMITTED, "rev_…: all imported reviews that it came with, if there are several.")]
    ]


class Organisation(TypedDict):
    """The organisation that publishes a review."""

    id: Annotated[str, fixed("org_6h2n8c4r0t9w5y1d", "org_…")]
    name: Annotated[str, human("Our desk")]
    site: Annotated[str | None, human("https://desk.example")]


class Article(TypedDict):
    """The published article of a fact-check."""

    id: Annotated[str, fixed("art_1p3r5t7v9w2x4y6z", "art_…")]
    url: Annotated[str, human("https://desk.example/bridges")]
    title: Annotated[str | None, human("Do 412 bridges need repair?", NO_TEXT)]
    language: Annotated[str, human("en")]


class NamedScale(TypedDict):
    """The scale of a rating."""

    id: Annotated[str, fixed("scl_0d2f4h6k8m1n3p5r", "scl_…")]
    name: Annotated[str, human("Our scale")]


class Rating(TypedDict):
    """The publisher's own rating, and the verdict that it amounts to."""

    label: Annotated[str, human("Right")]
    # Numbers of imported ratings stay as they came: also 2.5.
    value: Annotated[float | None, human(3)]
    worst: Annotated[float | None, human(1)]
    best: Annotated[float | None, human(3)]
    verdict: Annotated[str | None, human("true", choices=VERDICTS)]
    scale: NamedScale | None


class Quote(TypedDict):
    """W3C Web Annotation TextQuoteSelector."""

    exact: Annotated[str, human(_QUOTE)]
    prefix: Annotated[str | None, human("The yearly report is out. ", NO_TEXT)]
    suffix: Annotated[str | None, human(" The next report is due in spring.", NO_TEXT)]


class StandsAs(TypedDict):
    """Words of the page that an editor accepted in place of the quote; `state` is about these."""

    exact: Annotated[str, machine(NOW)]
    prefix: Annotated[str | None, machine("The yearly report is out. ", NO_TEXT)]
    suffix: Annotated[str | None, machine(" The next report is due in spring.", NO_TEXT)]
    snapshot: Annotated[str, machine("snp_8q0r2s4t6v8w1x3y", "snp_…")]
    since: Annotated[Time, machine(AT)]


class NamedPage(TypedDict):
    """A page in short."""

    id: Annotated[str, fixed("pag_9s1t3v5w7x0y2z4a", "pag_…")]
    url: Annotated[str, human("https://roads.example/report", "Address of the page on the web.")]
    title: Annotated[str | None, human("Yearly report")]


class NamedSource(TypedDict):
    """A source in short."""

    id: Annotated[str, fixed("src_2b7d9f1h3k5m8p0r", "src_…")]
    name: Annotated[str, human("Roads agency")]
    kind: Annotated[str, human("government", choices=tuple(Source.Kind.values))]
    homepage: NotRequired[Annotated[str, human("https://roads.example", "Left out if none is known.")]]
    language: NotRequired[Annotated[str, human("en", "BCP 47; left out if it is not known.")]]


class Snapshot(TypedDict):
    """The observation of a page that a quote was taken from."""

    id: Annotated[str, fixed("snp_8q0r2s4t6v8w1x3y", "snp_…")]
    taken_at: Annotated[Time, fixed("2026-02-27T08:00:00.000000Z")]
    sha256: Annotated[str, fixed(_SHA256, "Of the bytes as received.")]
    text_sha256: Annotated[str, fixed(_TEXT_SHA256, "Of the extracted text.")]


class File(TypedDict):
    """A file."""

    name: Annotated[str | None, human("report.pdf")]
    sha256: Annotated[str, human(_SHA256)]


class Dataset(TypedDict):
    """A value of a dataset."""

    dataset: Annotated[str | None, human("Bridges")]
    release: Annotated[str | None, human("2026-02")]
    cell: Annotated[str | None, human("B2")]
    value: Annotated[str | None, human("412")]
    unit: Annotated[str | None, human("bridges")]


class Interview(TypedDict):
    """An interview or letter."""

    who: Annotated[str, human("A clerk of the agency")]
    when: Annotated[Time | None, human(AT)]
    how: Annotated[str, human("by letter")]


class Broadcast(TypedDict):
    """A place in a broadcast."""

    programme: Annotated[str, human("News at nine")]
    when: Annotated[Time | None, human(AT)]
    timecode: Annotated[str, human("00:12:30")]


class Evidence(TypedDict):
    """A piece of evidence of a review. `kind` and `visibility` decide which of the optional fields it has."""

    id: EvidenceId
    kind: Annotated[str, human("page_quote", choices=tuple(models.Evidence.Kind.values))]
    stance: Stance
    visibility: Annotated[str, human("public", choices=("public", "described"))]
    description: Annotated[str | None, human(None, "Public description of a source that is not named.")]
    watchable: Annotated[bool, derived(True, "Whether its page is checked; true for page quotes.", follows_from="kind")]
    state: Annotated[
        State,
        machine(
            "intact",
            "`kept`: it broke, and editors decided that the finding stands. `unverifiable`: the page could not be "
            "read, so it may stand or not.",
            choices=STATES,
        ),
    ]
    checked_at: Annotated[Time | None, machine(AT)]
    cause: NotRequired[Annotated[str, machine(OMITTED, "Why it has to be looked at again.", choices=_CAUSES)]]
    grade: NotRequired[Annotated[str, machine(OMITTED, "How much an alteration changes.", choices=_GRADES)]]
    notice: NotRequired[Notice]
    seen_at_least_until: NotRequired[
        Annotated[
            Time,
            machine(
                OMITTED,
                "When it was last truly seen on its page, as known when this body was written. `include=freshness` and "
                "`/api/v1/claims/status` give what is known now.",
            ),
        ]
    ]
    decided_at: NotRequired[Annotated[Time, machine(OMITTED, "When editors decided that; only if `state` is `kept`.")]]
    note: NotRequired[Annotated[str | None, human("The report itself.")]]
    quote: NotRequired[Quote]
    now: NotRequired[Annotated[str | None, machine(None, "The sentence found instead, if altered.")]]
    kept_because: NotRequired[
        Annotated[str, human(OMITTED, "Why the review keeps a quote that was broken when it was published.")]
    ]
    stands_as: NotRequired[Annotated[StandsAs, Meaning(OMITTED)]]
    page: NotRequired[NamedPage]
    source: NotRequired[NamedSource]
    snapshot: NotRequired[Snapshot]
    file: NotRequired[Annotated[File, Meaning(OMITTED)]]
    dataset: NotRequired[Annotated[Dataset, Meaning(OMITTED)]]
    interview: NotRequired[Annotated[Interview, Meaning(OMITTED)]]
    broadcast: NotRequired[Annotated[Broadcast, Meaning(OMITTED)]]
    wording: NotRequired[
        Annotated[
            str,
            derived(
                OMITTED,
                "A sentence for readers on a quote that broke and on which editors have decided.",
                follows_from="state cause decided_at stands_as",
            ),
        ]
    ]


class ReviewHistory(TypedDict):
    """A published version of a review."""

    version: Annotated[int, log(1)]
    kind: Annotated[str, human("original", choices=_VERSION_KINDS)]
    correction_kind: Annotated[str | None, human(None, choices=_CORRECTION_KINDS)]
    public_note: Annotated[str | None, human(None, "What changed and why.")]
    rating: Annotated[str | None, human("Right")]
    published_at: Annotated[Time, log(AT)]
    undated: NotRequired[
        Annotated[bool, log(OMITTED, "True if its publisher gave no date: `published_at` is when it was found here.")]
    ]


class RightOfReply(TypedDict):
    """Whom the desk asked to respond, when, and what came of it: an answer, or none."""

    asked: Annotated[str, human("the ministry", "Who was asked.")]
    asked_on: Annotated[Day, human("2026-02-24")]
    answered_on: Annotated[Day | None, human("2026-02-26", "Null if no answer came.")]
    answer: Annotated[str | None, human("We stand by the figure.", "In their own words.")]
    answer_url: Annotated[str | None, human(None, "Where it can be read whole.")]
    no_answer_by: Annotated[Day | None, human(None, "The day until which none came; null if one did.")]


class DisplayCode(TypedDict):
    """A sentence of `display` as a code, and the day that it names."""

    code: Annotated[str, derived("rated_as_of", choices=_DISPLAY_CODES)]
    on: NotRequired[Annotated[Day, derived("2026-03-01", "Left out by the codes that end in `_undated`.")]]


class ReviewContent(TypedDict):
    """A review without the lines by which others may quote it."""

    id: ReviewId
    origin: Annotated[str, fixed("own", "Our own, or imported.", choices=tuple(models.Review.Origin.values))]
    licence: Annotated[str | None, human(LICENCE, "URL of the licence under which it may be reused.")]
    organisation: Organisation
    article: Article | None
    rating: Rating | None
    summary: Annotated[str | None, human("The agency's yearly report says so.", NO_TEXT)]
    body: Annotated[str | None, human("We read the report and asked the agency.", NO_TEXT)]
    true_as_of: Annotated[Day | None, human("2026-03-01")]
    version: Annotated[int, log(1)]
    kind: Annotated[str, human("original", choices=_VERSION_KINDS)]
    correction_kind: Annotated[str | None, human(None, choices=_CORRECTION_KINDS)]
    public_note: Annotated[str | None, human(None)]
    published_at: Annotated[Time, log(AT)]
    first_published_at: Annotated[Time, log(AT)]
    withdrawn_at: Annotated[Time | None, log(None)]
    claim_reviewed: NotRequired[
        Annotated[str, human(OMITTED, "The claim in its publisher's words, if these are not letter for letter `text`.")]
    ]
    suspended_since: NotRequired[
        Annotated[Time | None, machine(None, "Under review since then: its rating is history and must not be shown.")]
    ]
    evidence: list[Evidence]
    history: list[ReviewHistory]
    right_of_reply: NotRequired[
        Annotated[
            list[RightOfReply],
            Meaning(OMITTED, "Whom it judges and who was asked to respond; left out if the desk says nothing of it."),
        ]
    ]
    reconfirmed_at: NotRequired[
        Annotated[Time, machine(OMITTED, "When editors last said that it stands though a page it rests on changed.")]
    ]
    undated: NotRequired[
        Annotated[
            bool, log(OMITTED, "True if its publisher gave no date: `first_published_at` is when it was imported.")
        ]
    ]


class Review(ReviewContent):
    """One organisation's rating of the claim."""

    attribution: Annotated[
        str,
        derived(
            _CITATION,
            "Organisation, headline, date, address and licence, on one line.",
            follows_from="organisation article first_published_at undated licence",
        ),
    ]
    display: Annotated[
        str,
        derived(
            "Our desk rated this claim Right (as of 1 March 2026).",
            "The finding in sentences that may be shown as they are.",
            follows_from="display_codes organisation rating",
        ),
    ]
    display_codes: NotRequired[list[DisplayCode]]


class MergedPeriod(TypedDict):
    """The first and last day that a merged claim is about."""

    start: Annotated[Day | None, log(OMITTED)]
    end: Annotated[Day | None, log(OMITTED)]


class MergedClaim(TypedDict):
    """A claim that was merged into this one, as it read before. Its id answers with this claim."""

    id: Annotated[str, log(OMITTED, "clm_…")]
    text: Annotated[str, log(OMITTED)]
    language: Annotated[str, log(OMITTED)]
    period: MergedPeriod | None
    place: Annotated[str | None, log(OMITTED)]
    reviews: Annotated[list[str], log(OMITTED, "Ids of the reviews that were made of these words.")]
    statements: Annotated[list[str], log(OMITTED, "Ids of the statements that made these words.")]
    added_topics: Annotated[list[str], log(OMITTED, "Slugs of its topics that this claim did not have itself.")]
    added_statements: Annotated[list[str], log(OMITTED, "Those of them that this claim did not have itself.")]


class ClaimContent(TypedDict):
    """A claim as it is rendered for an audience, without its place in the log."""

    id: ClaimId
    url: Annotated[str, derived("/api/v1/claims/clm_4v9k2m0t7q8x1z3b/", "Path of this resource.", follows_from="id")]
    text: Annotated[str, human("412 bridges need repair.")]
    language: Annotated[str, human("en")]
    topics: list[Topic]
    period: Period | None
    place: Annotated[str | None, human(None)]
    repeats: Annotated[str | None, human(None, "Id of the claim that says the same of another period.")]
    merged_into: Annotated[str | None, log(None, "Id of the claim that this one is part of.")]
    merged_from: NotRequired[Annotated[list[MergedClaim], Meaning(OMITTED)]]
    demo: Annotated[bool, fixed(False, "Demonstration data.")]
    verification: Verification
    statements: list[Statement]
    reviews: list[Review]


class LogPlace(TypedDict):
    """What an event of the log adds to the JSON of its claim."""

    event: Annotated[str, place("published", "The event that made this version.", choices=EVENTS)]
    version: Annotated[int, place(1, "Counts the events of the claim, from 1.")]
    sequence: Annotated[int, place(412, "Place in the publication log of all claims.")]
    changed_at: Annotated[Time, place(AT)]
    first_published_at: Annotated[Time, place(AT)]


class Claim(ClaimContent, LogPlace):
    """A published claim with its reviews."""


PATHS = dict(leaves(Claim))
"""Every plain value of the published claim by its path: `reviews[].rating.label`."""


def words(body: Mapping[str, Any]) -> Json:
    """The body without what changes although nobody wrote: its place in the log, states, and what follows from them.

    Every event keeps it, but for those that publish what two people approved, and imports.
    """
    return without(body, Claim, FieldClass.PLACE, FieldClass.MACHINE, FieldClass.DERIVED)


def paths_of(*classes: FieldClass) -> frozenset[str]:
    """The paths of the fields of these classes."""
    return frozenset(path for path, field in PATHS.items() if field.meaning.field_class in classes)
