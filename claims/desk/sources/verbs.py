"""Verbs of watched pages and of feeds: poll now, fetch once, accept, watch, how often."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.shell.verbs import Act, Verb, register
from claims.permissions import Refused, User
from sources.admin.pages import polling_disclosure
from sources.feeds import reader
from sources.models import Feed, Outcome, Page, Polling
from sources.models.page import interval_fault
from sources.polling import poller

ACCEPTABLE = frozenset({Outcome.SHRUNK, Outcome.REDIRECTED, Outcome.REPLACED, Outcome.PAYWALL})
"""Outcomes of pages of which a person can see whether they are right; a machine cannot."""
_RULE = "look after watched pages"


def _is_watched(page: Page) -> bool:
    return page.watch == Page.Watch.WATCHED


def _is_not_watched(page: Page) -> bool:
    return not _is_watched(page)


def _may_be_accepted(page: Page) -> bool:
    return _is_watched(page) and Polling.objects.filter(page=page, last_outcome__in=ACCEPTABLE).exists()


def _poll(act: Act) -> str:
    poller.poll_now(act.row)
    return _("The page will be read within seconds.")


def _accept(act: Act) -> str:
    poller.accept(act.row)
    return _("The page will be read within seconds and accepted as it is; missing text will count as gone.")


def _fetch(act: Act) -> str:
    try:
        poller.fetch_once(act.row, actor=act.user)
    except poller.PageUnreadable as error:
        raise Refused(_("The page could not be read: %(why)s") % {"why": error}) from error
    return _("Read and saved.")


def _watch(act: Act) -> str:
    poller.start_watching(act.row)
    return _("The page is watched from now on.")


def _rhythm(act: Act) -> str:
    page: Page = act.row
    given = act.text("minutes")
    interval = None
    if given:
        if not given.isascii() or not given.isdecimal() or len(given) > 6:
            raise ValidationError(_("Enter the minutes as a whole number, or leave it empty."))
        interval = timedelta(minutes=int(given))
    if fault := interval_fault(interval):
        raise ValidationError(fault)
    page.pinned_interval = interval
    page.render = "render" in act.data
    page.save(update_fields=["pinned_interval", "render"])
    return _("Saved.")


def _rhythm_now(user: User, page: Page) -> dict[str, Any]:
    return {
        "minutes": int(page.pinned_interval.total_seconds() // 60) if page.pinned_interval else "",
        "render": page.render,
    }


def _is_active(feed: Feed) -> bool:
    return feed.active


def _is_not_active(feed: Feed) -> bool:
    return not feed.active


def _poll_feed(act: Act) -> str:
    poller.poll_now(act.row.page)
    return _("The feed will be read within seconds; its new pages are proposed within a minute.")


def _remove_feed(act: Act) -> str:
    reader.remove_feed(act.row, actor=act.user)
    return _("The feed is not read any more. The pages that it has listed are kept.")


def _resume_feed(act: Act) -> str:
    try:
        reader.add_feed(act.row.page.url, actor=act.user)
    except reader.FeedRefused as refusal:  # as when a colleague was quicker
        raise Refused(str(refusal)) from refusal
    return _("The feed is read again.")


def _disclosed(page: Page) -> str:
    return " ".join(polling_disclosure(page))


register(
    "page",
    Page,
    (
        Verb(
            "accept",
            gettext_lazy("Accept as it is now"),
            _accept,
            rule=_RULE,
            when=_may_be_accepted,
            effect=gettext_lazy("Its quotes are looked for on the page as it is now."),
        ),
        Verb(
            "poll",
            gettext_lazy("Read it now"),
            _poll,
            rule=_RULE,
            when=_is_watched,
            effect=gettext_lazy("Its site sees one request."),
            tone="go",
        ),
        Verb(
            "fetch",
            gettext_lazy("Read it once"),
            _fetch,
            rule=_RULE,
            when=_is_not_watched,
            outside=True,
            effect=gettext_lazy("Its site sees one request."),
            tone="go",
        ),
        Verb("watch", gettext_lazy("Watch it"), _watch, rule=_RULE, when=_is_not_watched, effect=_disclosed, rare=True),
        Verb(
            "rhythm",
            gettext_lazy("How often"),
            _rhythm,
            rule=_RULE,
            compares=True,
            asks="desk/sources/rhythm.html",
            context=_rhythm_now,
            rare=True,
            effect=gettext_lazy("Its site sees more visits, or fewer."),
        ),
    ),
)
register(
    "feed",
    Feed,
    (
        Verb(
            "look",
            gettext_lazy("Read it now"),
            _poll_feed,
            rule="read feeds",
            when=_is_active,
            effect=gettext_lazy("Its site sees one request."),
        ),
        Verb(
            "remove",
            gettext_lazy("Stop reading it"),
            _remove_feed,
            rule="read feeds",
            when=_is_active,
            effect=gettext_lazy("The pages that it has listed are kept."),
            tone="danger",
        ),
        Verb(
            "resume",
            gettext_lazy("Read it again"),
            _resume_feed,
            rule="read feeds",
            when=_is_not_active,
            effect=gettext_lazy("Its site sees regular visits again; what it listed in the meantime counts as known."),
        ),
    ),
)
