"""Checklists to start from, in our own short words: what two codes ask of a fact-check that is published.

IFCN: the Code of Principles of the International Fact-Checking Network. EFCSN: the European Code of Standards for
Independent Fact-Checking Organisations. Neither is quoted; an organisation reads the code itself and edits the lines.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.models import ChecklistItem

Machine = ChecklistItem.Machine


@dataclass(frozen=True)
class Line:
    """A line of a template, and what of the code it stands for."""

    text: str
    principle: str
    machine: str = ""


@dataclass(frozen=True)
class Template:
    """A checklist to start from."""

    key: str
    name: str
    lines: tuple[Line, ...]


def templates() -> dict[str, Template]:
    """The templates by their key, in the language of whoever asks."""
    return {each.key: each for each in (_ifcn(), _efcsn())}


def _ifcn() -> Template:
    return Template(
        "ifcn",
        _("IFCN Code of Principles"),
        (
            Line(_("The claim matters to the public, and was chosen whoever made it."), _("Non-partisanship")),
            Line(_("The same evidence would have given anybody this rating."), _("Non-partisanship")),
            Line(_("The claim rests on two sources that do not share an origin."), _("Sources"), Machine.TWO_SOURCES),
            Line(_("Every watched quote stands on its page."), _("Sources"), Machine.QUOTES_STAND),
            Line(_("Primary sources are used where there are any, and interests of sources are named."), _("Sources")),
            Line(_("Nobody who checked it has an interest in the outcome."), _("Funding and organisation")),
            Line(_("A reader can repeat the check from what is written and linked."), _("Methodology")),
            Line(_("Evidence for the claim is given as well as evidence against it."), _("Methodology")),
            Line(_("The speaker was asked for evidence."), _("Methodology"), Machine.SPEAKER_ASKED),
            Line(_("What was wrong before is corrected openly, and the note says what changed."), _("Corrections")),
        ),
    )


def _efcsn() -> Template:
    return Template(
        "efcsn",
        _("EFCSN Code of Standards"),
        (
            Line(_("The claim can be checked by facts; it is no opinion or forecast."), _("Methodology")),
            Line(_("It was chosen for its reach and its possible harm, on any side."), _("Impartiality")),
            Line(_("Where the claim was made is saved and linked."), _("Transparency")),
            Line(
                _("Two sources that do not share an origin confirm the finding."), _("Methodology"), Machine.TWO_SOURCES
            ),
            Line(_("Every watched quote stands on its page."), _("Methodology"), Machine.QUOTES_STAND),
            Line(_("Whoever made the claim had time to answer."), _("Fairness"), Machine.SPEAKER_ASKED),
            Line(_("What is not known is said."), _("Methodology")),
            Line(_("Sources are named, or the reason for not naming them is given."), _("Transparency")),
            Line(_("Private people are named only where the public needs it."), _("Ethics")),
            Line(_("The finding can be understood without reading the text."), _("Clarity")),
        ),
    )
