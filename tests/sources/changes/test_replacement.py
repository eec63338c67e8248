"""Another page in the page's place at any length, and what only looks like one: edits, rewrites, withdrawals."""

import html

import pytest

from sources.changes.page_outcome import Judgement, LastText, judge
from sources.changes.withdrawal_words import is_withdrawal
from sources.extraction.full_text import extract

ENGLISH = (
    "Quarry licence extended to 2041",
    (
        "The regional board extended the licence of the limestone quarry to 2041 on Thursday, four years before the "
        "old one would have ended, although two of its nine members voted against it.",
        "Residents of the valley had collected 3,100 signatures and asked for an independent report on dust, which the "
        "operator has promised twice since 2019 and never delivered.",
        "“Nobody measured anything,” said Ruth Halvorsen, who speaks for them.",
        "The operator employs 140 people and says that it will plant trees on eleven hectares of the oldest pit by the "
        "end of next year.",
        "An appeal is possible until the end of March.",
    ),
)
GERMAN = (
    "Steinbruch darf bis 2041 weiterarbeiten",
    (
        "Der Regionalrat hat die Genehmigung für den Kalksteinbruch am Donnerstag bis 2041 verlängert, vier Jahre vor "
        "ihrem Ablauf, obwohl zwei der neun Mitglieder dagegen stimmten.",
        "Anwohner hatten 3.100 Unterschriften gesammelt und ein Gutachten über den Staub verlangt, das der Betreiber "
        "seit 2019 zweimal versprochen und nie vorgelegt hat.",
        "Der Betreiber beschäftigt 140 Menschen und will bis Ende des nächsten Jahres elf Hektar aufforsten.",
    ),
)
JAPANESE = (
    "採石場の許可、二〇四一年まで延長",
    (
        "地域委員会は木曜日、石灰石採石場の許可を二〇四一年まで延長した。現行の許可が切れる四年前の決定で、九人の委員のうち二人が反対した。",
        "住民は三千百人の署名を集め、粉じんについての独立した調査を求めていたが、事業者は約束した報告書を一度も出していない。",
        "事業者は百四十人を雇用しており、来年末までに十一ヘクタールに木を植えるという。",
    ),
)
ARTICLES = {"en": ENGLISH, "de": GERMAN, "ja": JAPANESE}
SITE = "Valley Tribune"
ABOVE = "<nav><ul><li>News<li>Money<li>Weather<li>Sign in</ul></nav>"
BELOW = (
    "<footer><p>About the paper</p><p>Terms of use</p><p>The Valley Tribune is published by Valley Media Ltd, 4 Bridge "
    "Road, and is a member of the press council; all rights reserved.</p></footer>"
)
STUBS = {
    "maintenance": ("Back soon", "<h1>Back soon</h1><p>We are working on our systems tonight and return at six.</p>"),
    "long maintenance": (
        "Not available",
        "<h1>Not available</h1><p>We are carrying out essential work on our systems, and some of our services, among "
        "them the website and the apps, cannot be used. We expect to return before the end of the day and thank you "
        "for your patience. If you need help at once, call our service desk between nine and five on weekdays.</p>",
    ),
    "legal": (
        "451",
        "<h1>451</h1><p>You seem to visit us from the European Economic Area, where the General Data Protection "
        "Regulation applies, and therefore we cannot show you anything at this time. Write to us if this is wrong.</p>",
    ),
    "age": ("Age", "<h1>Are you over 18?</h1><p>Confirm your age to go in.</p><button>Yes</button>"),
    "region": ("Choose", "<h1>Choose your edition</h1><ul><li>Europe<li>Asia<li>Americas</ul>"),
    "queue": (
        "Queue",
        "<h1>You are in line</h1><p>It will be your turn in less than a minute. Keep this page open.</p>",
    ),
    "error": ("", "<b>Fatal error</b>: Uncaught Error: Call to undefined function in /www/index.php:17"),
    "default": ("It works", "<h1>It works</h1><p>This is the default page of a server that has no content yet.</p>"),
    "skeleton": ("", "<div id=app><p>Loading…</p></div>"),
    "nothing": ("", ""),
    "scripts": ("", "<p>This application needs JavaScript.</p>"),
    "refresh": (
        "Redirect",
        "<meta http-equiv=refresh content='0;url=/new'><p>If nothing happens, <a href=/new>go on</a>.</p>",
    ),
    "newsletter": ("Hello", "<h1>Never miss a morning</h1><p>Join 200,000 readers.</p><form><input type=email></form>"),
}
OFFERS = {
    "en": "Create a free profile to read the rest.",
    "de": "Jetzt kostenlos registrieren und weiterlesen.",
    "ja": "続きを読むには登録が必要です。",
}
BUTTONS = [
    "Register to read on",
    "Create a free account to keep reading",
    "Unlock this story",
    "Sign up for free",
    "Jetzt registrieren und weiterlesen",
    "Kostenlos anmelden",
    "Inscrivez-vous pour lire la suite",
    "Regístrate para seguir leyendo",
    "Registe-se para continuar a ler",
    "Accedi per continuare",
    "Registreer en lees verder",
    "Zaloguj się, aby czytać dalej",
    "Зарегистрируйтесь, чтобы читать дальше",
    "Okumaya devam etmek için üye ol",
    "続きを読むには会員登録",
    "登录后继续阅读",
    "로그인하고 계속 읽기",
    "سجل لمتابعة القراءة",
    "התחברו להמשך קריאה",
]
"""Without a full stop, as on buttons."""
OTHER_LABELS = [
    "Comments (12)",
    "Log in to comment",
    "Zum Kommentieren anmelden",
    "Sign up for our newsletter",
    "Newsletter abonnieren",
    "Share",
    "Updated 14:20",
    "More on this",
    "Read on: New hall opened by the mayor",
    "Bridge repairs delayed for a second year",
    "コメントするにはログイン",
]
EXPLANATIONS = {
    "en": [
        "This article has been withdrawn because two of the figures on which it rests were taken from a draft that the "
        "operator never approved. We apologise to our readers. An independent editor looks into how the text came to "
        "be published; until she reports, it stays offline.",
        "We have withdrawn this story because it contained personal data of somebody who had not given her consent.",
        "This report was retracted. You can subscribe to continue reading our other articles.",
    ],
    "de": [
        "Dieser Artikel wurde zurückgezogen, weil die Zahlen aus einem Entwurf stammten, den niemand freigegeben "
        "hatte, und weil zwei der Zitierten sagen, nie mit uns gesprochen zu haben. Wir bitten um Entschuldigung.",
        "Wir haben diesen Beitrag zurückgezogen, weil für personenbezogene Daten die Einwilligung fehlte.",
    ],
    "ja": [
        "この記事は、根拠となった数字が事業者の承認していない草案から取られたものであり、引用された二人が記者と話していないと述べているため、"
        "取り消しました。読者の皆さまにおわびします。",
    ],
}
"""Withdrawals with their reasons, some in words that walls use."""
WITHDRAWALS = {
    "en": ["This article has been withdrawn.", "We took down this report after complaints about its figures."],
    "de": ["Dieser Beitrag wurde zurückgezogen.", "Die Redaktion hat den Artikel gelöscht."],
    "ja": ["この記事は取り消しました。", "本記事は誤りがあったため削除しました。"],
}
REWRITES = {
    "en": [
        "The board takes its decision back: the quarry must close by 2037, and the operator has to pay for a report."
    ],
    "de": ["Der Regionalrat nimmt die Entscheidung zurück: Der Steinbruch muss 2037 schließen, der Betreiber zahlt."],
    "ja": ["地域委員会は採石場の許可延長を取り消し、二〇三七年に閉鎖すると発表した。事業者が調査費を負担する。"],
}


def page(title: str, content: str, language: str = "en", surrounded: bool = True) -> str:
    around = (ABOVE, BELOW) if surrounded else ("", "")
    name = f"{title} | {SITE}" if title else SITE
    head = f"<html lang={language}><head><title>{name}</title></head>"
    return f"{head}<body>{around[0]}<main>{content}</main>{around[1]}</body></html>"


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines)


def article(language: str, *, surrounded: bool = True, times: int = 1) -> str:
    title, lines = ARTICLES[language]
    more = [line.replace("2", str(time)) + str(time) + "." for time in range(1, times) for line in lines]
    return page(title, f"<h1>{title}</h1>{paragraphs(*lines, *more)}", language, surrounded)


def look(before: str, after: str, headers: tuple[tuple[str, str], ...] = ()) -> Judgement:
    last, now = (extract(each.encode(), "text/html; charset=utf-8") for each in (before, after))
    url = "https://tribune.example/quarry"
    return judge(
        after.encode(),
        now,
        last_url=url,
        final_url=url,
        last=LastText(len(last.text), lambda: last.text, last.title, last.language or ""),
        headers=headers,
    )


@pytest.mark.parametrize("stub", STUBS)
@pytest.mark.parametrize("language", ARTICLES)
def test_stubs_are_no_page(stub: str, language: str) -> None:
    title, content = STUBS[stub]
    own = ARTICLES[language][0]
    for surrounded in (True, False):
        for times in (1, 6):
            before = article(language, surrounded=surrounded, times=times)
            for after in (
                page(title, content, language, surrounded),
                page(title, content, language, surrounded=False),
                page(own, content, language, surrounded),  # the title of the article, as skeletons have it
                page(own, f"<h1>{own}</h1>{content}", language, surrounded),
            ):
                assert look(before, after).outcome in {"replaced", "shrunk", "empty", "blocked", "soft_404"}, after


@pytest.mark.parametrize("language", ARTICLES)
@pytest.mark.parametrize("surrounded", [True, False])
def test_the_beginning_of_an_article_is_a_teaser(language: str, surrounded: bool) -> None:
    title, lines = ARTICLES[language]
    before, offer = article(language, surrounded=surrounded), OFFERS[language]
    cut = lines[1][: len(lines[1]) // 2]
    for content in (
        paragraphs(lines[0], offer),
        paragraphs(lines[0][: len(lines[0]) // 2] + "…", offer),
        paragraphs(lines[0], cut + " …"),
        paragraphs(lines[0], cut + "..."),
        paragraphs(lines[0], cut),
    ):
        after = page(title, f"<h1>{title}</h1>{content}", language, surrounded)
        assert look(before, after).outcome == "paywall", content


@pytest.mark.parametrize("language", ARTICLES)
@pytest.mark.parametrize("surrounded", [True, False])
@pytest.mark.parametrize("times", [1, 6])
def test_an_edited_rewritten_or_withdrawn_article_is_read(language: str, surrounded: bool, times: int) -> None:
    title, lines = ARTICLES[language]
    before = article(language, surrounded=surrounded, times=times)
    for content in (
        *(paragraphs(line) for line in WITHDRAWALS[language]),
        f"<h1>{WITHDRAWALS[language][0]}</h1>",
        f"<h1>{title}</h1>{paragraphs(*WITHDRAWALS[language])}",
        f"<h1>{title}</h1>{paragraphs(*REWRITES[language])}",
        paragraphs(*REWRITES[language]),
        f"<h1>{title}</h1>{paragraphs(lines[0])}",
        f"<h1>{title}</h1>{paragraphs(lines[0], lines[-1])}",
        f"<h1>{title}</h1>{paragraphs(lines[-1])}",
        f"<h1>{title}</h1>{paragraphs(lines[0], *REWRITES[language])}",
        f"<h1>{title}</h1>{paragraphs(lines[0], *WITHDRAWALS[language])}",
        f"<h1>{title}</h1>{paragraphs(*(line[:-20] + line[-10:] for line in lines))}",
        f"<h1>{title}</h1><p>{' '.join(lines)}</p>",
    ):
        assert look(before, page(title, content, language, surrounded)).outcome == "ok", content


@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.parametrize("surrounded", [True, False])
def test_a_button_to_register_below_the_first_paragraph_is_a_teaser(button: str, surrounded: bool) -> None:
    title, lines = ENGLISH
    before = article("en", surrounded=surrounded)
    for gate in (
        f"<button>{button}</button>",
        f"<a class=button href=/join>{button}</a>",
        f"<h2>This story goes on</h2><button>{button}</button>",
    ):
        after = page(title, f"<h1>{title}</h1>{paragraphs(lines[0])}{gate}", surrounded=surrounded)
        # A Russian button below an English article is in another script.
        assert look(before, after).outcome in {"paywall", "replaced"}, gate
        whole = page(title, f"<h1>{title}</h1>{paragraphs(*lines)}{gate}", surrounded=surrounded)
        assert look(before, whole).outcome == "ok", "nothing was cut"
        edited = paragraphs(lines[0], *REWRITES["en"]) + gate
        assert look(before, page(title, f"<h1>{title}</h1>{edited}", surrounded=surrounded)).outcome == "ok"


@pytest.mark.parametrize("label", OTHER_LABELS)
def test_other_labels_below_an_article_that_was_shortened_are_no_offers(label: str) -> None:
    title, lines = ENGLISH
    for mark_up in ("<button>{}</button>", "<p><a href=/x>{}</a></p>"):
        after = page(title, f"<h1>{title}</h1>{paragraphs(lines[0])}{mark_up.format(label)}")
        assert look(article("en"), after).outcome == "ok"


@pytest.mark.parametrize("language", ARTICLES)
@pytest.mark.parametrize("surrounded", [True, False])
@pytest.mark.parametrize(
    "around",
    [
        "",
        "<div><p>We use cookies.</p><button>Accept all</button></div>",
        "<form><input type=password><button>Log in</button></form>",
    ],
    ids=["plain", "banner", "log-in"],
)
def test_a_withdrawal_with_its_reasons_is_read(language: str, surrounded: bool, around: str) -> None:
    title, lines = ARTICLES[language]
    before = article(language, surrounded=surrounded, times=3)
    for reasons in EXPLANATIONS[language]:
        for kept in ((), lines[:1]):
            for heading in (f"<h1>{title}</h1>", ""):
                content = f"{heading}{paragraphs(*kept, reasons)}{around}"
                assert look(before, page(title, content, language, surrounded)).outcome == "ok", content


@pytest.mark.parametrize(
    ("words", "button"),
    [
        ("We use cookies. You can withdraw your consent in our statement.", "Accept"),
        ("We use cookies. You can revoke this permission any time, see our cookie report.", "Accept all"),
        (
            "Wir nutzen Cookies. Die Einwilligung kann jederzeit widerrufen werden, siehe unsere Erklärung.",
            "Akzeptieren",
        ),
    ],
)
def test_a_consent_page_withdraws_no_article(words: str, button: str) -> None:
    wall = f"<h1>Cookies</h1><p>{words}</p><button>{button}</button>"
    assert not is_withdrawal(words)
    assert look(article("en"), page("Cookies", wall, surrounded=False)).outcome == "blocked"


def test_another_language_or_script_is_another_page() -> None:
    for now in ("de", "ja"):
        assert look(article("en"), article(now)).outcome == "replaced"
    unstated = article("ja").replace(" lang=ja", "")
    assert look(article("en").replace(" lang=en", ""), unstated).outcome == "replaced"
    assert look(article("en"), article("en").replace("lang=en", "lang=de")).outcome == "ok", "the same text"


def test_other_content_of_the_site_is_a_page() -> None:
    """A front page whose stories all went, for example: its quotes are gone."""
    crowd = "a crowd that waited, " * 6
    other = paragraphs(
        *(f"Number {number} tells of a match without a goal, of {crowd}and rain." for number in range(12))
    )
    assert look(article("en"), page("Sport", other)).outcome == "ok"
    assert look(article("en"), page("Sport", other, surrounded=False)).outcome == "replaced"


def test_another_sentence_may_be_the_edit_of_a_page_of_one() -> None:
    one, other = paragraphs("The office opens on Monday at nine."), paragraphs("Appointments are needed from now on.")
    assert look(page("", one), page("", other)).outcome == "ok"
    assert look(page("", one, surrounded=False), page("", other, surrounded=False)).outcome == "ok"
    assert look(page("", one), page("Maintenance", "<p>Back at six.", surrounded=False)).outcome == "shrunk"


def test_an_error_that_the_delivery_network_reports_is_no_page() -> None:
    after = page(ENGLISH[0], paragraphs(*REWRITES["en"]))
    assert look(article("en"), after).outcome == "ok"
    assert look(article("en"), after, (("X-Cache", "Error from cloudfront"),)).outcome == "replaced"
    assert look(article("en"), article("en"), (("X-Cache", "Error from cloudfront"),)).outcome == "ok"


@pytest.mark.parametrize(
    "line",
    [
        "You can withdraw your consent at any time; your data will then be deleted.",
        "Your account has been suspended. Contact your provider.",
        "Wir verwenden Cookies; Ihre Einwilligung kann widerrufen werden.",
        "The page you requested could not be found.",
        "Sorry, the story you are trying to reach cannot be shown in your country.",
        "このページを表示できません。",
    ],
)
def test_lines_of_other_pages_are_no_withdrawals(line: str) -> None:
    assert not is_withdrawal(line)


@pytest.mark.parametrize(
    "line",
    [
        "Cet article a été retiré par la rédaction.",
        "Hemos eliminado esta noticia porque contenía errores.",
        "Esta reportagem foi removida.",
        "L'articolo è stato rimosso.",
        "Dit artikel is ingetrokken.",
        "Artykuł został usunięty.",
        "Статья удалена по решению редакции.",
        "Цю статтю видалено.",
        "Makale geri çekildi.",
        "حذفنا هذا الخبر بعد التأكد من عدم صحته.",
        "הכתבה הוסרה.",
        "यह रिपोर्ट वापस ली गई है।",
        "本文章已被撤回。",
        "이 기사는 삭제되었습니다.",
        "Artikel ini telah dihapus.",
        "Editor’s note: the figures are under review.",
    ],
)
def test_withdrawals_are_recognised_in_many_languages(line: str) -> None:
    assert is_withdrawal(line)
