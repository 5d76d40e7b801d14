"""What the age rules know about languages: how to count words, negations, joining words, vague words."""

import re

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
FEWER_WORDS = {"ru": 2, "uk": 2}
QUESTION_MARKS = ("?", "؟")

NEGATIONS = {
    "en": ("not", "no", "never", "without", "unless", "except", "nobody", "nothing", "none", "cannot"),
    "ru": ("не", "ни", "нет", "без", "никогда"),
    "uk": ("не", "ні", "без", "ніколи"),
    "fr": ("ne", "pas", "jamais", "sans", "aucun", "aucune"),
    "es": ("no", "nunca", "sin", "jamás"),
    "ar": ("لا", "لم", "ليس", "بدون"),
    "sw": ("bila", "kamwe"),
}
ENGLISH_SHORT_NEGATION = re.compile(r"n['’]t\b", re.IGNORECASE)

JOINING = {
    "en": ("and", "or"),
    "ru": ("и", "или"),
    "uk": ("і", "й", "та", "або", "чи"),
    "fr": ("et", "ou"),
    "es": ("y", "e", "o", "u"),
    "ar": ("أو", "و"),
    "sw": ("na", "au"),
}
# Two words, one idea; each was read by a person before it came here.
FIXED_PAIRS = {"en": ("brothers and sisters", "see or call", "show you or tell you", "strengths and interests")}

VAGUE = {
    "en": (
        "often",
        "usually",
        "sometimes",
        "rarely",
        "regularly",
        "frequently",
        "seldom",
        "normally",
        "generally",
        "occasionally",
        "always",
    ),
}
ANCHORS = {"en": ("day", "week", "month", "year", "days", "weeks", "months", "years", "now", "before")}

# Asking for one of these would tell us who the child is.
IDENTIFYING = {
    "en": re.compile(
        r"\byour (full |first |last |family )?(name|surname|address|e-?mail|birthday|passport)\b"
        r"|\b(phone|telephone) number\b|\bdate of birth\b|\bwhen were you born\b|\bname of (your|the) school\b",
        re.IGNORECASE,
    ),
}
PLACEHOLDER = re.compile(r"[{}\[\]<>]|%\(|%s|\$")


def split(text: str) -> list[str]:
    """The words of a text."""
    return WORD.findall(text)


def has_any(text: str, listed: tuple[str, ...]) -> str:
    """The first of the listed words that stands in the text, or nothing."""
    return next((word for word in split(text.lower()) if word in listed), "")


def without_pairs(text: str, language: str) -> str:
    """The text with fixed pairs taken out."""
    for pair in FIXED_PAIRS.get(language, ()):
        text = re.sub(re.escape(pair), "", text, flags=re.IGNORECASE)
    return text
