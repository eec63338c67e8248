"""Preparation of each start of `manage.py up`: create the first newsroom and API key, and set up the demo."""

from dataclasses import dataclass, field

from django.conf import settings

from factcheck.demo import DEMO_ACCOUNTS
from factcheck.demo import start as demo_start
from factcheck.embedded.supervisor import Part
from factcheck.login import links
from factcheck.newsrooms.keys import create_key
from factcheck.newsrooms.models import Newsroom
from factcheck.set_up import administrators
from sources import site_address


@dataclass
class Preparation:
    """Lines that `up` prints before `ready`, and programs that it starts besides web, worker and beat.

    `one_off` programs run to their end once all parts have started, before `ready`.
    """

    lines: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    one_off: list[Part] = field(default_factory=list)


def prepare(*, demo: bool, port: int) -> Preparation:
    """Create the first newsroom, let the first administrator in, and start the demo if needed. Raises DemoError.

    `up` calls this at every start as the role *app*, after migrations and before the parts start.
    """
    # Only this function may make the address guard's one exception: a value in the environment is overridden.
    preparation = Preparation(environment={"FACTCHECK_DEMO_SITE": ""})
    with_demo = demo and not settings.DOMAIN and demo_start.is_wanted()
    if not Newsroom.objects.exists():
        name = "Demo newsroom" if with_demo else "First newsroom"
        key = create_key(name, ["read", "write", "tips"], is_demo=with_demo)
        preparation.lines.append(f"api key: {key}")
    if settings.DOMAIN:
        preparation.lines.append(
            f"public: {site_address.address_on(port)}/ once a TLS proxy forwards to http://{site_address.HOST}:{port}"
        )
    if not with_demo:
        preparation.lines += _administrator_lines(port)
    if with_demo:
        started = demo_start.start(web_port=port)
        preparation.lines += started.lines
        preparation.environment |= started.environment
        preparation.parts.append(started.site)
        preparation.one_off += [started.seed] if started.seed else []
    elif demo and settings.DOMAIN:
        preparation.lines.append("demo: not started, because its log-ins are known and --domain is for a real desk")
    elif demo and not settings.EMBEDDED_DATABASE:
        preparation.lines.append("demo: not started, because DATABASE_URL names your own database")
    return preparation


def _administrator_lines(port: int) -> list[str]:
    """The first administrator's way in, as long as no administrator can log in."""
    token = administrators.first_link(but=tuple(DEMO_ACCOUNTS))
    if token is None:
        return []
    address = f"{site_address.address_on(port)}{links.path(token)}"
    return [f"administrator: {address} works once, for one hour; each start prints a new one until you are in"]
