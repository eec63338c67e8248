"""Quote other words of the same page in a draft, in place of a quote that broke."""

from django.utils.translation import gettext as _

from claims.models import Evidence, ReviewVersion
from claims.permissions import Refused
from claims.watch.quotes_now import latest_snapshot
from claims.watch.watched_passages import sync_watched
from sources.passages import chosen_copy, last_seen, register
from sources.quotes.locate import QuoteNotFound

_KEPT = ("kind", "stance", "visibility", "note", "description", "page_id")


def requote(version: ReviewVersion, quoted: Evidence, words: str, *, prefix: str = "", suffix: str = "") -> Evidence:
    """Replace the draft's copy of a published quote by these words of its page as last read. Raises `Refused`.

    Inside the caller's transaction, which has locked the version. Readers get the new words once a second person has
    approved the version.
    """
    copy = version.evidence.filter(copied_from=quoted).first()
    if copy is None:
        raise Refused(_("The new version does not hold this quote any more."))
    snapshot = latest_snapshot(quoted, lock=True)
    if snapshot is None:
        raise Refused(_("The page %(page)s was never read.") % {"page": quoted.page})
    try:
        place = chosen_copy.choose(words, snapshot.text.text, prefix=prefix, suffix=suffix, copy=None)
    except QuoteNotFound as error:
        raise Refused(_("“%(list)s”: %(error)s") % {"list": " ".join(words.split())[:80], "error": error}) from error
    passage = register.register(snapshot, place)
    made = Evidence.objects.create(
        version=version,
        snapshot=snapshot,
        exact=place.exact,
        prefix=place.prefix,
        suffix=place.suffix,
        passage=passage,
        **{name: getattr(copy, name) for name in _KEPT},
    )
    copy.delete()
    sync_watched([snapshot.page_id])
    if passage is not None:
        last_seen.mark(passage.pk, snapshot.requested_at)
    return made
