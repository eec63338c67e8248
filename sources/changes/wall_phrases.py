"""Phrases of bot walls, error pages, log-in forms, consent banners and paywalls, as patterns in many languages.

All patterns ignore case. Those for titles, headings and lines are used with `fullmatch` on lower-case text without
punctuation at the ends. None of them decides alone: see `sources.changes.page_outcome`.
"""

import re


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases), re.I)


WALL = _any(
    # English
    r"(?:verify|confirm|prove|check|ensure|make sure)(?:ing)?(?: that)? you(?:'|’)?(?:re| are)?(?: a| an)?"
    r" (?:human|not a (?:ro)?bot|real person)",
    r"verif(?:y|ying) (?:you|that you|your browser|your identity|the security of your connection)",
    r"checking (?:your browser|if the site connection is secure)",
    r"(?:complete|solve|pass|finish) (?:the|this|a) (?:captcha|security check|challenge|puzzle)",
    r"(?:are you|you are not|i(?:'|’)?a?m not) a robot",
    r"enable (?:javascript and cookies|cookies and javascript|js and cookies) to continue",
    r"(?:javascript|cookies) (?:is|are) (?:disabled|required)[^.\n]{0,40}(?:to continue|verify)",
    r"unusual (?:traffic|activity)[^.\n]{0,40} from your|automated (?:requests|queries|access)|suspicious activity",
    r"you (?:don(?:'|’)?t|do not) have permission to access|you have been blocked",
    r"access to this page has been denied",
    r"something about your browser made us think|press (?:&|and) hold",
    r"needs to review the security of your connection",
    # German, French, Spanish, Portuguese, Italian, Dutch
    r"(?:bestätigen sie|überprüfen|bestätige)[^.\n]{0,40}(?:mensch|kein (?:ro)?bot)|ich bin kein roboter",
    r"ihr browser wird überprüft|ungewöhnlichen? (?:datenverkehr|aktivität)",
    r"(?:vérifie[zr]?|confirme[zr]?|prouvez)[^.\n]{0,40}(?:humain|pas un robot)|je ne suis pas un robot",
    r"trafic inhabituel",
    r"(?:verifi(?:que|ca|car|quemos)|confirm[ae]|demuestr[ae])[^.\n]{0,40}(?:humano|no (?:eres|es|soy) un robot)",
    r"no soy un robot",
    r"(?:verifi(?:que|car)|confirme)[^.\n]{0,40}(?:humano|não (?:é|sou) um robô)|não sou um robô",
    r"tráf(?:ico|ego) (?:inusual|incomum)",
    r"(?:verifica|conferma)[^.\n]{0,40}(?:umano|non sei un robot)|non sono un robot",
    r"(?:bevestig|controleer|verifieer)[^.\n]{0,40}(?:mens|geen robot)|ik ben geen robot",
    # Polish, Czech, Turkish, Russian, Ukrainian
    r"(?:potwierdź|sprawdzamy|zweryfikuj)[^.\n]{0,40}(?:człowiekiem|robotem)|nie jestem robotem|nejsem robot",
    r"(?:insan|robot) ol(?:duğunuzu|madığınızı)|ben robot değilim",
    r"подтвердите, что вы (?:не робот|человек)|я не робот|проверка (?:вашего )?браузера|підтвердьте, що ви",
    r"я не робот",
    # Arabic, Persian, Hebrew, Hindi, Indonesian, Vietnamese
    r"تحقق من أنك (?:إنسان|بشر)|أنا لست (?:برنامج )?روبوت|تأكد من أنك لست روبوت|من ربات نیستم",
    r"אני לא רובוט|אמת שאתה אנושי|मैं रोबोट नहीं|सत्यापित करें कि आप (?:इंसान|मनुष्य)",
    r"(?:verifikasi|pastikan) bahwa anda (?:manusia|bukan robot)|saya bukan robot",
    r"tôi không phải (?:là )?(?:người máy|robot)|xác minh bạn là con người",
    # Chinese, Japanese, Korean, Thai
    r"(?:请|請)?(?:验证|驗證|确认|確認)(?:您|你)(?:是|不是|是否)(?:真人|人类|人類|机器人|機器人)|(?:安全|人机)验证|安全驗證|我不是(?:机器人|機器人)|访问过于频繁",
    r"(?:あなたが)?(?:人間|ロボットで(?:は)?ない)(?:である)?ことを(?:確認|証明)|私はロボットではありません|通常とは異なるトラフィック",
    r"(?:사람|로봇이 아닌지|로봇이 아님을?)[^.\n]{0,10}(?:확인|인증)|비정상적인 (?:트래픽|접근)",
    r"ยืนยันว่าคุณเป็นมนุษย์|ฉันไม่ใช่โปรแกรมอัตโนมัติ",
)

WALL_TITLE = _any(
    r"just a moment|one moment(?:,? please)?|please wait|attention required|access (?:to this page has been )?denied",
    r"pardon our interruption|(?:robot|bot|security|browser|human)[ -](?:check|verification|challenge)",
    r"(?:captcha|are you (?:a robot|human)|verify(?:ing)? (?:you are human|your (?:browser|connection)))",
    r"request blocked",
    r"you have been blocked|checking your browser|ddos[- ]guard|blocked|forbidden|unusual traffic(?: detected)?",
    r"einen moment(?: bitte)?|nur einen moment|zugriff verweigert|sicherheitsüberprüfung|un instant|accès refusé",
    r"un momento|acceso denegado|um momento|acesso negado|accesso negato|toegang geweigerd|odmowa dostępu",
    r"доступ (?:ограничен|запрещ[её]н)|один момент|access restricted|请稍候|安全验证|访问验证|しばらくお待ちください",
    r"アクセスが拒否されました|잠시만 기다려 ?주세요|접근이 거부되었습니다|تم رفض الوصول",
)

REFERENCE = _any(
    r"\bray id\b|\breference ?(?:#|id|number|no\.?)|\bincident (?:id|number)|\b(?:request|support|event|block) id\b",
    r"\byour ip(?: address)?\b|\bip(?: address)? ?: ?(?:\d{1,3}\.){3}\d|\berror (?:code|reference) ?:? ?1\d{3}\b",
    r"performance (?:&|and) security by cloudflare|deine ip|ihre ip-?adresse|votre (?:adresse )?ip",
    r"su (?:dirección )?ip",
)

NOT_FOUND = _any(
    r"(?:http )?(?:error|fehler|erreur|error de|erro|errore|fout|ошибка|エラー|错误)? ?404(?:"
    r" ?(?:error|errors|fehler|erreur))?",
    # each optionally with a number before or after it
    *(
        rf"(?:(?:(?:error|fehler|erreur|erro|errore|ошибка)? ?404 ?[:–—-]? ?)?(?:{words})"
        r"(?: ?[(:–—-]? ?(?:error )?404\)?)?)"
        for words in (
            r"(?:(?:oops|sorry|uh[- ]oh|whoops)[^a-z]{1,6})?(?:(?:the|this|that) )?(?:requested )?"
            r"(?:page|file|document|article|content|url|resource)(?: or directory)?"
            r"(?: you (?:requested|(?:are|were) looking for))? "
            r"(?:(?:is|was|has been|could|can) ?(?:not|n't)|cannot|can't|couldn't|not|wasn't)(?: be)? found",
            r"not found|(?:oops[^a-z]{1,6})?nothing (?:was )?found",
            r"(?:oops[^a-z]{1,6})?(?:we )?(?:can't|cannot|couldn't|could not) find "
            r"(?:that|the|this|your) page(?: you(?:'re| are) looking for)?",
            r"(?:(?:the|this|that) )?(?:requested )?page (?:you requested )?(?:does not|doesn't|no longer) exists?",
            r"(?:this )?page (?:is )?(?:not available|unavailable|no longer available|missing)",
            r"(?:die )?(?:gewünschte |angeforderte )?seite (?:wurde |konnte )?(?:leider )?nicht gefunden(?:"
            r" werden)?",
            r"(?:diese |die )?seite (?:existiert nicht(?: mehr)?|ist nicht (?:mehr )?verfügbar)",
            r"(?:la )?page (?:demandée |que vous (?:cherchez|demandez) )?(?:est |n'est |n'a )?(?:pas (?:été"
            r" )?trouvée|non trouvée|introuvable|inexistante)",
            r"(?:cette |la )?page n'existe (?:pas|plus)",
            r"(?:la )?página (?:solicitada )?(?:no (?:ha sido )?encontrada|no existe|no disponible)",
            r"no se (?:ha )?encontr(?:ó|ado) la página|no encontramos la página",
            r"(?:a )?página (?:solicitada )?(?:não (?:foi )?encontrada|não existe|inexistente)",
            r"não encontramos (?:a|esta) página",
            r"(?:la )?pagina (?:richiesta )?(?:non (?:è stata )?trovata|non esiste|inesistente)",
            r"(?:de )?pagina (?:is |werd )?niet (?:gevonden|beschikbaar)|(?:deze )?pagina bestaat niet(?: meer)?",
            r"nie znaleziono strony|strona nie (?:została znaleziona|istnieje)|strony nie znaleziono",
            r"stránka (?:nebyla nalezena|nebola nájdená|nenájdená)|stránka (?:nenalezena|neexistuje)",
            r"страница (?:не найдена|не существует|удалена)|сторінк[ау] не (?:знайдено|знайдена|існує)",
            r"страницата не е намерена|страница није пронађена|stranica nije pronađena",
            r"sayfa bulunamadı|aradığınız sayfa bulunamadı|sidan (?:kunde inte hittas|hittades inte|finns inte)",
            r"sid(?:en|a) (?:blev |ble )?(?:ikke|ikkje) (?:fundet|funnet|finnes)",
            r"siden (?:blev|ble) ikke (?:fundet|funnet)",
            r"sivua ei (?:löydy|löytynyt)|(?:az |a keresett )?oldal nem található",
            r"pagina nu (?:a fost găsită|există)|η σελίδα δεν (?:βρέθηκε|υπάρχει)|lehte ei leitud",
            r"puslapis nerastas|lapa nav atrasta",
            r"(?:お探しの|ご指定の|指定された)?ページ(?:が|は)(?:見つかりません(?:でした)?|存在しません)",
            r"(?:抱歉)?[,， ]?(?:您访问的|您要查找的|您請求的|该|此|該)?(?:页面|頁面|网页|網頁)"
            r"(?:不存在|未找到|找不到|已删除)",
            r"找不到(?:该|此|您要的|該|這個)?(?:页面|頁面|网页|網頁)",
            r"(?:요청하신 )?페이지를 찾을 수 없습니다",
            r"(?:هذه )?الصفحة (?:المطلوبة )?غير موجودة|لم يتم العثور على الصفحة",
            r"صفحه (?:مورد نظر )?(?:یافت|پیدا) نشد|הדף (?:המבוקש )?לא נמצא|העמוד (?:המבוקש )?לא נמצא",
            r"(?:पृष्ठ|पेज) नहीं मिला|halaman tidak ditemukan|không tìm thấy trang|trang không tồn tại",
            r"ไม่พบหน้า(?:ที่(?:คุณ)?(?:ต้องการ|ค้นหา))?|পৃষ্ঠাটি পাওয়া যায়নি",
        )
    ),
)

LOGIN = _any(
    r"(?:please )?(?:log|sign)[ -]?(?:in|on)(?: (?:to|with) .{1,40})?",
    r"(?:member|user|customer|account|subscriber) (?:log|sign)[ -]?in",
    r"(?:you (?:must|need to) |please )?(?:log|sign) in to (?:continue|view|read|access).{0,40}",
    r"authentication required|login required",
    r"anmelden|anmeldung|einloggen|bitte (?:melden sie sich an|anmelden|einloggen)|(?:se )?connecter|connexion",
    r"identifiez-vous",
    r"iniciar sesi[oó]n|inicia sesión|acceder|identifícate|entrar|iniciar sessão|fazer login|accedi|inloggen",
    r"zaloguj(?: się)?|logowanie",
    r"přihlášení|přihlásit se|giriş(?: yap)?|oturum aç|войти|вход|авторизация|увійти|вхід|logga in",
    r"log(?:g)? (?:ind|inn)|kirjaudu(?: sisään)?",
    r"登录|登錄|登入|ログイン|로그인|تسجيل الدخول|ورود|התחברות|כניסה|लॉग ?इन",
    r"masuk|đăng nhập|เข้าสู่ระบบ|σύνδεση|bejelentkezés",
    r"autentificare",
)

CONSENT = _any(
    r"\bcookies?\b|\bconsent\b|\bour (?:\d+ )?partners\b|legitimate interest|privacy (?:policy|settings|choices)",
    r"personal data",
    r"einwilligung|zustimm|datenschutz|unsere partner|consentement|nos partenaires|confidentialité",
    r"données personnelles",
    r"consentimiento|consentimento|privacidad|privacidade|nuestros socios|nossos parceiros|consenso|toestemming",
    r"zgod|souhlas",
    r"çerez|файл[ыів]* cookie|куки|ملفات تعريف الارتباط|クッキー|쿠키|evästeet|informasjonskapsler|εμπιστευτ|süti",
)

CONSENT_BUTTON = _any(
    r"(?:i )?(?:accept|agree|allow|reject|decline|refuse)(?: to)?(?: (?:all|cookies|all cookies|and"
    r" continue|everything|only necessary))?",
    r"(?:yes,? )?i (?:agree|accept|consent)|accept (?:&|and) (?:continue|close)|got it",
    r"manage (?:options|choices|preferences|settings|cookies)",
    r"(?:alle )?(?:cookies )?(?:akzeptieren|ablehnen|zustimmen|annehmen)(?: und weiter)?",
    r"alle (?:akzeptieren|ablehnen)|zustimmen und weiter|einverstanden",
    r"(?:tout |j')?(?:accepter?|refuser?)(?: (?:tout|et continuer|et fermer|les cookies))?",
    r"aceptar(?: (?:todo|todas|y continuar|cookies))?|rechazar(?: todo| todas)?",
    r"aceitar(?: (?:tudo|todos|e continuar|cookies))?|rejeitar(?: tudo| todos)?",
    r"accetta(?: (?:tutto|tutti|e continua))?|rifiuta(?: tutto)?|(?:alles )?(?:accepteren|weigeren)|akkoord",
    r"zgadzam się|(?:za)?akceptuj(?:ę)?(?: wszystk(?:o|ie))?|přijmout(?: vše)?|souhlasím|(?:tümünü )?kabul et",
    r"принять(?: все)?|согласен|прийняти(?: всі)?|godkänn(?: alla)?|aksepter(?: alle)?|hyväksy(?: kaikki)?",
    r"(?:全部)?(?:接受|同意)(?:所有|全部)?(?:cookie)?|すべて(?:許可|同意)(?:する)?",
    r"同意する|모두 (?:동의|허용)|동의|قبول(?: الكل)?|אשר הכל",
    r"terima(?: semua)?|chấp nhận(?: tất cả)?|ยอมรับ(?:ทั้งหมด)?",
)

PAYWALL = _any(
    r"(?:subscribe|register|sign up)(?: now| today)? (?:to|for) (?:continue|read|keep reading|unlock|get"
    r" (?:full|unlimited) access|full access)",
    r"(?:this (?:article|content|story) is|available|exclusive(?:ly)?) (?:only )?(?:for|to) (?:our"
    r" )?(?:subscribers|members)",
    r"already a subscriber|unlock this (?:article|story)",
    r"(?:to )?continue reading[^.\n]{0,40}(?:subscri|account|trial)",
    r"you(?:'|’)ve (?:read|reached) (?:your|all)[^.\n]{0,40}(?:articles|limit)",
    r"(?:jetzt |mit )?(?:weiterlesen|weiter lesen) mit|nur für abonnenten|abonnieren, um",
    r"artikel (?:ist )?(?:nur )?(?:für|mit) (?:abonnenten|plus)",
    r"réservée? aux abonnés|abonnez-vous pour (?:lire|continuer)|il vous reste [^.\n]{0,30} à lire|déjà abonné",
    r"(?:exclusivo|solo|sólo) para suscriptores|suscríbete para (?:seguir|leer)|(?:exclusivo|só) para assinantes",
    r"assine para (?:ler|continuar)",
    r"(?:riservato|solo) (?:agli|per gli) abbonati|abbonati per (?:leggere|continuare)|alleen voor abonnees",
    r"word abonnee om|tylko dla (?:subskrybentów|prenumeratorów)",
    r"доступ(?:но|на|ен)? только (?:по подписке|подписчикам|для подписчиков)",
    r"会員限定|有料会員|订阅(?:后|以)(?:继续)?阅读",
    r"(?:訂閱|订阅)会?员|구독자 전용|للمشتركين فقط",
)
