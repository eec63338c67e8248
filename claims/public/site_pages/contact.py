"""How else to reach the desk, while a form takes no more: what its own pages say, as they were approved."""

import re

from claims.publication.site.log import newest_page

_PAGES = ("about", "policy")
_MAIL = re.compile(r"[A-Za-z0-9.+_-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def other_ways() -> dict[str, str]:
    """The first e-mail address on “Who we are”, else in the policy, and the page that says more; empty if none does."""
    texts = {name: newest.body["text"] for name in _PAGES if (newest := newest_page(name))}
    for name, text in texts.items():
        if found := _MAIL.search(text):
            return {"mail": found[0], "page": name}
    return {"mail": "", "page": "about"} if "about" in texts else {}
