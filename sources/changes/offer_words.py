"""Recognise a short line that offers the rest of an article to those who register, log in or pay, in many languages.

Such a line stands where the article was cut. Elsewhere on a page it says nothing: every site has a log-in button.
"""

import re

from sources.changes.running_text import width

_LONGEST = 160  # of a button, or a sentence above one
_LONGEST_ALONE = 40  # of a button that only says to read on; a longer one names another article


def is_offer(line: str) -> bool:
    """Whether a line asks readers to register, or to go on reading, and for no other purpose."""
    if width(line) > _LONGEST or _FOR_ANOTHER_PURPOSE.search(line):
        return False
    if _REGISTER.search(line):
        return True
    return width(line) <= _LONGEST_ALONE and ":" not in line and _READ_ON.search(line) is not None


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


# What an offer below the beginning of an article asks for, by words and parts of words: to go on reading, …
_READ_ON = _any(
    r"\b(?:continue|keep|go on) reading\b|\bread on\b|\bread(?:ing)? the (?:rest|full|whole|entire)\b|\bunlock\b",
    r"\bweiter ?(?:zu)?lesen\b|\bfreischalten\b",
    r"\blire la suite\b|\bpoursuivre (?:la|votre) lecture\b|\bcontinuer (?:à|la) lire\b",
    r"\b(?:sigue|seguir|continuar|continúa) (?:leyendo|lendo)\b|\bcontinu(?:e|ar) (?:lendo|a ler)\b",
    r"\bcontinua a leggere\b",
    r"\bverder ?lezen\b|\blees verder\b|\bczytaj dalej\b|\bčíst dál\b|\bläs vidare\b",
    r"\bles(?:e)? videre\b|\blæs videre\b",
    r"\b(?:читать|дочитать) (?:дальше|далее|полностью)\b|\bчитати (?:далі|повністю)\b",
    r"\bokumaya devam\b|\bjatka lukemista\b",
    r"続きを(?:読|見)|全文を読|(?:继续|繼續)(?:阅读|閱讀)|(?:阅读|閱讀)全文",
    r"계속 읽|전체 (?:기사|내용) 보기|متابعة القراءة|أكمل القراءة",
    r"להמשך קריאה|המשך לקרוא|आगे पढ़|पूरा पढ़|ادامه مطلب|συνέχεια ανάγνωσης|συνεχίστε την ανάγνωση",
    r"đọc tiếp|อ่านต่อ",
)
# … or to register, …
_REGISTER = _any(
    r"\b(?:register|registration|sign[ -]?(?:up|in)|log[ -]?in|subscri(?:be|ption))\b",
    r"\bcreate (?:an?|your)(?: \w+)? (?:account|profile)",
    r"registrier|\banmeld(?:en|ung)\b|\bkonto (?:anlegen|erstellen)|abonnieren",
    r"\b(?:inscrivez|connectez|abonnez)-vous\b|\binscription\b",
    r"\bcré(?:er|ez) (?:un|votre) compte|regístr",
    r"\bregist[ae]-se\b|registr(?:arse|ate|e-se|ar-se|ati|eren|eer|era|uj|ace|ovat)|\bcrea(?:r)? (?:una |tu )?cuenta",
    r"\binicia(?:r)? sesión|\bsuscr[ií]b|\bcri(?:e|ar) (?:uma |sua )?conta|\bassine\b|\baccedi\b",
    r"\babbonati\b|\biscriviti\b|\binloggen\b",
    r"\bzaloguj|\bzałóż konto|\bpřihl(?:aste|ásit)|\blogga in\b|\blogg? ind?\b",
    r"\bopret (?:en )?(?:konto|profil)|\brekisteröidy|\bkirjaudu",
    r"регистр|\bвойдите\b|\bвойти\b|\bподпис(?:аться|ка|ывайтесь)\b|\bреєстр|зареєструй|\bувійти\b",
    r"\bkaydol|\büye ol|\bgiriş yap",
    r"会員登録|無料登録|ログイン|(?:免费|免費)?(?:注册|註冊)|登录|登錄",
    r"회원 ?가입|로그인|تسجيل|سجّ?ل|הירשמ|התחבר|रजिस्टर|पंजीकर|लॉग ?इन|ثبت.?نام",
    r"εγγραφ|συνδεθείτε|đăng (?:ký|nhập)|สมัครสมาชิก|ลงทะเบียน|เข้าสู่ระบบ|\bdaftar\b|\bregisztrál|\bînregistr",
)
# … unless for something else.
_FOR_ANOTHER_PURPOSE = _any(
    r"\bcomment|\bkomment|\bcoment|\bcommento|\breageren\b|\bkoment|коммент|комент|\byorum|コメント|评论|評論",
    r"댓글|تعليق|תגוב|टिप्पणी",
    r"newsletter|lettre d.info|boletín|boletim|nieuwsbrief|рассылк|розсилк|bülten|ニュースレター|メルマガ|뉴스레터",
    r"النشرة|\balerts?\b",
    r"\bevents?\b|\bveranstaltung|\bvote|\babstimm|\bpetition|\bwebinar|\bworkshop|\bvolunteer",
    r"\bto (?:share|save|follow|vote)\b",
)
