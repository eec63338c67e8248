"""Walls, log-in forms and error pages with status 200, and articles about them."""

import pytest

from sources.changes.page_outcome import Judgement, LastText, judge, moved_to
from sources.extraction.full_text import PageText, extract
from sources.outcome import Outcome

ARTICLE = "\n".join(
    f"<p>Paragraph {number} of the yearly report says how many bridges were inspected in district {number}, what was "
    f"found there, and which of them will be repaired before the next winter comes.</p>"
    for number in range(40)
)


def look(
    html: str, before: str = "", last_url: str = "", final_url: str = "", headers: tuple[tuple[str, str], ...] = ()
) -> Judgement:
    body = html.encode()
    last = extract(before.encode(), "text/html")
    return judge(
        body,
        extract(body, "text/html"),
        last_url=last_url or "https://agency.example/report",
        final_url=final_url or last_url or "https://agency.example/report",
        last=LastText(len(last.text), lambda: last.text, last.title, last.language or ""),
        headers=headers,
    )


def page(title: str, content: str, head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{content}</body></html>"


CLOUDFLARE = page(
    "Just a moment...",
    "<h1>agency.example</h1><p>Verify you are human by completing the action below.</p><p>Ray ID: 8f1</p>",
    "<script>window._cf_chl_opt={cType:'managed'}</script>",
)
WALLS = {
    "cloudflare": CLOUDFLARE,
    "akamai": page(
        "Access Denied",
        '<h1>Access Denied</h1>You don\'t have permission to access "/report" on this server.<p>Reference #18.2f3</p>',
    ),
    "datadome": page("agency.example", "<p>Please wait</p><script src=https://geo.captcha-delivery.com/c.js></script>"),
    "perimeterx": page(
        "Access to this page has been denied", "<p>Press & Hold to confirm you are a human</p><div id=px-captcha></div>"
    ),
    "imperva": page("", '<p>x</p><iframe src="/_Incapsula_Resource?CWUDNSAI=9&incident_id=4">Request</iframe>'),
    "recaptcha": page(
        "Sorry", "<p>Our systems have detected unusual traffic from your network.</p><div class=g-recaptcha></div>"
    ),
    "proof of work": page(
        "Making sure you're not a bot!", "<p>Loading</p><script id=anubis_challenge type=json>{}</script>"
    ),
    "german": page(
        "Sicherheitsüberprüfung", "<p>Bitte bestätigen Sie, dass Sie ein Mensch sind.</p><p>Ihre IP: ::1</p>"
    ),
    "french": page("Vérification", "<p>Confirmez que vous n'êtes pas un robot</p><form action=/captcha>ok</form>"),
    "russian": page("Проверка", "<p>Подтвердите, что вы не робот</p><img src=/captcha.png>"),
    "chinese": page("安全验证", "<p>请完成安全验证后继续访问</p><div class=captcha></div>"),
    "japanese": page("確認", "<p>あなたが人間であることを確認します</p><div class=h-captcha></div>"),
    "arabic": page("تحقق", "<p>أنا لست روبوت</p><div class=g-recaptcha></div>"),
}


@pytest.mark.parametrize("wall", WALLS.values(), ids=WALLS.keys())
@pytest.mark.parametrize("before", ["", page("Report", ARTICLE)], ids=["first", "later"])
def test_bot_walls_are_blocked(wall: str, before: str) -> None:
    assert look(wall, before).outcome == "blocked"


def test_an_unknown_wall_is_recognised_by_the_text_it_replaces() -> None:
    wall = page("agency.example", "<p>Please verify that you are a human.</p>")
    assert look(wall, page("Report", ARTICLE)).outcome == "blocked"
    assert look(wall).outcome == "ok", "two sentences alone could be a page about walls"


@pytest.mark.parametrize(
    "about",
    [
        page("What a captcha is", "<h1>What a captcha is</h1><p>It asks you to verify that you are human.</p>"),
        page("Contact", "<h1>Contact</h1><p>Write to us.</p><form><div class=g-recaptcha></div></form>"),
        page("Report", ARTICLE, "<script>window._cf_chl_opt={}; /cdn-cgi/challenge-platform/</script>"),
        page("Are you a robot?", f"<h1>Are you a robot?</h1>{ARTICLE}<p>Verify you are human. Ray ID: 1</p>"),
        page("Report", "<p>412 bridges.</p><script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>"),
        page("News", f"<form><input type=password> Log in</form>{ARTICLE}"),
        page("Bridges", "<h1>Bridges</h1><p>412 bridges need repair.</p><form>Log in <input type=password></form>"),
        page("Cookie policy", f"<h1>Cookies</h1>{ARTICLE}<p>We use cookies.</p><button>Accept all</button>"),
        page(
            "Bridges",
            f"<h1>Bridges</h1><p>{'412 bridges need repair. ' * 20}</p><p>We use cookies</p><p>Accept all</p>",
        ),
        page("Report", f"{ARTICLE}<p>Subscribe to read more.</p>", '<script>{"isAccessibleForFree": false}</script>'),
        page("Bridges", "<p>412 bridges need repair.</p><p>Already a subscriber? Subscribe to read more news.</p>"),
    ],
)
def test_pages_with_or_about_captchas_are_ok(about: str) -> None:
    assert look(about) == Judgement(Outcome.OK)
    assert look(about, about) == Judgement(Outcome.OK)


@pytest.mark.parametrize(
    "words",
    [
        "Page not found",
        "404",
        "Error 404 – Page not found",
        "404 - File or directory not found",
        "Sorry, the page you requested could not be found.",
        "Oops! We can't find that page",
        "Seite nicht gefunden",
        "Page introuvable",
        "Página no encontrada",
        "Página não encontrada",
        "Pagina non trovata",
        "Nie znaleziono strony",
        "Страница не найдена",
        "Sayfa bulunamadı",
        "ページが見つかりません",
        "您访问的页面不存在",
        "페이지를 찾을 수 없습니다",
        "الصفحة غير موجودة",
    ],
)
def test_error_pages_with_status_200_are_soft_404(words: str) -> None:
    nav = "".join(f"<li>Section {number}" for number in range(400))
    assert look(page(f"{words} | Agency", f"<h1>{words}</h1><ul>{nav}</ul>")).outcome == "soft_404"
    assert look(page("Agency", f"<p>{words}</p><p>Home"), page("Report", ARTICLE)).outcome == "soft_404"


@pytest.mark.parametrize(
    "about",
    [
        page("Why “page not found” became a joke", "<h1>Why “page not found” became a joke</h1><p>It all began.</p>"),
        page("Page not found", f"<h1>Page not found</h1>{ARTICLE}"),
        page("Glossary", "<h1>Glossary</h1><p>Page not found</p><p>The server has no such page.</p>"),
        page("404 bridges", "<h1>404 bridges need repair</h1><p>Fewer than last year.</p>"),
        page("Stránka", "<h1>Stránka</h1><p>Mosty.</p>"),
    ],
)
def test_pages_about_error_pages_are_ok(about: str) -> None:
    assert look(about).outcome == "ok"
    assert look(about, about).outcome == "ok"


def test_a_redirect_to_the_home_page_is_soft_404() -> None:
    last_url, home = "https://agency.example/2026/report", "https://www.agency.example/en/"
    assert look(page("Agency", ARTICLE), last_url=last_url, final_url=home).outcome == "soft_404"
    assert look(page("Agency", ARTICLE), page("Agency", ARTICLE), last_url, home).outcome == "ok", "it moved there"
    for was, is_now in [
        ("https://agency.example/", "https://agency.example/en/"),
        ("https://agency.example/index.html", "https://agency.example/"),
        (last_url, "https://agency.example/2026/report-final"),
        (last_url, "https://elsewhere.example/"),
    ]:
        assert look(page("Agency", ARTICLE), last_url=was, final_url=is_now).outcome == "ok"


def test_log_in_pages_are_blocked() -> None:
    form = "<form><p>E-mail</p><input name=user><input type='password'><button>Continue</button></form>"
    assert look(page("Log in | Agency", f"<h1>Log in</h1>{form}")).outcome == "blocked"
    assert look(page("Anmelden", form)).outcome == "blocked"
    assert look(page("Agency", form), page("Report", ARTICLE)).outcome == "blocked"
    sso = "https://sso.agency.example/login?next=report"
    assert look(page("Agency", "<p>E-mail</p><input>"), final_url=sso).outcome == "blocked"
    assert look(page("How to log in", "<p>Type it."), last_url="https://a.example/login").outcome == "ok"


def test_consent_pages_are_blocked() -> None:
    wall = page(
        "Agency",
        "<h1>Before you continue</h1><p>We and our 812 partners use cookies.</p><button>Reject all</button>"
        "<p><button>Accept all</button>",
    )
    assert look(wall).outcome == "blocked"
    assert look(wall, page("Report", ARTICLE)).outcome == "blocked"
    german = page("A", "<p>Wir verwenden Cookies mit Ihrer Einwilligung.</p><p>Alle akzeptieren</p><p>Ablehnen</p>")
    assert look(german).outcome == "blocked"
    led = "https://consent.agency.example/m?continue=report"
    assert look(page("A", "<p>Hello"), final_url=led).outcome == "blocked"


def test_a_teaser_is_a_paywall() -> None:
    teaser = page(
        "Report",
        "<p>The report begins.</p><p>Subscribe to continue reading.",
        '<script>{"isAccessibleForFree":false}</script>',
    )
    assert look(teaser).outcome == "paywall"
    unmarked = page("Report", "<p>Paragraph 0 of it.</p><p>Subscribe now to continue reading.")
    assert look(unmarked).outcome == "ok"
    assert look(unmarked, page("Report", ARTICLE)).outcome == "paywall"


def test_a_page_reduced_to_a_tenth_is_shrunk() -> None:
    stub = page("Report", "<p>Loading the report of the agency.</p>")
    assert look(stub, page("Report", ARTICLE)).outcome == "shrunk"
    half = page("Report", ARTICLE[: len(ARTICLE) // 2])
    assert look(half, page("Report", ARTICLE)).outcome == "ok"
    assert look(page("Note", "<p>Short."), page("Note", "<p>A note of some length, " * 20)).outcome == "ok"


def test_empty_and_limited_pages() -> None:
    assert look(page("Report", "<script>load()</script>")).outcome == "empty"
    assert look(page("Report", "<script>_cf_chl_opt={}</script>")).outcome == "blocked"
    assert judge(b"", PageText("words", flags=("parse_limited",))).outcome == "parse_limited"


def test_a_judgement_has_a_sentence() -> None:
    assert look(CLOUDFLARE).detail.endswith(".")


def test_the_last_text_is_loaded_only_when_needed() -> None:
    def never() -> str:
        raise AssertionError("last_url")

    body = page("Report", ARTICLE).encode()
    assert judge(body, extract(body, "text/html"), last=LastText(5_000, never)).outcome == "ok"


@pytest.mark.parametrize(
    ("last_url", "final_url", "moved"),
    [
        ("http://a.example/x/", "https://www.a.example/x", False),
        ("https://a.example/x", "", False),
        ("https://a.example/x", "https://a.example/y", True),
        ("https://a.example/x", "https://b.example/x", True),
        ("https://a.example/x?id=1", "https://a.example/x?id=2", True),
    ],
)
def test_moved_is_another_host_or_path(last_url: str, final_url: str, moved: bool) -> None:
    assert bool(moved_to(last_url, final_url)) is moved


@pytest.mark.parametrize(
    "body",
    [
        "<rss><channel><title>Page not found</title></channel></rss>",
        "\ufeff<?xml version='1.0'?><?xml-stylesheet href='x'?><!-- <html> --><feed><title>Log in</title></feed>",
        "<rdf:RDF xmlns='x'></rdf:RDF>",
        "<?xml version='1.0'?>\n<urlset></urlset>",
        "<sitemapindex></sitemapindex>",
        '<?xml version="1.0"?>\n<!DOCTYPE rss SYSTEM "rss-0.91.dtd">\n<rss></rss>',
        '{"title": "Verify you are human", "version": "https:\\/\\/jsonfeed.org\\/version\\/1.1", "items": []}',
    ],
)
def test_feeds_are_ok_even_if_empty_or_shrunk(body: str) -> None:
    last = LastText(50_000, lambda: "x" * 50_000)
    assert judge(body.encode(), extract(body.encode(), "application/xml"), last=last).outcome == "ok"
    assert judge(body.encode("utf-16"), PageText(""), last=last).outcome == "ok"


@pytest.mark.parametrize(
    "body",
    ["<html><!-- <rss> --><body></body></html>", "<!-- <rss>", "<?xml", "<feedback>", '{"version": 1}', "", "rss"],
)
def test_pages_that_mention_feeds_are_judged_like_others(body: str) -> None:
    last = LastText(50_000, lambda: "x" * 50_000)
    assert judge(body.encode(), PageText(""), last=last).outcome == "empty"
