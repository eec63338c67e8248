"""Make the key of a URL: equal for two addresses of one page, so that a page is found by any of them.

    url_key("https://m.example.org/a/?utm_source=x")  ->  "example.org/a"

A key is for looking up, never for fetching: `canonical` (addresses.py) makes the form that is fetched and stored, and
the address as it was given is kept beside both. Beyond RFC 3986 a key ignores the scheme, hosts for phones, AMP pages
and AMP caches, the last slash, the order of parameters, and parameters that only say how a reader came (shares,
campaigns, sessions). For services whose pages have an id, the id decides. Two pages are not made one on a guess: an
archived copy, another port, language, page number or path in other case has another key.

A change of any rule raises `URL_KEY_VERSION`; `manage.py migrate` and `up` then make the stored keys anew
(claims/imports/stored_keys.py), and until they have, nothing is imported.
"""

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode

from yarl import URL

from sources.http.addresses import canonical

URL_KEY_VERSION = 2
MAX_KEY_LENGTH = 2_000

_PLAIN = re.compile(r"https?://((?:[a-z0-9](?:[a-z0-9-]*)\.)+[a-z]{2,})((?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*)/?")
_WAYS_IN = frozenset({"www", "m", "mobile", "amp", "touch", "wap"})
_REGISTRIES = frozenset({"ac", "co", "com", "edu", "gob", "gov", "gouv", "net", "nic", "or", "org"})
_ARRIVAL = re.compile(
    r"utm_.*|at_(?:medium|campaign|custom\d|format|bbc_team|link_.*|ptr_.*)|gbraid|wbraid|li_fat_id|srsltid"
    r"|fbclid|gclid|gclsrc|dclid|yclid|twclid|ttclid|msclkid|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|_ga|_gl|igshid|igsh|mibextid"
    r"|ref_src|ref_url|referrer|share|shared|sharedfrom|sh|shareid|share_id|smid|smtyp|ncid|ocid|cmpid|cmp|ito|xtor"
    r"|wt_(?:mc|zmc)|wtmc|spm|guccounter|guce_.*|trk|trackingid|soc_src|soc_trk|_branch_match_id|vero_id|oly_(?:anon|enc)_id"
    r"|phpsessid|jsessionid|aspsessionid.*|asp\.net_sessionid|sessionid|session_id|cfid|cftoken|zenid|oscsid",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\d{3}")  # `ref=homepage` says where a link stood, `ref=2031/1187` which document is meant
_CHANNEL = re.compile(r"source|src|from|via|origin|channel|medium|partner", re.IGNORECASE)
_CHANNELS = re.compile(
    r"rss|feed|e?mail|newsletter|social|twitter|x|facebook|fb|instagram|whatsapp|telegram|linkedin|reddit|youtube|google"
    r"|app|push|home(?:page)?|copylink|qr",
    re.IGNORECASE,
)
_SESSION = re.compile(r"s|sid|session", re.IGNORECASE)
_SESSION_VALUE = re.compile(r"(?=.*[0-9])(?=.*[a-f])[0-9a-f]{20,}", re.IGNORECASE)
_VIEWS = {
    "amp": {"", "1", "true", "yes"},
    "print": {"", "1", "true", "yes"},
    "printable": {"", "1", "true", "yes"},
    "m": {"1"},  # phones at one large host of blogs
    "outputtype": {"amp"},
    "format": {"amp", "print"},
    "view": {"amp", "print"},
    "output": {"amp"},
}
_PATH_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp|shtml|xhtml)", re.IGNORECASE)
_CACHES = (".cdn.ampproject.org", ".bing-amp.com")
_AMP_CACHE = re.compile(r"/(?:c|v|i)(?:/s)?/(.+)")


@lru_cache(maxsize=4_096)  # an import asks for the address of one record three times
def url_key(url: str) -> str:
    """The key of an http or https URL; one without a scheme is read as https. Raises `ValueError` as `canonical` does.

    A key is at most 2,000 characters of ASCII, `host[:port]/path?query`, without a scheme. A longer one ends in a hash.
    """
    plain = _PLAIN.fullmatch(url)
    if plain and len(url) <= 1_000:
        host, path = _host(plain[1]), plain[2]
        if (
            host not in _SERVICES
            and not f".{host}".endswith(_FAMILIES)
            and "amp" not in path
            and not _INDEX.search(path)
        ):
            return f"{host}{path}"
    key = _key(url.strip(), unwrapped=0)
    return key if len(key) <= MAX_KEY_LENGTH else f"{key[:1_900]}#{hashlib.sha256(key.encode()).hexdigest()}"


def stored_key(url: str) -> str:
    """The key of an address that is stored beside it; empty for what is no web address."""
    try:
        return url_key(url) if url else ""
    except ValueError:
        return ""


def _key(url: str, unwrapped: int) -> str:
    if not re.match(r"[a-z][a-z0-9+.-]*://", url, re.IGNORECASE):
        url = f"https://{url.removeprefix('//')}"
    fragment = url.partition("#")[2]
    parsed = URL(canonical(url))
    host = _host((parsed.raw_host or "").lower())
    path = _PATH_SESSION.sub("", parsed.raw_path)
    pairs = parse_qsl(parsed.raw_query_string, keep_blank_values=True)
    if unwrapped < 3 and (inner := _inner(host, path, dict(pairs))):
        try:
            return _key(inner, unwrapped + 1)
        except ValueError:
            pass  # what it carries is no address, so the outer one is meant
    family = next((each for each in _FAMILIES if f".{host}".endswith(each)), "")
    rule = _SERVICES.get(host) or _SERVICES.get(family)
    if rule and (found := rule(host, unquote(path).rstrip("/"), dict(pairs))):
        return found
    path = re.sub(r"/{2,}", "/", path) if "://" not in path else path
    path = _article_path(_INDEX.sub("/", path) if _INDEX.fullmatch(path[path.rfind("/") :]) else path)
    kept = sorted((name, value) for name, value in pairs if not _only_arrival(name, value))
    port = f":{parsed.port}" if parsed.port not in {80, 443, None} else ""
    query = f"?{urlencode(kept)}" if kept else ""
    route = f"#{fragment}" if fragment[:1] in {"!", "/"} and len(fragment) > 1 else ""
    return f"{host}{port}{path}{query}{route}"


def _host(host: str) -> str:
    """A host without the labels for phones, AMP and `www`, wherever what stays still names a site."""
    labels = host.rstrip(".").split(".")
    while len(labels) > 2 and labels[0] in _WAYS_IN and _names_site(labels[1:]):
        labels = labels[1:]
    if len(labels) > 3 and labels[1] in {"m", "mobile"} and _names_site(labels[2:]):
        del labels[1]  # en.m.wikipedia.org
    return ".".join(labels)


def _names_site(labels: list[str]) -> bool:
    return len(labels) > 1 and not (len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _REGISTRIES)


def _article_path(path: str) -> str:
    """A path without the marks of an AMP page and without its last slash."""
    path = re.sub(r"\.amp(?=\.html?$|$)", "", path.rstrip("/"))
    segments = path.split("/")
    if len(segments) > 2 and segments[-1] == "amp":
        del segments[-1]
    elif len(segments) > 3 and segments[1] == "amp":
        del segments[1]
    return "/".join(segments)


def _only_arrival(name: str, value: str) -> bool:
    if _ARRIVAL.fullmatch(name) or value.lower() in _VIEWS.get(name.lower(), ()):
        return True
    if name.lower() == "ref":
        return not _REFERENCE.search(value)
    if _CHANNEL.fullmatch(name) and _CHANNELS.fullmatch(value):
        return True
    return bool(_SESSION.fullmatch(name) and _SESSION_VALUE.fullmatch(value))


def _inner(host: str, path: str, query: dict[str, str]) -> str | None:
    """The address that a cache or a redirect carries in its own."""
    if host.endswith(_CACHES):
        found = _AMP_CACHE.fullmatch(path)
        return found[1] if found else None
    if host.split(".")[0] == "google" and (found := re.fullmatch(r"/amp(?:/s)?/([^/]+\.[^/]+.*)", path)):
        return found[1]
    if host.split(".")[0] == "google" and path == "/url":
        return query.get("url") or query.get("q")
    if host in {"l.facebook.com", "lm.facebook.com"} and path == "/l.php":
        return query.get("u")
    return None


# -- services whose pages have an id ---------------------------------------------------------------------------------

_Rule = Callable[[str, str, dict[str, str]], str | None]


def _youtube(host: str, path: str, query: dict[str, str]) -> str | None:
    if host == "youtu.be":
        video = path.strip("/").partition("/")[0]
    elif path == "/watch":
        video = query.get("v", "")
    else:
        found = re.fullmatch(r"/(?:shorts|embed|live|v|e)/([\w-]+).*", path)
        video = found[1] if found and found[1] != "videoseries" else ""
    return f"youtube.com/watch?v={video}" if re.fullmatch(r"[\w-]{6,20}", video) else None


def _x(host: str, path: str, query: dict[str, str]) -> str | None:
    if found := re.fullmatch(r"/(?:i/web|i|\w{1,20})/status(?:es)?/(\d+)(?:/.*)?", path):
        return f"x.com/i/status/{found[1]}"
    if found := re.fullmatch(r"/(\w{1,20})", path):
        return f"x.com/{found[1].lower()}"
    return f"x.com{path}?{urlencode(sorted(query.items()))}" if path in {"/search", "/intent/post"} else f"x.com{path}"


def _facebook(host: str, path: str, query: dict[str, str]) -> str | None:
    post = query.get("story_fbid") if path in {"/permalink.php", "/story.php"} else None
    owner = query.get("id", "")
    if found := re.fullmatch(r"/([^/]+)/posts/(?:[^/]+/)?([\w-]+)", path):
        owner, post = found[1].lower(), found[2]
    if post:
        alone = post.startswith("pfbid") or len(post) >= 15  # unique without its owner
        return f"facebook.com/posts/{post}" if alone else f"facebook.com/{owner}/posts/{post}"
    if found := re.fullmatch(r"/groups/([^/]+)/(?:posts|permalink)/(\w+)", path):
        return f"facebook.com/groups/{found[1].lower()}/posts/{found[2]}"
    if path in {"/watch", "/video.php", "/watch/live"} and query.get("v"):
        return f"facebook.com/videos/{query['v']}"
    if found := re.fullmatch(r"/(?:[^/]+/videos(?:/[^/]+)?|reel|videos)/(\d+)", path):
        return f"facebook.com/videos/{found[1]}"
    if path in {"/photo", "/photo.php"} and query.get("fbid"):
        return f"facebook.com/photos/{query['fbid']}"
    if found := re.fullmatch(r"/[^/]+/photos/(?:[^/]+/)?(\d+)", path):
        return f"facebook.com/photos/{found[1]}"
    if found := re.fullmatch(r"/([\w.]+)", path):
        return f"facebook.com/{found[1].lower()}" if not found[1].endswith(".php") else None
    return None


def _instagram(host: str, path: str, query: dict[str, str]) -> str | None:
    if found := re.fullmatch(r"(?:/[\w.]+)?/(?:p|reels?|tv)/([\w-]+)(?:/embed.*)?", path):
        return f"instagram.com/p/{found[1]}"
    return f"instagram.com{path.lower()}" if re.fullmatch(r"/[\w.]+", path) else None


def _tiktok(host: str, path: str, query: dict[str, str]) -> str | None:
    found = re.fullmatch(r"/(?:@[\w.-]*/(?:video|photo)|embed(?:/v\d)?|player/v1|v)/(\d+)(?:\.html)?", path)
    return f"tiktok.com/video/{found[1]}" if found else None


def _telegram(host: str, path: str, query: dict[str, str]) -> str | None:
    if found := re.fullmatch(r"(?:/s)?/(\w+)(/\d+)?", path):
        comment = f"?comment={query['comment']}" if "comment" in query else ""
        return f"t.me/{found[1].lower()}{found[2] or ''}{comment}"
    return None


def _reddit(host: str, path: str, query: dict[str, str]) -> str | None:
    if host == "redd.it":
        found = re.fullmatch(r"/(\w+)", path)
        return f"reddit.com/comments/{found[1]}" if found else None
    if found := re.fullmatch(r"(?:/(?:r|user)/\w+)?/comments/(\w+)(?:/[^/]*(?:/(\w+))?)?", path):
        return f"reddit.com/comments/{found[1]}{f'/_/{found[2]}' if found[2] else ''}"
    return None


def _wikimedia(host: str, path: str, query: dict[str, str]) -> str | None:
    title = query.get("title") if path == "/w/index.php" and set(query) == {"title"} else None
    if path.startswith("/wiki/") and not query:
        title = path.removeprefix("/wiki/")
    return str(URL.build(scheme="https", host=host, path=f"/wiki/{title.replace(' ', '_')}"))[8:] if title else None


def _archive(host: str, path: str, query: dict[str, str]) -> str | None:
    return f"archive.today{path}" if re.fullmatch(r"/\w{4,6}", path) else None


_SERVICES: dict[str, _Rule] = {
    **dict.fromkeys(("youtube.com", "youtu.be", "youtube-nocookie.com", "music.youtube.com"), _youtube),
    **dict.fromkeys(("x.com", "twitter.com"), _x),
    **dict.fromkeys((".facebook.com", "fb.com"), _facebook),
    **dict.fromkeys(("instagram.com", "instagr.am"), _instagram),
    "tiktok.com": _tiktok,
    **dict.fromkeys(("t.me", "telegram.me", "telegram.dog"), _telegram),
    **dict.fromkeys((".reddit.com", "redd.it"), _reddit),
    **dict.fromkeys((".wikipedia.org", ".wikinews.org", ".wikiquote.org", ".wikisource.org"), _wikimedia),
    **dict.fromkeys((f"archive.{end}" for end in ("today", "is", "ph", "li", "vn", "fo", "md")), _archive),
}
_FAMILIES = (*(each for each in _SERVICES if each.startswith(".")), *_CACHES)
