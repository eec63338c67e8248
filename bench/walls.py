"""Generate pages that replace a page: challenges, log-in forms, cookie prompts. For `noisy_pages`."""

from random import Random

import prose

# In rotation; one in ten responds with status 403.
TURNS = ("challenge", "captcha", "login", "consent", "login", "captcha", "consent", "challenge", "captcha", "denied")


def wall(which: str, rng: Random, tongue: prose.Tongue) -> tuple[int, str]:
    """Return status and HTML of a page that replaces the requested one."""
    said = tongue.labels
    number = "".join(rng.choices("0123456789abcdef", k=16))
    if which in {"challenge", "denied"}:
        body = (
            "<h1>Just a moment...</h1><p>Please verify that you are human. This site needs to review the security of "
            f"your connection before you go on.</p><noscript>Enable JavaScript and cookies to continue</noscript>"
            f'<script>window._cf_chl_opt={{cRay:"{number}"}};</script><script src="/cdn-cgi/challenge-platform/h/b/'
            f'orchestrate/chl_page/v1?ray={number}"></script><p>Ray ID: {number}</p>'
        )
        return (403 if which == "denied" else 200), _bare("en", "Just a moment...", body)
    if which == "captcha":
        body = (
            "<h1>Are you a robot?</h1><p>We have seen unusual traffic from your network. Please complete the captcha "
            f'to go on.</p><form method="post" action="/captcha"><div class="g-recaptcha" data-sitekey="{number}">'
            f'</div><button>OK</button></form><script src="https://www.google.com/recaptcha/api.js"></script>'
            f"<p>Reference: {number}</p>"
        )
        return 200, _bare("en", "Security check", body)
    if which == "login":
        body = (
            f"<h1>{said['login']}</h1><p>{said['account']}.</p><form method=post action=/login><label>{said['user']}"
            f"<input type=email name=user></label><label>{said['password']}<input type=password name=secret></label>"
            f'<input type=hidden name=csrf value="{number}"><button>{said["login"]}</button></form>'
        )
        return 200, _bare(tongue.code, said["login"], body)
    body = (
        f"<h1>{said['before']}</h1><p>{said['consent']}</p><form method=post action=/consent><input type=hidden "
        f'name=t value="{number}"><button>{said["accept"]}</button></form><a href="/privacy">{said["privacy"]}</a>'
    )
    return 200, _bare(tongue.code, said["before"], body)


def _bare(code: str, title: str, body: str) -> str:
    head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
    return f'<!DOCTYPE html><html lang="{code}">{head}<body>{body}</body></html>'
