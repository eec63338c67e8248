"""A second keeper: copies of pages at an archive outside, asked for, polled, and confirmed by fetching them.

The states are drawn in sources/models/archive.py. One copy is leased at a time, so that an archive is asked one
thing at a time; a capture is counted against the day before it is asked for, and asked for with the time since it
was first wanted, so that a worker killed anywhere neither loses nor doubles one. Nothing is done while
ARCHIVE_SERVICE is empty.
"""

import hashlib
import logging
import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from sources.archives import memento, save_page_now
from sources.archives.save_page_now import Fate
from sources.changes import kinds
from sources.extraction import sandbox
from sources.faults import point
from sources.http.addresses import AddressRefused, UrlRefused, target
from sources.http.client import ask
from sources.http.defaults import caller, fetch_bounds
from sources.http.responses import FetchResult
from sources.models import ArchiveCopy, ArchiveService, Outcome, Page, Polling, Snapshot
from sources.quotes import locate
from sources.quotes.exact_match import TextQuote

_log = logging.getLogger(__name__)
State = ArchiveCopy.State
_AGAIN = (State.FAILED, State.REFUSED)
AT_ONCE = 7  # captures a minute is what Save Page Now allows an account
_LEASE = timedelta(minutes=5)  # longer than all the requests of one step may take
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(days=7)
_MARGIN = 60  # seconds that two clocks may differ
_MOST_HOPS = 5
_LONGEST_URL = 2_600


class CopyRefused(Exception):
    """No copy may be asked for. The message is a sentence."""


def request_copy(
    page: Page, *, snapshot: Snapshot, wording: Iterable[TextQuote] = (), chosen_by: str = ""
) -> tuple[ArchiveCopy, bool]:
    """Want a copy of what the page says now, beside our snapshot; and whether that is news.

    The same one is wanted once; one that was dropped is wanted again. Raises `CopyRefused` if archiving is off or
    the page is not to be sent.
    """
    if reason := why_not(page):
        raise CopyRefused(reason)
    service, _ = ArchiveService.objects.get_or_create(address=settings.ARCHIVE_SERVICE)
    quotes = [[each.exact, each.prefix, each.suffix] for each in wording]
    with transaction.atomic():
        copy, is_new = ArchiveCopy.objects.select_for_update(of=("self",)).get_or_create(
            page=page, snapshot=snapshot, service=service, defaults={"quotes": quotes, "chosen_by": chosen_by}
        )
        if copy.state == State.DROPPED:
            copy.quotes, copy.chosen_by, is_new = quotes, chosen_by, True
            _wait_anew(copy)
    return copy, is_new


def ask_again(copy: ArchiveCopy) -> None:
    """Want a copy once more that failed or was refused. Raises `CopyRefused`; whether it may still be named is
    looked at before the archive is asked."""
    with transaction.atomic():
        locked = ArchiveCopy.objects.select_for_update(of=("self",)).select_related("service").get(pk=copy.pk)
        if locked.state not in _AGAIN:
            raise CopyRefused(f"This copy is {locked.get_state_display()}; there is nothing to ask again.")
        if locked.service.address != settings.ARCHIVE_SERVICE:
            raise CopyRefused("This copy was wanted at an archive that is no longer set up.")
        if reason := why_not(locked.page):
            raise CopyRefused(reason)
        _wait_anew(locked)


def _wait_anew(copy: ArchiveCopy) -> None:
    copy.state, copy.job, copy.memento_url, copy.memento_at = State.WAITING, "", "", None
    copy.tries, copy.detail, copy.lease_token = 0, "", copy.lease_token + 1
    copy.wanted_at = copy.next_try_at = timezone.now()
    copy.save()


def why_not(page: Page) -> str:
    """Why no archive is asked for a copy of this page, as a sentence; empty if one may be."""
    if not settings.ARCHIVE_SERVICE:
        return "No archive is set up; see ARCHIVE_SERVICE in docs/settings.md."
    outcome = Polling.objects.filter(page=page).values_list("last_outcome", flat=True).first()
    if outcome == Outcome.DISALLOWED:
        return "The site's robots.txt asks that this page not be fetched, so no archive is asked for it either."
    if outcome == Outcome.PAYWALL:
        return "The page is behind a paywall, so no archive is asked for it."
    return why_never(page)


def why_never(page: Page) -> str:
    """Why nobody outside can be asked for this address, as a sentence; empty if one can."""
    try:
        target(page.url)
    except (UrlRefused, AddressRefused) as error:
        return str(error)
    return ""


def note_refused(page: Page, *, snapshot: Snapshot, reason: str) -> None:
    """Keep in sight that no copy of this page can be asked for, so that it is not looked at each time."""
    service, _ = ArchiveService.objects.get_or_create(address=settings.ARCHIVE_SERVICE)
    refused = {"state": State.REFUSED, "detail": _kept(reason)}
    ArchiveCopy.objects.update_or_create(page=page, snapshot=snapshot, service=service, defaults=refused)


def work(limit: int = AT_ONCE, *, wanted: Callable[[ArchiveCopy], bool]) -> int:
    """Go on with up to `limit` copies that are due. Returns with how many; 0 when off.

    `wanted` is asked right before the archive is: whether the page may be named to it. If not, the copy is dropped.
    """
    if not settings.ARCHIVE_SERVICE:
        return 0
    done = 0
    while done < limit and (copy := _lease()) is not None:
        point("copy leased")
        _go_on(copy, wanted)
        done += 1
    return done


def drop(copy: ArchiveCopy) -> None:
    """Take a copy out of the queue, unless it is leased just now or there already."""
    _drop(copy)
    now = timezone.now()
    unfinished = ArchiveCopy.objects.unfinished().filter(pk=copy.pk)
    unfinished.exclude(leased_until__gt=now).update(state=copy.state, detail=copy.detail)


def _lease() -> ArchiveCopy | None:
    """The copy longest due, if nobody is asking the archive anything. A capture to be made is counted here."""
    now = timezone.now()
    with transaction.atomic():
        service = ArchiveService.objects.select_for_update().filter(address=settings.ARCHIVE_SERVICE).first()
        if service is None or (service.rests_until and service.rests_until > now):
            return None
        if service.copies.filter(leased_until__gt=now).exists():
            return None
        if service.day != now.date():
            service.day, service.asked = now.date(), 0
        due = service.copies.unfinished().filter(next_try_at__lte=now)
        full = service.asked >= settings.ARCHIVE_PER_DAY or (service.full_until and service.full_until > now)
        if full:
            due = due.exclude(state=State.WAITING)
        copy = due.select_related("page", "snapshot__text", "service").order_by("next_try_at", "pk").first()
        if copy is None:
            return None
        if copy.state == State.WAITING:
            copy.asked_at = now
            service.asked += 1
        service.save()
        copy.lease_token += 1
        copy.leased_until = now + _LEASE
        copy.save(update_fields=["asked_at", "lease_token", "leased_until"])
    return copy


def _go_on(copy: ArchiveCopy, wanted: Callable[[ArchiveCopy], bool]) -> None:
    try:
        if not wanted(copy):
            _drop(copy, leases=1)  # this one has asked nothing
        elif copy.state == State.WAITING:
            _submit(copy)
        elif copy.state == State.SUBMITTED:
            _poll(copy)
        if copy.state == State.SUCCEEDED:
            _confirm(copy)
    except Exception as error:  # noqa: BLE001 - one copy's trouble must not cost the others theirs
        _log.exception("A copy of page %s cannot be gone on with", copy.page_id)
        _later(copy, f"Something went wrong here ({type(error).__name__}); it is tried again.")
    token, copy.leased_until = copy.lease_token, None
    written = {each.attname: getattr(copy, each.attname) for each in copy._meta.concrete_fields if not each.primary_key}
    point("copy gone on with")
    ArchiveCopy.objects.filter(pk=copy.pk, lease_token=token).update(**written)
    point("copy written")


def _drop(copy: ArchiveCopy, *, leases: int = 0) -> None:
    copy.state = State.DROPPED
    copy.detail = "Nothing quotes this page in public any more. " + (
        "The archive may have been asked already and hold a copy."
        if copy.lease_token > leases
        else "The archive was not asked."
    )


def _submit(copy: ArchiveCopy) -> None:
    if reason := why_not(copy.page):
        _later(copy, reason)
        return
    if not settings.ARCHIVE_ACCESS_KEY:  # a Memento archive captures by itself; we look whether it has
        copy.memento_url, copy.state = f"{copy.service.address}/{copy.page.url}", State.SUCCEEDED
        return
    left = _ask_service(copy, "/save/status/user")
    if left is None:
        return
    if save_page_now.sessions_left(left.body) == 0:
        _rest(copy, timedelta(minutes=1), "Our account has as many captures running as it may.", full=True)
        return
    within = math.ceil((timezone.now() - copy.wanted_at).total_seconds()) + _MARGIN
    said = _ask_service(copy, "/save", save_page_now.capture_body(copy.page.url, within=within))
    point("copy asked for")
    if said is not None:
        _take(copy, save_page_now.read(said.body))


def _poll(copy: ArchiveCopy) -> None:
    said = _ask_service(copy, save_page_now.status_path(copy.job))
    if said is not None:
        answer = save_page_now.read(said.body)
        if answer.fate == Fate.UNREADABLE or said.status == 404:
            # Jobs are remembered for an hour. Asked anew, the archive gives the capture it made since.
            copy.state, copy.job = State.WAITING, ""
            _later(copy, "The archive no longer knows the job; it is asked for again.")
        else:
            _take(copy, answer)


def _take(copy: ArchiveCopy, answer: save_page_now.Answer) -> None:
    """What the archive says of a capture, into the row."""
    code = f" ({answer.code})" if answer.code else ""
    if answer.fate == Fate.PENDING:
        # Jobs are forgotten after an hour, so these are not asked about ever less often.
        copy.job, copy.state, copy.detail = answer.job, State.SUBMITTED, "The archive is at it."
        copy.next_try_at = timezone.now() + _FIRST
    elif answer.fate == Fate.SUCCESS:
        copy.memento_url = save_page_now.memento(copy.service.address, answer, copy.page.url)
        copy.memento_at = save_page_now.moment(answer.timestamp)
        copy.state, copy.tries = State.SUCCEEDED, 0
    elif answer.fate == Fate.NEVER:
        copy.state, copy.detail = State.REFUSED, f"The archive will not, or cannot, keep this page{code}."
    else:
        copy.state = State.WAITING
        if answer.fate == Fate.TOMORROW:
            copy.next_try_at = _tomorrow()
            copy.detail = f"The archive has captured this page as often today as it does{code}."
        elif answer.fate == Fate.FULL:
            _rest(copy, _tomorrow() - timezone.now(), f"Our account's day there is used up{code}.", full=True)
        elif answer.fate == Fate.BUSY:
            _rest(copy, timedelta(minutes=1), f"Our account has as many captures running as it may{code}.", full=True)
        else:
            _later(copy, f"The archive could not capture the page{code}; it is asked again.")


def _ask_service(copy: ArchiveCopy, path: str, body: bytes | None = None) -> FetchResult | None:
    """Ask with our key. None if there was no answer to read; then it is said when to try again."""
    answer = ask(
        copy.service.address + path,
        **caller(),
        method="GET" if body is None else "POST",
        headers=save_page_now.authorization(settings.ARCHIVE_ACCESS_KEY, settings.ARCHIVE_SECRET_KEY)
        | ({} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}),
        body=body,
    )
    if answer.status in {200, 404}:
        return answer
    wait = timedelta(seconds=min(answer.retry_after or 0, 7 * 86_400)) or _backoff(copy.tries)
    if answer.status in {401, 403}:
        _rest(copy, timedelta(hours=1), "The archive refuses our keys; see ARCHIVE_ACCESS_KEY in docs/settings.md.")
    elif answer.status == 429 and answer.retry_after is None:
        _rest(copy, max(wait, timedelta(minutes=1)), "The archive asks to be left alone for a while (HTTP 429).")
    else:
        said = f"HTTP {answer.status}" if answer.status else answer.detail.rstrip(".")
        _rest(copy, wait, f"The archive did not answer as it should ({said}).")
    return None


def _confirm(copy: ArchiveCopy) -> None:
    """Fetch the copy. Confirmed is only what says of itself when and of what it is, and reads as our snapshot does."""
    plain, seen = _follow(copy.memento_url, copy.wanted_at)
    if seen is None or plain.status != 200:
        said = plain.detail.rstrip(".") or "without a Memento-Datetime"
        _later(copy, f"The archive says it has a copy, but that address does not give one ({said}).")
        return
    if copy.memento_at is not None and abs(seen.at - copy.memento_at) > timedelta(seconds=1):
        _later(copy, f"The archive gives another capture than the one it made, of {seen.at:%Y-%m-%d %H:%M:%S} UTC.")
        return
    if seen.at < copy.wanted_at - timedelta(seconds=_MARGIN):
        _later(copy, f"The archive's copy, of {seen.at:%Y-%m-%d %H:%M:%S} UTC, is older than what we read.")
        return
    asked = [copy.page.url, copy.snapshot.final_url]
    if not seen.original or not any(url and not kinds.moved(url, seen.original) for url in asked):
        copy.state, copy.detail = State.FAILED, "The archive kept another page than the one asked for."
        return
    held = _comparisons(copy, plain)
    if held == []:
        copy.state = State.FAILED
        copy.detail = "The archive kept the page, but neither our text nor the quote stands in its copy; look at it."
        return
    if len(plain.final_url) > _LONGEST_URL:
        _later(copy, "The address to which the archive leads is too long to be kept.")
        return
    copy.memento_url, copy.memento_at = plain.final_url, seen.at
    copy.state, copy.confirmed_at = State.CONFIRMED, timezone.now()
    copy.confirmed_by = ["memento", *(held or [])]
    copy.detail = "" if held else "Its text could not be compared with ours."


def _follow(url: str, at: datetime) -> tuple[FetchResult, memento.Memento | None]:
    """Through a TimeGate's redirects to the memento. Each hop passes the gate, and none is given our key."""
    for _ in range(_MOST_HOPS):
        answer = ask(url, **fetch_bounds(), headers=memento.accept_datetime(at))
        if answer.status not in {301, 302, 303, 307, 308}:
            return answer, memento.read(answer.headers)
        url = memento.leads_to(url, answer.headers)
    return answer, None


def _comparisons(copy: ArchiveCopy, plain: FetchResult) -> list[str] | None:
    """Which comparisons with our snapshot held; None if none could be made."""
    address = memento.raw(plain.final_url)
    bare = _follow(address, copy.wanted_at)[0] if address != plain.final_url else plain
    if bare.status != 200 or bare.body is None:
        bare = plain
    body = bare.body or b""
    if hashlib.sha256(body).hexdigest() == copy.snapshot.blob_id:
        return ["bytes"]
    try:
        text = sandbox.extract(body, bare.media_type, bare.charset).text
    except Exception:  # noqa: BLE001 - then it says nothing of the copy
        return None
    if text == copy.snapshot.text.text:
        return ["text"]
    found = [locate.locate(TextQuote(*each), text).result for each in copy.quotes]
    standing = {locate.Result.INTACT, locate.Result.MOVED}
    return ["quote"] if found and all(each in standing for each in found) else []


def _later(copy: ArchiveCopy, detail: str) -> None:
    """Try again, ever less often, and never give up in silence: the sentence stands at the desk."""
    copy.next_try_at, copy.detail = timezone.now() + _backoff(copy.tries), _kept(detail)
    copy.tries += 1


def _rest(copy: ArchiveCopy, wait: timedelta, detail: str, *, full: bool = False) -> None:
    """Leave the archive alone; with `full` only ask for no captures."""
    until = timezone.now() + wait
    column = "full_until" if full else "rests_until"
    ArchiveService.objects.filter(pk=copy.service_id).filter(
        Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lt": until})
    ).update(**{column: until, "detail": _kept(detail)})
    copy.next_try_at, copy.detail = until, _kept(detail)
    copy.tries += 1


def _kept(detail: str) -> str:
    """A sentence, parts of which may be the archive's, as the database can hold it."""
    return "".join(each for each in detail if each.isprintable())[:500]


def _backoff(tries: int) -> timedelta:
    return min(_FIRST * int(2 ** min(tries, 20)), _LONGEST)


def _tomorrow() -> datetime:
    return datetime.combine(timezone.now().date() + timedelta(days=1), datetime.min.time(), UTC)
