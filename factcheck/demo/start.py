"""The demo's part of `manage.py up`: whether to run it, its programs, and the lines that `up` prints."""

import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models.functions import Now

from claims.models import Claim
from factcheck.demo import DEMO_ACCOUNTS, DEMO_ADMINISTRATOR
from factcheck.demo.folder import HOST, DemoFolder
from factcheck.demo.remove import only_demo
from factcheck.demo.seed import make_administrator
from factcheck.embedded.supervisor import Part
from sources.database.audit import acting_as
from sources.models import Polling

MANAGE = Path(__file__).resolve().parent.parent.parent / "manage.py"


@dataclass(frozen=True)
class Demo:
    """What `up` needs to run the demo; `seed` is None once the database contains it."""

    lines: list[str]
    environment: dict[str, str]
    site: Part
    seed: Part | None


def is_wanted() -> bool:
    """Whether this database has the demo, or should get it because it contains nothing else."""
    if not settings.EMBEDDED_DATABASE:
        return False
    return is_seeded() or (not DemoFolder(settings.DATA).removed.exists() and only_demo())


def is_seeded() -> bool:
    return Claim.objects.filter(is_demo=True).exists()


def start(*, web_port: int) -> Demo:
    """Choose the demo site's port and return what to run. Raises DemoError."""
    folder = DemoFolder(settings.DATA)
    folder.make()
    seeded = is_seeded()
    # Passwords are printed once, since what `up` prints may be kept as a log. The first start lasts until the seed.
    printed = set(folder.passwords(())) if seeded else set()
    if seeded:
        folder.seeded.touch()
        with acting_as("demo", reason="first start"):  # demos of 0.2.0 have no administrator
            make_administrator(folder.passwords(tuple(DEMO_ACCOUNTS))[DEMO_ADMINISTRATOR])
        # While the site was down, the schedule polled its pages less and less often.
        Polling.objects.filter(page__is_demo=True, due_at__isnull=False).update(due_at=Now())
    else:
        folder.reset()
    port = folder.port()
    environment = {"FACTCHECK_DEMO_SITE": f"{HOST}:{port}"}
    site = [sys.executable, "-m", "factcheck.demo.site", "--data", str(settings.DATA), "--port", str(port)]
    site += ["--edit-after", str(settings.DEMO_EDIT_AFTER)]
    seed = None if seeded else Part("the demo's seed", [sys.executable, str(MANAGE), "demo", "seed"], environment)
    return Demo(_lines(folder, web_port, port, printed), environment, Part("demo site", site), seed)


def _lines(folder: DemoFolder, web_port: int, port: int, printed: set[str]) -> list[str]:
    """The lines to print; `printed` are the accounts whose passwords an earlier start has printed."""
    passwords = folder.passwords(tuple(DEMO_ACCOUNTS))
    lines = [f"demo: log in at http://{HOST}:{web_port}/admin/ from this machine"]
    lines += [f"demo: user {name} password {passwords[name]}" for name in passwords if name not in printed]
    if printed:
        lines.append("demo: passwords were printed at the first start; `manage.py demo logins` prints them again")
    lines.append(f"demo: the pages that its verdicts rest on are at http://{HOST}:{port}/")
    if not folder.has_self_edited():
        lines.append(
            f"demo: every quote is in its place now; in {settings.DEMO_EDIT_AFTER:.0f} seconds that site changes a "
            "figure in one of them, and within half a minute more its claim is flagged for a re-check"
        )
    lines.append("demo: press “Edit this page now” on one of those pages to break another quote yourself")
    lines.append("demo: `manage.py demo remove` removes all of it, `manage.py up --no-demo` starts without it")
    return lines
