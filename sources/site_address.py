"""The address at which people open this site, for commands that print links and have no request to read it from."""

from pathlib import Path

from django.conf import settings

HOST = "127.0.0.1"
PORT = 8000  # of `up` by default
_FILE = "address"


def address_on(port: int) -> str:
    """The address of a web process on this port: the public one if the site has a name."""
    if settings.HTTPS:
        names = [
            name for name in settings.ALLOWED_HOSTS if name not in settings.LOOPBACK and name[:1] not in ("*", ".")
        ]
        if names:
            return f"https://{names[0]}"
    return f"http://{HOST}:{port}"


def remember(data: Path, port: int) -> None:
    """Write the address into the data folder, for commands that run beside `up`."""
    (data / _FILE).write_text(f"{address_on(port)}\n")


def remembered(data: Path) -> str:
    """The address of the last start in the data folder, or the default one."""
    try:
        return (data / _FILE).read_text().strip() or address_on(PORT)
    except OSError:
        return address_on(PORT)
