"""The screens of the workbench: a claim, a new one, what goes out, two versions, everything that happened."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.desk.evidence import attach, cards
from claims.desk.merges import made_of, of_claim
from claims.desk.rechecks.on_claim import on_claim
from claims.desk.record.on_claim import open_complaints
from claims.desk.shell import typed
from claims.desk.shell.addresses import number
from claims.desk.shell.labels import in_words
from claims.desk.shell.screen import render
from claims.desk.shell.verbs import offered, seen_of
from claims.desk.teamwork import panel
from claims.desk.what_leaves import what_leaves
from claims.desk.workbench import beside, kept, review_verbs, standing
from claims.desk.workbench.bench import Bench, bench, waiting
from claims.desk.workbench.foot import foot, steps
from claims.desk.workbench.forms import ClaimForm, NewClaimForm, VersionForm, usual_language
from claims.desk.workbench.remarks import remarks
from claims.desk.workbench.timeline import sent_back, timeline
from claims.desk.workbench.version_verbs import ASKED_FIRST, OF_VERSION
from claims.desk.workbench.versions import compared
from claims.models import Appearance, Claim, Rating, Review, ReviewVersion, Speaker, Topic
from claims.models.verification import Verification, with_verification
from claims.permissions import Refused, may_create, may_restrict, remembering
from claims.public.markup import rendered
from claims.publication.words import is_as_approved, leaving
from claims.reviews import workflow
from claims.reviews.drafts import discarded
from claims.visibility import is_visible, visible_claims
from claims.watch.quotes_now import objections
from sources.admin.base import database_sentence
from sources.database.audit import acting
from sources.reordered import shown

_TONES = {"needs_recheck": "off", "suspended": "off", "withdrawn": "dim", "merged": "dim"}


def claim(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The workbench of one claim."""
    with remembering():
        rows = with_verification(visible_claims(request.user)).select_related("merged_into", "repeats", "created_by")
        row = get_object_or_404(rows.prefetch_related("topics"), pk=pk)
        found = _bench(request, row)
        version = found.version
        if "attach" in request.GET and version is not None and version.review.origin == Review.Origin.OWN:
            return attach.screen(request, version)
        return render(
            request,
            "desk/workbench/claim.html",
            _context(request, found),
            title=shown(row.text),
            item="claims",
            crumbs=[(_("Claims"), reverse("desk:claims"))],
        ).render()


def _bench(request: HttpRequest, row: Claim) -> Bench:
    version = number(request.GET.get("version"))
    review = number(request.GET.get("review"))
    asked = None
    if version is not None:
        asked = ReviewVersion.objects.filter(pk=version, review__claim=row).values_list("review", "number").first()
    if asked is not None:
        return bench(row, review=asked[0], number=asked[1])
    return bench(row, review=review)


def _context(request: HttpRequest, found: Bench) -> dict[str, Any]:
    user, row, version = request.user, found.claim, found.version
    verification = getattr(row, "verification", "")
    appearances = _appearances(row)
    found.appearances = appearances
    lines, more = timeline(found, user)
    merged = of_claim(row, user, is_on_record=found.is_on_record)
    found.has_merged = bool(merged["merged_from"])
    context: dict[str, Any] = {
        "bench": found,
        "claim": row,
        "version": version,
        "review": found.review,
        "verification": in_words(Verification(verification).label) if verification else "",
        "tone": _TONES.get(verification, ""),
        "waiting": waiting(found),
        "timeline": lines,
        "more_happened": more,
        "sent_back": sent_back(found),
        "discarded": discarded.restorable(row),
        "restriction": standing.restricted(row),
        "may_restrict": may_restrict(user, row),
        "repeats": row.repeats if row.repeats and is_visible(row.repeats, user) else None,
        "appearances": appearances,
        **merged,
        **beside.edited_since(found, user),
        **beside.sent(found, user),
        **_claim_form(request, row),
        **panel.of_claim(row, version, user),
        **on_claim(row, user),
        **open_complaints(row, user),
    }
    if version is None:
        return context | _fresh(request, found)
    if version.state == ReviewVersion.State.DRAFT:
        lines = [each for each in context["checklist"].lines if not each.is_done]
        version.lacking = [*workflow.missing(version), *lines]  # type: ignore[attr-defined]
    return context | _version(request, found, version)


def _version(request: HttpRequest, found: Bench, version: ReviewVersion) -> dict[str, Any]:
    user = request.user
    is_open = version.state != ReviewVersion.State.PUBLISHED
    is_own = version.review.origin == Review.Origin.OWN
    may_write = is_open and is_own and standing.may("edit a version")(user, version)
    edits = may_write and (version.state == ReviewVersion.State.DRAFT or "edit" in request.GET)
    offers = [*(offered(user, version, names=OF_VERSION) if is_own else [])]
    # Of the two that make a draft of it again, the author is offered the one and others the other.
    other = "send-back" if version.author_id == user.pk else "take-back"
    dropped = {other}
    if any(each.allowed for each in offers if each.verb.name in ("approve-and-publish", "publish")):
        dropped.add("preview")  # these show it anyway
    offers = [each for each in offers if each.verb.name not in dropped]
    offers += offered(user, version.review, names=review_verbs.NAMES)
    offers += offered(user, found.claim, names=["saved-pages"])
    context: dict[str, Any] = {
        "is_open": is_open,
        "is_own": is_own,
        "edits": edits,
        "may_edit": may_write,
        "steps": steps(version) if is_open else [],
        "ratings": _ratings(version),
        "made_of": made_of(version.review) if found.has_merged else None,
        "suspension": review_verbs.current(version.review),
        "body_html": rendered(version.body),
        "marks": _marks(request, found) if is_open else {},
        "seen": seen_of(version),
    }
    if is_own:
        context |= {
            "wrote": standing.wrote(version, user),
            "byline": standing.byline(version),
            "approvers": standing.approvers(version) if is_open else [],
            "most_approvers": standing.SHOWN,
            "is_writer": user.pk in standing.writers(version),
            **(beside.guests(version, user) if is_open else {}),
        }
    if is_own:
        context |= {**cards.of_version(version, user), "suggested": standing.suggested(user, version)}
    if found.public == version and version.kind != ReviewVersion.Kind.WITHDRAWAL and "evidence" in context:
        context["watched"] = _watched(context["evidence"])
    if edits:
        context |= _form(request, version)
    else:
        offers = [each for each in offers if each.verb.name != "save"]
    return context | foot(offers)


def _watched(panel: Any) -> str:
    """How many of the watched quotes of what is public stand, in a sentence; empty if none is watched."""
    states = [card.shown.tone for card in panel.cards if card.line is not None and card.shown is not None]
    if not states:
        return ""
    good = states.count("good")
    if good == len(states):
        return ngettext("Its watched quote stands.", "All %(count)d watched quotes stand.", good) % {"count": good}
    return _("%(good)d of %(count)d watched quotes stand; see below.") % {"good": good, "count": len(states)}


def _marks(request: HttpRequest, found: Bench) -> dict[str, Any]:
    """The fields whose differences with what is public are shown in place of their words."""
    return {} if "plain" in request.GET else {each.name: each for each in waiting(found)}


def _form(request: HttpRequest, version: ReviewVersion) -> dict[str, Any]:
    form = VersionForm(instance=version)
    place = f"version:{version.pk}"
    found = kept.offer(request.user, place, form, seen=seen_of(version))
    takes = found is not None and (not found.is_stale or "take" in request.GET)
    if found is not None and takes:
        form = VersionForm(found.data, instance=ReviewVersion.objects.get(pk=version.pk))
        form.is_valid()
    return {"form": form, "kept": found, "takes": takes, "place": place, "form_url": _do("version", version, "save")}


def _fresh(request: HttpRequest, found: Bench) -> dict[str, Any]:
    """The page of a claim without a review of ours: the empty form is there at once."""
    begins = not found.is_merged and may_create(request.user, found.claim) and bool(found.organisations)
    offers = offered(request.user, found.claim, names=["begin-review", "submit-review", "saved-pages"])
    if not begins:
        return {"begins": False, **foot([each for each in offers if each.verb.rare])}
    asked = number(request.GET.get("organisation"))
    chosen = next((each for each in found.organisations if each.pk == asked), found.organisations[0])
    empty = ReviewVersion(kind=ReviewVersion.Kind.ORIGINAL)
    form = VersionForm(instance=empty, organisation=chosen.pk)
    place = f"review-of:{found.claim.pk}"
    lies = kept.offer(request.user, place, form, seen="")
    if lies is None and "typed" in request.GET:
        lies = kept.offer(request.user, f"claim:{found.claim.pk}", form, seen="")
    if lies is not None:
        form = VersionForm(lies.data, instance=empty, organisation=chosen.pk)
        form.is_valid()
    return {
        "begins": True,
        "edits": True,
        "form": form,
        "kept": lies,
        "takes": lies is not None,
        "place": place,
        "organisation": chosen,
        "ratings": Rating.objects.offered().filter(scale__organisation=chosen).order_by("scale", "value"),
        "form_url": _do("claim", found.claim, "begin-review"),
        "is_fresh": True,
        **foot(offers),
    }


def _claim_form(request: HttpRequest, row: Claim) -> dict[str, Any]:
    save = offered(request.user, row, names=["save"])
    if not save or not save[0].allowed:
        return {"claim_form": None, "claim_save": save[0] if save else None}
    form = ClaimForm(instance=row, user=request.user)
    place = f"claim:{row.pk}"
    seen = seen_of(row)
    found = kept.offer(request.user, place, form, seen=seen)
    takes = found is not None and (not found.is_stale or "take" in request.GET)
    if found is not None and takes:
        form = ClaimForm(found.data, instance=Claim.objects.get(pk=row.pk), user=request.user)
        form.is_valid()
    return {
        "claim_form": form,
        "claim_kept": found,
        "claim_place": place,
        "claim_save": save[0],
        "claim_seen": seen,
        "claim_takes": takes,
    }


def _ratings(version: ReviewVersion) -> list[Rating]:
    scale = Rating.objects.filter(scale__organisation=version.review.organisation_id).order_by("scale", "value")
    return [each for each in scale if each.retired_at is None or each.pk == version.rating_id]


def _appearances(row: Claim) -> list[Appearance]:
    rows = row.appearances.select_related("statement__speaker", "statement__document", "attribution__speaker")
    rows = rows.defer("statement__document__text").prefetch_related("statement__attributions__speaker")
    return list(rows.order_by("-pk")[:50])


def _do(table: str, row: Any, verb: str) -> str:
    return reverse("desk:do", args=[table, row.pk, verb])


def preview(request: HttpRequest, pk: int, version: int) -> HttpResponseBase:
    """What exactly goes out with a version, and the button that approves or publishes it."""
    row = get_object_or_404(visible_claims(request.user), pk=pk)
    rows = ReviewVersion.objects.select_related("review__claim", "review__organisation", "rating", "author")
    own = get_object_or_404(rows, pk=version, review__claim=row)
    back = f"{reverse('desk:claim', args=[pk])}?review={own.review_id}"
    if own.review.origin != Review.Origin.OWN or own.state == ReviewVersion.State.PUBLISHED:
        messages.error(request, _("This is public already, or not ours; this is how it stands now."))
        return HttpResponseRedirect(back)
    then = request.GET.get("then", "")
    names = [then] if then in ASKED_FIRST else ASKED_FIRST
    offers = [each for each in offered(request.user, own, names=names) if each.allowed or then]
    refusals = objections(own)
    if own.state == ReviewVersion.State.APPROVED and not is_as_approved(leaving(own), own):
        # As after another statement or topic of the claim: the approval is of other words.
        offers = [each for each in offers if each.verb.name != "publish"]
        refusals = [*refusals, _("The words changed after the approval; send it back and have it approved again.")]
    return render(
        request,
        "desk/workbench/preview.html",
        {
            "claim": row,
            "version": own,
            "page": what_leaves(own),
            "objections": refusals,
            "remarks": remarks(own),
            "ratings": _ratings(own),
            "body_html": rendered(own.body),
            "made_of": made_of(own.review),
            "offers": offers,
            "back": back,
            "seen": seen_of(own),
        },
        title=_("What will go out"),
        item="claims",
        crumbs=[(_("Claims"), reverse("desk:claims")), (shown(row.text), back)],
    )


def _versions(row: Claim) -> list[ReviewVersion]:
    rows = ReviewVersion.objects.filter(review__claim=row).select_related("review__organisation", "rating")
    return list(rows.order_by("review_id", "number"))


def compare(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Any two versions of the reviews of a claim, word by word."""
    row = get_object_or_404(visible_claims(request.user), pk=pk)
    versions = _versions(row)
    if not versions:
        raise Http404
    after = _asked(versions, request.GET.get("b")) or versions[-1]
    same = [each for each in versions if each.review_id == after.review_id and each.number < after.number]
    before = _asked(versions, request.GET.get("a")) or (same or versions)[-1 if same else 0]
    return render(
        request,
        "desk/workbench/compare.html",
        {"claim": row, "versions": versions, "a": before, "b": after, **compared(before, after)},
        title=_("Two versions, word by word"),
        item="claims",
        crumbs=[(_("Claims"), reverse("desk:claims")), (shown(row.text), reverse("desk:claim", args=[pk]))],
    )


def _asked(versions: list[ReviewVersion], key: str | None) -> ReviewVersion | None:
    return next((each for each in versions if each.pk == number(key)), None)


def history(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything that happened to a claim."""
    row = get_object_or_404(visible_claims(request.user), pk=pk)
    found = bench(row)
    found.appearances = _appearances(row)
    lines, _more = timeline(found, request.user, limit=None)
    return render(
        request,
        "desk/workbench/history.html",
        {"claim": row, "timeline": lines, "has_several": len(_versions(row)) > 1},
        title=_("Everything that happened"),
        item="claims",
        crumbs=[(_("Claims"), reverse("desk:claims")), (shown(row.text), reverse("desk:claim", args=[pk]))],
    )


def new(request: HttpRequest) -> HttpResponseBase:
    """Make a claim from nothing; similar ones show while it is typed."""
    if not may_create(request.user):
        raise PermissionDenied
    begun = Claim(language=usual_language(request.user, translation.get_language() or "und"))
    form = NewClaimForm(request.POST or None, instance=begun, user=request.user)
    place = "new-claim:0"
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic(), acting(request.user, reason="made the claim"):
                form.instance.created_by = request.user
                made = form.make()
        except IntegrityError as error:
            form.add_error(None, database_sentence(error))
        except Refused as refusal:
            form.add_error("speaker", str(refusal))
        else:
            typed.forget(request.user, place, sitting=request.POST.get(typed.SITTING, ""))
            messages.success(request, _("Made. Nobody outside sees it."))
            return HttpResponseRedirect(reverse("desk:claim", args=[made.pk]))
    lies = kept.offer(request.user, place, form, seen="") if request.method != "POST" else None
    if lies is not None:
        form = NewClaimForm(lies.data, instance=begun, user=request.user)
        form.is_valid()
    return render(
        request,
        "desk/workbench/new.html",
        {
            "claim_form": form,
            "claim_kept": lies,
            "claim_place": place,
            "topic_names": Topic.objects.values_list("name", flat=True)[:300],
            "speaker_names": Speaker.objects.order_by("name").values_list("name", flat=True).distinct()[:200],
        },
        title=_("New claim"),
        item="claims",
        crumbs=[(_("Claims"), reverse("desk:claims"))],
        status=422 if form.is_bound and form.errors and request.method == "POST" else 200,
    )


def by_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from a review to the workbench of its claim."""
    review = get_object_or_404(Review, pk=pk, claim__in=visible_claims(request.user))
    return HttpResponseRedirect(f"{reverse('desk:claim', args=[review.claim_id])}?review={pk}")


def by_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from a version to the workbench of its claim."""
    rows = ReviewVersion.objects.filter(pk=pk, review__claim__in=visible_claims(request.user))
    version = get_object_or_404(rows.select_related("review"))
    return HttpResponseRedirect(f"{reverse('desk:claim', args=[version.review.claim_id])}?version={version.pk}")
