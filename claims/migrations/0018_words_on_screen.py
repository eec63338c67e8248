"""Help texts, names and labels in an editor's words. Nothing in the database changes.

One operation for all of them, since Django makes all models anew for each AlterField.
"""

from django.db import migrations
from django.db.migrations.operations.base import Operation

TEXTS = {
    'document': {'canonical_url': 'The canonical form of the URL, by which the document is found.'},
    'evidence': {'description': 'What readers see in place of a source that is not named.'},
    'evidencecheck': {
        'found': 'The sentence on the page now, if altered.',
        'surroundings': 'The sentence found, with some 200 characters on either side.',
    },
    'facetcount': {'bodies': 'Number of current bodies that name it.'},
    'import': {
        'cursor': 'Cursor of the next page of an API.',
        'fingerprint': 'Hash of the source at that time.',
        'position': 'Records processed.',
    },
    'importedrecord': {'modified_at': 'When the publisher last changed it, if known.'},
    'markuppage': {'key': 'Prefix of the API key.'},
    'organisation': {'checklist': 'What must be done before approval, one item a line.'},
    'proposal': {'title': 'The title in the feed.', 'url': 'The canonical URL of the page.'},
    'publication': {'version': 'Version of the claim; 1 for its first event.'},
    'reviewversion': {
        'approved_sha256': 'Hash of the version and its evidence at approval.',
        'author': 'Empty for an imported review.',
        'public_note': 'What changed and why. Readers see it.',
        'rating_as_given': 'The imported rating as its publisher wrote it.',
        'rating_numbers': 'Value, worst and best of the imported rating, in that order.',
    },
    'sender': {'newsroom': 'Id of the newsroom.'},
    'statement': {
        'cue': 'The reporting verb, for example said or told.',
        'quoted': 'A direct quote; otherwise a paraphrase.',
    },
    'submission': {'key': 'Prefix of the API key.'},
    'sweep': {'checks': 'Number of quotes checked.'},
}
LABELS = {
    'evidence': {'visibility': {'confidential': 'confidential: never published'}},
    'evidencecheck': {'result': {'unverifiable': 'page could not be read'}},
    'reviewversion': {'kind': {'update': 'update: the facts changed; it was right on its date'}},
}
NAMES = {
    'claimversion': {'verbose_name': 'published claim'},
    'listing': {'verbose_name': 'processed feed item'},
    'markuppage': {'verbose_name': 'fact-check page'},
    'publication': {'verbose_name': 'log entry', 'verbose_name_plural': 'log entries'},
    'sender': {'verbose_name': 'sending newsroom'},
    'submission': {'verbose_name': 'newsroom draft'},
    'sweep': {'verbose_name': 'processed change'},
}


class AlterWords(Operation):
    """Alter help texts and labels of models and of their audit tables, and names of models."""

    reversible = True

    def state_forwards(self, app_label, state):
        changed = []
        for name in sorted({*TEXTS, *LABELS, *NAMES}):
            for model in (name, f'{name}event'):
                if (app_label, model) not in state.models:
                    continue
                fields = state.models[app_label, model].fields
                for field, text in TEXTS.get(name, {}).items():
                    fields[field] = fields[field].clone()
                    fields[field].help_text = text
                for field, labels in LABELS.get(name, {}).items():
                    fields[field] = fields[field].clone()
                    fields[field].choices = [(key, labels.get(key, label)) for key, label in fields[field].choices]
                changed.append((app_label, model))
            state.models[app_label, name].options |= NAMES.get(name, {})
        state.reload_models(changed, delay=True)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        pass

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        pass

    def describe(self):
        return 'Alter words on screen'


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0017_index_state'),
    ]

    operations = [AlterWords()]
