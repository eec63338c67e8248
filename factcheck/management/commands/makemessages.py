"""Run Django's `makemessages`, which also gathers what modules mark by a short name of `gettext_lazy`."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # `__` and `lazy` stand beside `_` in modules that translate at import and at request time alike.
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=__", "--keyword=lazy"]
