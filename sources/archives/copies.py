"""Request copies of pages from an external web archive, poll the captures, and confirm each by fetching it.

sources/models/archive.py draws the states. One copy is leased at a time, so the archive receives one request at a
time. A capture is counted against the daily quota before it is requested, and the request accepts any capture made
since the copy was first needed, so a killed worker neither loses nor duplicates one. An empty ARCHIVE_SERVICE turns
archiving off.
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
from sources.archives.save_page_now import CaptureStatus
from sources.changes import change_kinds
from sources.extraction import sandbox
from sources.faults import point
from sources.http.addresses import AddressRefused, UrlRefused, target
from sources.http.client import request
from sources.http.defaults import fetch_defaults, request_defaults
from sources.http.responses import FetchResult
from sources.models import ArchiveCopy, ArchiveService, Outcome, Page, Polling, Snapshot
from sources.quotes import locate
from sources.quotes.exact_match import TextQuote

_log = logging.getLogger(__name__)
State = ArchiveCopy.State
_RETRYABLE = (State.FAILED, State.REFUSED)
BATCH = 7  # Save Page Now allows an account 7 captures a minute
_LEASE = timedelta(minutes=5)  # longer than all requests of one step may take
_MIN_BACKOFF, _MAX_BACKOFF = timedelta(minutes=1), timedelta(days=7)
_CLOCK_SKEW = 60  # seconds
_MAX_REDIRECTS = 5
_MAX_URL_LENGTH = 2_600


class CopyRefused(Exception):
    """A copy of this page may not be requested. The message is a sentence."""


def request_copy(
    page: Page, *, snapshot: Snapshot, text_quotes: Iterable[TextQuote] = (), chosen_by: str = ""
) -> tuple[ArchiveCopy, bool]:
    """Queue a request for a copy of the page beside our snapshot. Returns the copy and whether the request is new.

    A snapshot is queued once; a dropped copy is queued again. Raises `CopyRefused` if archiving is off or the page
    may not be sent.
    """
    if reason := refusal_reason(page):
        raise CopyRefused(reason)
    service, _ = ArchiveService.objects.get_or_create(address=settings.ARCHIVE_SERVICE)
    quotes = [[each.exact, each.prefix, each.suffix] for each in text_quotes]
    with transaction.atomic():
        copy, is_new = ArchiveCopy.objects.select_for_update(of=("self",)).get_or_create(
            page=page, snapshot=snapshot, service=service, defaults={"quotes": quotes, "chosen_by": chosen_by}
        )
        if copy.state == State.DROPPED:
            copy.quotes, copy.chosen_by, is_new = quotes, chosen_by, True
            _requeue(copy)
    return copy, is_new


def retry(copy: ArchiveCopy) -> None:
    """Queue a failed or refused copy again. Raises `CopyRefused`."""
    with transaction.atomic():
        locked = ArchiveCopy.objects.select_for_update(of=("self",)).select_related("service").get(pk=copy.pk)
        if locked.state not in _RETRYABLE:
            raise CopyRefused(f"This copy is {locked.get_state_display()}; there is nothing to retry.")
        if locked.service.address != settings.ARCHIVE_SERVICE:
            raise CopyRefused("This copy was requested from an archive that is no longer configured.")
        if reason := refusal_reason(locked.page):
            raise CopyRefused(reason)
        _requeue(locked)


def _requeue(copy: ArchiveCopy) -> None:
    copy.state, copy.job, copy.memento_url, copy.memento_at = State.WAITING, "", "", None
    copy.tries, copy.detail, copy.lease_token = 0, "", copy.lease_token + 1
    copy.wanted_at = copy.next_try_at = timezone.now()
    copy.save()


def refusal_reason(page: Page) -> str:
    """Return why no copy of this page may be requested, as a sentence, or an empty string if one may be."""
    if not settings.ARCHIVE_SERVICE:
        return "No archive is configured; see ARCHIVE_SERVICE in docs/settings.md."
    outcome = Polling.objects.filter(page=page).values_list("last_outcome", flat=True).first()
    if outcome == Outcome.DISALLOWED:
        return "The site's robots.txt disallows fetching this page, so no copy is requested from an archive either."
    if outcome == Outcome.PAYWALL:
        return "The page is behind a paywall, so no copy is requested from an archive."
    return permanent_refusal_reason(page)


def permanent_refusal_reason(page: Page) -> str:
    """Return why an archive could never fetch this URL, as a sentence, or an empty string if it could."""
    try:
        target(page.url)
    except (UrlRefused, AddressRefused) as error:
        return str(error)
    return ""


def record_refusal(page: Page, *, snapshot: Snapshot, reason: str) -> None:
    """Store a refused copy, so that editors see the reason and the page is not considered again."""
    service, _ = ArchiveService.objects.get_or_create(address=settings.ARCHIVE_SERVICE)
    refused = {"state": State.REFUSED, "detail": _printable(reason)}
    ArchiveCopy.objects.update_or_create(page=page, snapshot=snapshot, service=service, defaults=refused)


def process_due(limit: int = BATCH, *, may_be_sent: Callable[[ArchiveCopy], bool]) -> int:
    """Process up to `limit` due copies. Returns the number processed; 0 if archiving is off.

    `may_be_sent` decides right before each request whether the page may be named to the archive; if not, the copy is
    dropped.
    """
    if not settings.ARCHIVE_SERVICE:
        return 0
    processed = 0
    while processed < limit and (copy := _lease()) is not None:
        point("copy leased")
        _process(copy, may_be_sent)
        processed += 1
    return processed


def drop(copy: ArchiveCopy) -> None:
    """Take an unfinished copy out of the queue, unless it is leased."""
    _drop(copy)
    now = timezone.now()
    unfinished = ArchiveCopy.objects.unfinished().filter(pk=copy.pk)
    unfinished.exclude(leased_until__gt=now).update(state=copy.state, detail=copy.detail)


def _lease() -> ArchiveCopy | None:
    """Lease the longest due copy, unless another request to the archive is in progress, and count its capture."""
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
        quota_used = service.asked >= settings.ARCHIVE_PER_DAY or (service.full_until and service.full_until > now)
        if quota_used:
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


def _process(copy: ArchiveCopy, may_be_sent: Callable[[ArchiveCopy], bool]) -> None:
    try:
        if not may_be_sent(copy):
            _drop(copy, leases=1)  # this lease has sent nothing
        elif copy.state == State.WAITING:
            _submit(copy)
        elif copy.state == State.SUBMITTED:
            _poll(copy)
        if copy.state == State.SUCCEEDED:
            _confirm(copy)
    except Exception as error:  # noqa: BLE001 - a failing copy must not stop the others
        _log.exception("The archive copy of page %s cannot be processed", copy.page_id)
        _retry_later(copy, f"An internal error occurred ({type(error).__name__}); the request will be repeated.")
    token, copy.leased_until = copy.lease_token, None
    values = {each.attname: getattr(copy, each.attname) for each in copy._meta.concrete_fields if not each.primary_key}
    point("copy processed")
    ArchiveCopy.objects.filter(pk=copy.pk, lease_token=token).update(**values)
    point("copy written")


def _drop(copy: ArchiveCopy, *, leases: int = 0) -> None:
    copy.state = State.DROPPED
    copy.detail = "No public review quotes this page any more. " + (
        "The archive may already have received a request and hold a copy."
        if copy.lease_token > leases
        else "The archive received no request."
    )


def _submit(copy: ArchiveCopy) -> None:
    if reason := refusal_reason(copy.page):
        _retry_later(copy, reason)
        return
    if not settings.ARCHIVE_ACCESS_KEY:  # a Memento archive captures on its own; the next step looks for a copy
        copy.memento_url, copy.state = f"{copy.service.address}/{copy.page.url}", State.SUCCEEDED
        return
    user_status = _send(copy, "/save/status/user")
    if user_status is None:
        return
    if save_page_now.parse_available(user_status.body) == 0:
        _pause(copy, timedelta(minutes=1), "Our account's limit of parallel captures is reached.", captures_only=True)
        return
    within = math.ceil((timezone.now() - copy.wanted_at).total_seconds()) + _CLOCK_SKEW
    response = _send(copy, "/save", save_page_now.capture_body(copy.page.url, within=within))
    point("copy requested")
    if response is not None:
        _apply(copy, save_page_now.parse_capture(response.body))


def _poll(copy: ArchiveCopy) -> None:
    response = _send(copy, save_page_now.status_path(copy.job))
    if response is not None:
        capture = save_page_now.parse_capture(response.body)
        if capture.status == CaptureStatus.UNREADABLE or response.status == 404:
            # The archive forgets a job after an hour. A new request returns the capture made in the meantime.
            copy.state, copy.job = State.WAITING, ""
            _retry_later(copy, "The archive no longer knows the job; the request will be repeated.")
        else:
            _apply(copy, capture)


def _apply(copy: ArchiveCopy, capture: save_page_now.Capture) -> None:
    """Set the state of a copy from the archive's report on its capture."""
    code = f" ({capture.code})" if capture.code else ""
    if capture.status == CaptureStatus.PENDING:
        # The archive forgets a job after an hour, so the poll interval does not grow.
        copy.job, copy.state, copy.detail = capture.job, State.SUBMITTED, "The archive is capturing the page."
        copy.next_try_at = timezone.now() + _MIN_BACKOFF
    elif capture.status == CaptureStatus.SUCCESS:
        copy.memento_url = save_page_now.memento_url(copy.service.address, capture, copy.page.url)
        copy.memento_at = save_page_now.parse_timestamp(capture.timestamp)
        copy.state, copy.tries = State.SUCCEEDED, 0
    elif capture.status == CaptureStatus.REFUSED:
        copy.state, copy.detail = State.REFUSED, f"The archive will not, or cannot, capture this page{code}."
    else:
        copy.state = State.WAITING
        if capture.status == CaptureStatus.TOMORROW:
            copy.next_try_at = _tomorrow()
            copy.detail = f"The archive's daily limit of captures of this page is reached{code}."
        elif capture.status == CaptureStatus.QUOTA_USED:
            detail = f"Our account's daily quota is used up{code}."
            _pause(copy, _tomorrow() - timezone.now(), detail, captures_only=True)
        elif capture.status == CaptureStatus.BUSY:
            detail = f"Our account's limit of parallel captures is reached{code}."
            _pause(copy, timedelta(minutes=1), detail, captures_only=True)
        else:
            _retry_later(copy, f"The archive could not capture the page{code}; the request will be repeated.")


def _send(copy: ArchiveCopy, path: str, body: bytes | None = None) -> FetchResult | None:
    """Send a request with our key. Returns the response, or None after an error, which pauses the archive."""
    response = request(
        copy.service.address + path,
        **request_defaults(),
        method="GET" if body is None else "POST",
        headers=save_page_now.authorization(settings.ARCHIVE_ACCESS_KEY, settings.ARCHIVE_SECRET_KEY)
        | ({} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}),
        body=body,
    )
    if response.status in {200, 404}:
        return response
    wait = timedelta(seconds=min(response.retry_after or 0, 7 * 86_400)) or _backoff(copy.tries)
    if response.status in {401, 403}:
        _pause(copy, timedelta(hours=1), "The archive refuses our keys; see ARCHIVE_ACCESS_KEY in docs/settings.md.")
    elif response.status == 429 and response.retry_after is None:
        _pause(copy, max(wait, timedelta(minutes=1)), "The archive limits our requests (HTTP 429).")
    else:
        problem = f"HTTP {response.status}" if response.status else response.detail.rstrip(".")
        _pause(copy, wait, f"The archive did not respond as expected ({problem}).")
    return None


def _confirm(copy: ArchiveCopy) -> None:
    """Fetch the copy and confirm it if its Memento headers name our page and our time and its content matches ours."""
    response, found = _follow(copy.memento_url, copy.wanted_at)
    if found is None or response.status != 200:
        problem = response.detail.rstrip(".") or "without a Memento-Datetime"
        _retry_later(copy, f"The archive reports a copy, but its address does not return one ({problem}).")
        return
    if copy.memento_at is not None and abs(found.at - copy.memento_at) > timedelta(seconds=1):
        _retry_later(copy, f"The archive returns a capture of another time, {found.at:%Y-%m-%d %H:%M:%S} UTC.")
        return
    if found.at < copy.wanted_at - timedelta(seconds=_CLOCK_SKEW):
        _retry_later(copy, f"The archive's copy, of {found.at:%Y-%m-%d %H:%M:%S} UTC, is older than our snapshot.")
        return
    urls = [copy.page.url, copy.snapshot.final_url]
    if not found.original or not any(url and not change_kinds.moved(url, found.original) for url in urls):
        copy.state, copy.detail = State.FAILED, "The archive captured another page than the requested one."
        return
    matches = _matching_comparisons(copy, response)
    if matches == []:
        copy.state = State.FAILED
        copy.detail = "The archive captured the page, but its copy contains neither our text nor the quote; check it."
        return
    if len(response.final_url) > _MAX_URL_LENGTH:
        _retry_later(copy, "The archive redirects to an address that is too long to store.")
        return
    copy.memento_url, copy.memento_at = response.final_url, found.at
    copy.state, copy.confirmed_at = State.CONFIRMED, timezone.now()
    copy.confirmed_by = ["memento", *(matches or [])]
    copy.detail = "" if matches else "Its text could not be compared with ours."


def _follow(url: str, at: datetime) -> tuple[FetchResult, memento.Memento | None]:
    """Follow a TimeGate's redirects to the memento, without our key; the guard checks the address of each request."""
    for _ in range(_MAX_REDIRECTS):
        response = request(url, **fetch_defaults(), headers=memento.accept_datetime(at))
        if response.status not in {301, 302, 303, 307, 308}:
            return response, memento.parse(response.headers)
        url = memento.redirect_target(url, response.headers)
    return response, None


def _matching_comparisons(copy: ArchiveCopy, response: FetchResult) -> list[str] | None:
    """Return which comparisons with our snapshot match, or None if the copy cannot be read."""
    raw_url = memento.raw_url(response.final_url)
    raw = _follow(raw_url, copy.wanted_at)[0] if raw_url != response.final_url else response
    if raw.status != 200 or raw.body is None:
        raw = response
    body = raw.body or b""
    if hashlib.sha256(body).hexdigest() == copy.snapshot.blob_id:
        return ["bytes"]
    try:
        text = sandbox.extract(body, raw.media_type, raw.charset).text
    except Exception:  # noqa: BLE001 - a failed extraction is no finding about the copy
        return None
    if text == copy.snapshot.text.text:
        return ["text"]
    results = [locate.locate(TextQuote(*each), text).result for each in copy.quotes]
    present = {locate.Result.INTACT, locate.Result.MOVED}
    return ["quote"] if results and all(each in present for each in results) else []


def _retry_later(copy: ArchiveCopy, detail: str) -> None:
    """Schedule the next attempt with exponential backoff; editors see `detail`."""
    copy.next_try_at, copy.detail = timezone.now() + _backoff(copy.tries), _printable(detail)
    copy.tries += 1


def _pause(copy: ArchiveCopy, wait: timedelta, detail: str, *, captures_only: bool = False) -> None:
    """Send no requests (`captures_only`: request no captures) to the archive for a while, whatever the page."""
    until = timezone.now() + wait
    column = "full_until" if captures_only else "rests_until"
    ArchiveService.objects.filter(pk=copy.service_id).filter(
        Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lt": until})
    ).update(**{column: until, "detail": _printable(detail)})
    copy.next_try_at, copy.detail = until, _printable(detail)
    copy.tries += 1


def _printable(detail: str) -> str:
    """Make a sentence storable; it may quote the archive."""
    return "".join(each for each in detail if each.isprintable())[:500]


def _backoff(tries: int) -> timedelta:
    return min(_MIN_BACKOFF * int(2 ** min(tries, 20)), _MAX_BACKOFF)


def _tomorrow() -> datetime:
    return datetime.combine(timezone.now().date() + timedelta(days=1), datetime.min.time(), UTC)
