"""What the age rules know about languages: how to count words, negations, joining words, vague words, yes and no.

A language that is not in a table is not measured by that rule; its readers and the pretest decide. Each list is short
on purpose: a word stands here only if it is wrong wherever it appears in a question.
"""

import re
import unicodedata

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
STRETCH = "\u0640"  # the line that makes an Arabic word longer
FEWER_WORDS = {"ru": 2, "uk": 2}
QUESTION_MARKS = {"ar": "؟", "fa": "؟", "ur": "؟"}
OPENING_MARKS = {"es": "¿"}

NO_AND_YES = {
    "en": ("no", "yes"),
    "ru": ("нет", "да"),
    "uk": ("ні", "так"),
    "fr": ("non", "oui"),
    "es": ("no", "sí"),
    "ar": ("لا", "نعم"),
    "sw": ("hapana", "ndiyo"),
}

NEGATIONS = {
    "en": ("not", "no", "never", "without", "unless", "except", "nobody", "nothing", "none", "cannot"),
    "ru": ("не", "ни", "нет", "без", "никогда", "никто", "никого", "ничего", "нельзя"),
    "uk": ("не", "ні", "без", "ніколи", "ніхто", "нікого", "нічого", "немає", "нема"),
    "fr": ("ne", "pas", "jamais", "sans", "aucun", "aucune"),
    "es": ("no", "nunca", "sin", "jamás", "nadie", "ninguno", "ninguna", "tampoco"),
    # ألم is left out: without vowel signs it is also "pain".
    "ar": ("لا", "لم", "لن", "ليس", "ليست", "بدون", "بلا", "ولا", "ولم", "أليس", "ألا"),
    "sw": ("bila", "kamwe", "si", "sio", "siyo", "hakuna"),
}
SHORT_NEGATION = {
    "en": re.compile(r"n['’]t\b", re.IGNORECASE),
    "fr": re.compile(r"\bn['’](?!importe)", re.IGNORECASE),
}
# Swahili puts its "not" inside the verb: ha-…-i, haku-…, si-…-i, siku-…. Some words only look like it, so this is a
# warning. hu- is left out: hukujibu is "did not answer" and also "they answer you".
PERHAPS_NEGATION = {
    "sw": re.compile(
        r"\b(?!(?:haki|habari|hali|hatari|hadi|hadhi|hakimu|siri|sisi|sikukuu|sikuzote)\b)"
        r"(?:(?:ha|si)[a-z]{2,}i|(?:ha|si|hatu|hawa|ham)ku[a-z]{3,})\b",
        re.IGNORECASE,
    )
}

JOINING = {
    "en": ("and", "or"),
    "ru": ("и", "или", "либо"),
    "uk": ("і", "й", "та", "або", "чи"),
    "fr": ("et", "ou"),
    "es": ("y", "e", "o", "u"),
    "ar": ("أو", "و"),
    "sw": ("na", "au", "ama"),
}
# Arabic writes "and" as one letter before the next word; before the article it is nearly always that. A warning.
PERHAPS_JOINING = {"ar": re.compile(r"\bوال(?!د)\w{2,}")}
# Ukrainian asks with чи and says "whether" with it; only between two things does it join.
NOT_JOINING = {"uk": re.compile(r"(?:^|[,:])\s*чи\b", re.IGNORECASE)}
# Two words, one idea; each was read by a person before it came here. Swahili "na" is also "with".
FIXED_PAIRS = {
    "en": ("brothers and sisters", "see or call", "show you or tell you", "strengths and interests"),
    "ru": ("братья и сёстры", "видеться или созваниваться", "показали или рассказали", "сильных сторонах и интересах"),
    "uk": ("брати й сестри", "показали чи розповіли", "сильні сторони й інтереси"),
    "fr": ("frères et sœurs", "voir ou appeler", "montré ou dit", "points forts et tes goûts"),
    "es": ("hermanos y hermanas", "ver o llamar", "te mostró o te contó", "cualidades e intereses"),
    "ar": ("لقاء أسرتك أو الاتصال بها", "ما كتبوه أو أخبرك به"),
    "sw": (
        "kaka na dada", "kuona familia yako au kuipigia simu", "ulionyeshwa au kuambiwa",
        "uwezo wako na mambo unayopenda", "kuishi na", "ungeishi na", "kukutana na familia", "uwasiliane na familia",
        "kutembeleana na familia", "kuwasiliana kiasi gani na familia", "unakubaliana na",
    ),
}  # fmt: skip

VAGUE = {
    "en": (
        "often", "usually", "sometimes", "rarely", "regularly", "frequently", "seldom", "normally", "generally",
        "occasionally", "always",
    ),
    "ru": ("часто", "обычно", "иногда", "редко", "регулярно", "постоянно", "всегда", "время от времени"),
    "uk": ("часто", "зазвичай", "іноді", "інколи", "рідко", "регулярно", "постійно", "завжди", "час від часу"),
    "fr": (
        "souvent", "parfois", "quelquefois", "rarement", "régulièrement", "fréquemment", "généralement", "normalement",
        "habituellement", "toujours", "de temps en temps",
    ),
    "es": (
        "a menudo", "a veces", "algunas veces", "muchas veces", "rara vez", "raramente", "regularmente",
        "frecuentemente", "generalmente", "normalmente", "usualmente", "siempre", "de vez en cuando",
    ),
    "ar": ("أحيانا", "غالبا", "عادة", "نادرا", "دائما", "بانتظام", "كثيرا ما"),
    "sw": ("mara kwa mara", "mara nyingi", "mara chache", "kwa kawaida", "wakati mwingine", "nadra", "daima"),
}  # fmt: skip
ANCHORS = {
    "en": ("day", "week", "month", "year", "days", "weeks", "months", "years", "now", "before"),
    "ru": (
        "день", "дня", "дней", "неделя", "неделю", "недели", "месяц", "месяца", "год", "года", "сейчас", "раньше",
        "прежде",
    ),
    "uk": (
        "день", "дня", "днів", "тиждень", "тижня", "тижні", "місяць", "місяця", "рік", "року", "зараз", "раніше",
        "досі",
    ),
    "fr": ("jour", "jours", "semaine", "semaines", "mois", "an", "ans", "année", "années", "maintenant", "avant"),
    "es": ("día", "días", "semana", "semanas", "mes", "meses", "año", "años", "ahora", "antes"),
    "ar": ("يوم", "يوميا", "أيام", "أسبوع", "أسبوعيا", "أسابيع", "شهر", "شهريا", "أشهر", "سنة", "الآن", "قبل"),
    "sw": ("siku", "wiki", "mwezi", "miezi", "mwaka", "miaka", "sasa", "awali", "kabla"),
}  # fmt: skip

# Asking for one of these would tell us who the child is.
_IDENTIFYING = {
    "en": r"\byour (full |first |last |family )?(name|surname|address|e-?mail|birthday|passport)\b"
    r"|\b(phone|telephone) number\b|\bdate of birth\b|\bwhen were you born\b|\bname of (your|the) school\b",
    "ru": r"\b(тво\w+|ваш\w*|полн\w+) (имя|фамили\w+|отчеств\w+|адрес\w*|паспорт\w*|телефон\w*|почт\w+)\b"
    r"|\bтебя зовут\b|\bномер\w* телефона\b|\bдат\w+ рождения\b|\bд(ень|ня) рождения\b|\bкогда ты родил\w+"
    r"|\bназвание (твоей )?школы\b|\bкак называется твоя школа\b",
    "uk": r"\b(тво\w+|повне) (ім['’ʼ]я|прізвище|адрес\w+|паспорт\w*|телефон\w*|пошт\w+)\b|\bтебе (звати|звуть)\b"
    r"|\bномер\w* телефону\b|\bдат\w+ народження\b|\bд(ень|ня) народження\b|\bколи ти народи\w+"
    r"|\bназва (твоєї )?школи\b|\bяк називається твоя школа\b",
    "fr": r"\bton (nom|prénom|adresse|anniversaire|passeport|e-?mail)\b|\b(tu t|t)['’]appelles\b"
    r"|\bnuméro de téléphone\b|\bdate de naissance\b|\bes-tu née?\b|\bnom de (ton|l['’])\s?école\b",
    "es": r"\btu (nombre|apellidos?|dirección|correo|cumpleaños|pasaporte|teléfono)\b|\bte llamas\b"
    r"|\bnúmero de teléfono\b|\bfecha de nacimiento\b|\bcuándo naciste\b|\bnombre de tu (escuela|colegio)\b",
    "ar": r"\b(اسمك|لقبك|عنوانك|هاتفك|جواز سفرك)\b|\bرقم (الهاتف|هاتفك)\b|\b(تاريخ|عيد) (الميلاد|ميلادك)\b|\bمتى ولدت\b"
    r"|\bاسم مدرستك\b",
    "sw": r"\bjina lako\b|\bunaitwa nani\b|\banwani yako\b|\b(namba|nambari) (ya|yako ya) simu\b"
    r"|\b(tarehe|siku)( yako)? ya kuzaliwa\b|\bulizaliwa lini\b|\bjina la shule\b",
}
IDENTIFYING = {language: re.compile(pattern, re.IGNORECASE) for language, pattern in _IDENTIFYING.items()}
PLACEHOLDER = re.compile(r"[{}\[\]<>]|%\(|%s|\$")


def plain(text: str) -> str:
    """The text as it is counted: letters put together, without vowel signs and stretching (قليلًا is one word)."""
    whole = unicodedata.normalize("NFC", text).replace(STRETCH, "")
    return "".join(sign for sign in whole if unicodedata.category(sign) != "Mn")


def split(text: str) -> list[str]:
    """The words of a text."""
    return WORD.findall(plain(text))


def has_any(text: str, listed: tuple[str, ...]) -> str:
    """The first of the listed words (or phrases) that stands in the text, or nothing."""
    line = f" {' '.join(split(text.lower()))} "
    return min((one for one in listed if f" {one} " in line), key=lambda one: line.index(f" {one} "), default="")


def negation(text: str, language: str) -> str:
    """The first negation that stands in a question for certain, or nothing."""
    short = SHORT_NEGATION.get(language)
    found = short.search(plain(text)) if short else None
    return has_any(text, NEGATIONS.get(language, ())) or (found[0] if found else "")


def joining(text: str, language: str) -> str:
    """What joins two ideas for certain, or nothing."""
    left = without_pairs(text, language)
    return has_any(left, JOINING.get(language, ())) or next((sign for sign in "/;" if sign in left), "")


def perhaps(text: str, language: str, patterns: dict[str, re.Pattern[str]]) -> str:
    """What looks like one of the patterns of a language, or nothing: only a person can tell."""
    found = patterns[language].search(without_pairs(text, language)) if language in patterns else None
    return found[0] if found else ""


def without_pairs(text: str, language: str) -> str:
    """The text with fixed pairs taken out."""
    text = plain(text)
    if language in NOT_JOINING:
        text = NOT_JOINING[language].sub(" ", text)
    for pair in FIXED_PAIRS.get(language, ()):
        text = re.sub(rf"\b{re.escape(plain(pair))}\b", " ", text, flags=re.IGNORECASE)
    return text
