"""What a database needs before its first use by people: a newsroom with a key, and the demo."""

from dataclasses import dataclass, field

from django.conf import settings

from factcheck.demo import start as demo_start
from factcheck.embedded.supervisor import Part
from factcheck.newsrooms.keys import create_key
from factcheck.newsrooms.models import Newsroom


@dataclass
class Preparation:
    """Lines that `up` prints before `ready`, and what it starts beside web, worker and beat.

    `errands` are run to their end once all parts have started, before `ready`.
    """

    lines: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    errands: list[Part] = field(default_factory=list)


def prepare(*, demo: bool, port: int) -> Preparation:
    """Called by `up` at every start, after migrations and before the parts start; as the role *app*.

    Raises DemoError.
    """
    # The guard's one exception is ours to make: whoever has it in the environment does not.
    preparation = Preparation(environment={"FACTCHECK_DEMO_SITE": ""})
    with_demo = demo and demo_start.wanted()
    if not Newsroom.objects.exists():
        name = "Demo newsroom" if with_demo else "First newsroom"
        key = create_key(name, ["read", "write", "tips"], is_demo=with_demo)
        preparation.lines.append(f"api key: {key}")
    if with_demo:
        started = demo_start.start(web_port=port)
        preparation.lines += started.lines
        preparation.environment |= started.environment
        preparation.parts.append(started.site)
        preparation.errands += [started.seed] if started.seed else []
    elif demo and not settings.EMBEDDED_DATABASE:
        preparation.lines.append("demo: left out, since DATABASE_URL names a database of your own")
    return preparation
