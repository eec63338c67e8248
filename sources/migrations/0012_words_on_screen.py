"""Change labels, help texts and choice labels to those of the models. No table changes."""

from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

MODELS = {
    'archiveservice': {'verbose_name': 'archive'},
    'scrub': {'verbose_name': 'integrity check'},
    'scrubfinding': {'verbose_name': 'missing or damaged snapshot'},
}
FIELDS: dict[str, dict[str, dict[str, Any]]] = {
    'archivecopy': {
        'service': {'verbose_name': 'archive'},
        'quotes': {'help_text': 'Quotes the copy should contain: exact, prefix, suffix.'},
        'state': {'choices': [('waiting', 'waiting'), ('submitted', 'requested'), ('succeeded', 'made according to the archive, not confirmed'), ('confirmed', 'confirmed'), ('failed', 'differs from our snapshot'), ('refused', 'refused'), ('dropped', 'cancelled')]},
        'chosen_by': {'verbose_name': 'requested by', 'help_text': 'The editor who requested it before publication. Empty: requested by publication.'},
        'memento_at': {'verbose_name': 'captured at'},
        'asked_at': {'verbose_name': 'requested at'},
        'next_try_at': {'verbose_name': 'next attempt at'},
        'tries': {'verbose_name': 'attempts'},
        'confirmed_by': {'help_text': 'The comparisons that matched.'},
        'wanted_at': {'verbose_name': 'needed since', 'help_text': 'Later than the creation time if the request was repeated. No older capture is accepted.'},
    },
    'archiveservice': {
        'day': {'verbose_name': 'day (UTC)', 'help_text': ''},
        'asked': {'verbose_name': 'captures requested', 'help_text': 'On that day, including requests whose response was lost.'},
        'rests_until': {'verbose_name': 'paused until', 'help_text': 'No request is sent before this time.'},
        'full_until': {'verbose_name': 'quota used up until', 'help_text': 'No capture is requested before this time.'},
        'detail': {'verbose_name': 'last problem'},
    },
    'change': {
        'kinds': {'help_text': 'How the text differs, as far as a machine can tell: see sources/changes/change_kinds.py.'},
        'outcome': {'choices': [('ok', 'read'), ('unchanged', 'read, not changed'), ('gone', 'gone (404 or 410)'), ('blocked', 'blocked'), ('paywall', 'behind a paywall'), ('disallowed', 'disallowed by robots.txt'), ('soft_404', 'error page instead of the page'), ('error', 'error'), ('too_large', 'too large'), ('unsupported', 'unsupported file type'), ('parse_limited', 'read only in part'), ('empty', 'no text found'), ('shrunk', 'much shorter than before'), ('redirected', 'redirects to another page')], 'help_text': 'Outcome of the poll that detected it.'},
    },
    'feed': {
        'since': {'help_text': 'Pages listed by this time count as known, not as new.'},
    },
    'feedevent': {
        'since': {'help_text': 'Pages listed by this time count as known, not as new.'},
    },
    'feeditem': {
        'url': {'help_text': 'The canonical URL.'},
        'published': {'help_text': 'The date as the feed writes it.'},
        'baseline': {'help_text': 'Listed when the feed was first read, so not new.'},
    },
    'feedreading': {
        'snapshot': {'help_text': 'The last one processed.'},
        'kind': {'choices': [('rss', 'RSS'), ('atom', 'Atom'), ('json', 'JSON Feed'), ('sitemap', 'sitemap'), ('sitemap_index', 'sitemap index')]},
        'problem': {'help_text': 'Why the last snapshot could not be read as a feed.'},
    },
    'host': {
        'ready_at': {'help_text': 'When its next page may be leased. Empty: never.'},
        'rests_until': {'help_text': 'None of its pages is requested before this time.'},
        'failures': {'help_text': 'Attempts in a row without a response.'},
    },
    'page': {
        'pinned_interval': {'help_text': 'Fixed time between two polls; overrides the schedule.'},
        'confirm_after': {'help_text': 'How long text must be missing before it counts as gone. Empty: the setting for all pages.'},
    },
    'pageevent': {
        'pinned_interval': {'help_text': 'Fixed time between two polls; overrides the schedule.'},
        'confirm_after': {'help_text': 'How long text must be missing before it counts as gone. Empty: the setting for all pages.'},
    },
    'polling': {
        'last_outcome': {'choices': [('ok', 'read'), ('unchanged', 'read, not changed'), ('gone', 'gone (404 or 410)'), ('blocked', 'blocked'), ('paywall', 'behind a paywall'), ('disallowed', 'disallowed by robots.txt'), ('soft_404', 'error page instead of the page'), ('error', 'error'), ('too_large', 'too large'), ('unsupported', 'unsupported file type'), ('parse_limited', 'read only in part'), ('empty', 'no text found'), ('shrunk', 'much shorter than before'), ('redirected', 'redirects to another page')]},
        'text_length': {'help_text': 'Characters of the last text read.'},
        'fetches': {'help_text': 'Attempts so far.'},
        'belief': {'help_text': "The schedule's belief about how often the page changes."},
        'latest_snapshot': {'help_text': 'The last one taken.'},
        'confirmed_snapshot': {'help_text': 'The last confirmed one.'},
    },
    'pollingprice': {
        'fetches': {'help_text': 'Attempts of all pages by then.'},
    },
    'scrub': {
        'finished_at': {'help_text': 'Empty: interrupted; the next run resumes this check.'},
        'reached': {'verbose_name': 'last checked', 'help_text': 'A sha256.'},
        'checked': {'verbose_name': 'snapshots checked', 'help_text': ''},
        'size': {'verbose_name': 'bytes read', 'help_text': 'Uncompressed.'},
    },
    'scrubfinding': {
        'scrub': {'verbose_name': 'integrity check'},
        'blob': {'verbose_name': 'sha256'},
        'kind': {'verbose_name': 'problem'},
        'sentence': {'verbose_name': 'description'},
    },
    'snapshot': {
        'canonical_url': {'help_text': "The page's own canonical link (RFC 6596)."},
        'headers': {'help_text': 'Pairs of name and value, as received.'},
        'blob': {'verbose_name': 'sha256 of the bytes'},
        'text': {'verbose_name': 'sha256 of the text'},
    },
}


class ChangeWords(Operation):
    """Change words in the migration state alone; an AlterField for each would rebuild the models some 50 times."""

    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for name, options in MODELS.items():
            state.models[app_label, name].options.update(options)
        for name, fields in FIELDS.items():
            model = state.models[app_label, name]
            for field, words in fields.items():
                _, _, args, kwargs = model.fields[field].deconstruct()
                model.fields[field] = type(model.fields[field])(*args, **{**kwargs, **words})

    def database_forwards(self, *args: Any) -> None:
        pass

    database_backwards = database_forwards

    def describe(self) -> str:
        return "Change labels and help texts"


class Migration(migrations.Migration):
    dependencies = [("sources", "0011_fewer_indexes")]

    operations = [ChangeWords()]
