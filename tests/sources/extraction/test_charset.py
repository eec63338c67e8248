"""Charsets: what browsers decode, stated wrongly, changed by the server alone, and damaged."""

import time

import pytest

from sources.extraction.charset import decode, is_damaged

RUSSIAN = "Комиссия осмотрела сорок плотин и закрыла девять."
GERMAN = "Die Behörde prüfte 40 Dämme – „gründlich“, hieß es."
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy."
JAPANESE = "当局は四十のダムを調べ、九つを閉鎖した。"
GREEK = "Η επιτροπή έλεγξε σαράντα φράγματα."
CHINESE = "当局检查了四十座水坝，关闭了其中九座。"
KOREAN = "당국은 댐 마흔 곳을 조사했다."
THAI = "เจ้าหน้าที่ตรวจเขื่อนสี่สิบแห่ง"


@pytest.mark.parametrize(
    ("words", "codec", "header", "meta", "charset"),
    [
        # As stated.
        (RUSSIAN, "utf-8", "utf-8", "", "utf-8"),
        (RUSSIAN, "cp1251", "windows-1251", "", "windows-1251"),
        (RUSSIAN, "koi8-r", "", "koi8-r", "koi8-r"),
        (GERMAN, "cp1252", "iso-8859-1", "", "windows-1252"),
        (GERMAN, "cp1252", "us-ascii", "", "windows-1252"),
        (THAI, "cp874", "tis-620", "", "windows-874"),
        ("İstanbul’da şiş", "cp1254", "iso-8859-9", "", "windows-1254"),
        (JAPANESE + "①㈱髙", "cp932", "x-sjis", "", "shift_jis"),
        (JAPANESE, "euc_jp", "euc-jp", "", "euc-jp"),
        (KOREAN + "똠방각하", "cp949", "ks_c_5601-1987", "", "euc-kr"),
        (CHINESE + "€5", "gb18030", "gb2312", "", "gbk"),
        ("𠝹餸", "big5hkscs", "big5", "", "big5"),
        ("联通", "gbk", "gbk", "", "gbk"),
        # Not stated.
        (RUSSIAN, "cp1251", "", "", "windows-1251"),
        (CZECH, "cp1250", "", "", "windows-1250"),
        (JAPANESE, "iso2022_jp", "", "", "iso-2022-jp"),
        (RUSSIAN, "utf-8", "", "", "utf-8"),
        # The server's header is wrong, or became wrong while the bytes stayed the same.
        (RUSSIAN, "utf-8", "windows-1251", "", "utf-8"),
        (GERMAN, "utf-8", "iso-8859-1", "utf-8", "utf-8"),
        (GERMAN, "cp1252", "utf-8", "", "windows-1252"),
        (GERMAN, "cp1252", "big5", "", "windows-1252"),
        (RUSSIAN, "cp1251", "utf-8", "windows-1251", "windows-1251"),
        (RUSSIAN, "cp1251", "iso-8859-1", "windows-1251", "windows-1251"),
        (RUSSIAN, "cp1251", "iso-8859-1", "", "windows-1251"),
        (GREEK, "cp1253", "iso-8859-1", "windows-1253", "windows-1253"),
        (CZECH, "cp1250", "iso-8859-1", "windows-1250", "windows-1250"),
        (JAPANESE, "cp932", "utf-8", "", "shift_jis"),
        (JAPANESE, "euc_jp", "shift_jis", "euc-jp", "euc-jp"),
        (JAPANESE, "iso2022_jp", "utf-8", "", "iso-2022-jp"),
        (CHINESE, "gbk", "iso-8859-1", "gb2312", "gbk"),
        # The page's own statement is wrong, or stands too late for browsers' first look.
        (RUSSIAN, "utf-8", "", "windows-1251", "utf-8"),
        (RUSSIAN, "cp1251", "", "utf-8", "windows-1251"),
        (RUSSIAN, "utf-8", "", "utf-16", "utf-8"),
        (RUSSIAN, "cp1251", "", "  " * 2_000 + "windows-1251", "windows-1251"),
    ],
)
def test_a_page_is_decoded_whatever_is_stated(words: str, codec: str, header: str, meta: str, charset: str) -> None:
    stated = f"{' ' * (len(meta) - len(meta.strip()))}<meta charset='{meta.strip()}'>" if meta else ""
    decoded = decode(f"{stated}<p>{words}".encode(codec), header or None)
    assert decoded.text.endswith(f"<p>{words}")
    assert (decoded.charset, decoded.bad_bytes) == (charset, False)


@pytest.mark.parametrize(
    ("body", "header", "text"),
    [
        (b"\x80\xd6\xd0", "gbk", "€中"),
        (b"\xad\xa1\xc6\xfc", "euc-jp", "①日"),
        (b"a\x81\x93b\x94", "latin1", "a\x81“b”"),
        (b"\xe9", "x-user-defined", "\uf7e9"),
        (b"a\xe4", "macintosh", "a‰"),
        (b"\xef\xbb\xbfK\xc3\xb6ln", "iso-8859-1", "Köln"),
        ("\ufeffKöln".encode("utf-16-le"), "utf-8", "Köln"),
        ("Köln".encode("utf-16-be"), "utf-16be", "Köln"),
        (b"<!-- <meta charset=koi8-r> --><meta charset=windows-1251>\xe6", None, "ж"),
        (b"<meta charset=x-user-defined>\xe9", None, "é"),
        (b"plain", "utf-8", "plain"),
        (b"", None, ""),
    ],
)
def test_characters_are_those_of_browsers(body: bytes, header: str | None, text: str) -> None:
    assert decode(body, header).text.endswith(text)


def test_one_bad_byte_or_a_cut_character_does_not_change_the_charset() -> None:
    for body in (GERMAN.encode() * 3 + b"\xe4 ad", GERMAN.encode() * 3 + "ü".encode()[:1], b"\xff" + RUSSIAN.encode()):
        decoded = decode(body)
        assert (decoded.charset, decoded.bad_bytes, decoded.text.count("\ufffd")) == ("utf-8", True, 1)


def test_a_disagreement_is_said() -> None:
    assert decode("<meta charset=utf-8>Köln".encode(), "iso-8859-1").conflict
    assert decode("Köln".encode("cp1252"), "utf-8").conflict
    assert not decode("Köln".encode("cp1252"), "iso-8859-1").conflict
    assert not decode(b"<meta charset=iso-8859-1>Cologne").conflict


@pytest.mark.parametrize("words", ["BehÃ¶rde prÃ¼ft", "РџСЂРѕРІРµСЂРєР°", "Cafâ€™ â€œnoâ€\x9d", "a\ufffdb", "K\x94ln"])
def test_damaged_words_are_told(words: str) -> None:
    assert is_damaged(words)


@pytest.mark.parametrize(
    "words",
    [
        GERMAN,
        RUSSIAN,
        CZECH,
        GREEK,
        JAPANESE,
        CHINESE,
        KOREAN,
        THAI,
        "plain",
        "São João às 8h",
        "РОССИЯ",
        "ÇALIŞMA",
        "Ærø",
    ],
)
def test_sound_words_are_not_called_damaged(words: str) -> None:
    assert not is_damaged(words)


@pytest.mark.parametrize("body", [b"\x80", b"\xff", b"\xfd\xfd", b"\xe9\x80", b"\x1b$B", b"\x8fa", b"<meta "])
@pytest.mark.parametrize("header", [None, "utf-8", "gbk", "euc-jp", "latin1"])
def test_hostile_bytes_are_decoded_quickly(body: bytes, header: str | None) -> None:
    started = time.process_time()
    decode(body * (2_000_000 // len(body)), header)
    assert time.process_time() - started < 1
