"""Turns the numbers, dates, weekdays and amounts of a text into one normal form; knows nothing of names or documents.

"five", "5" and "5.0" are one number, "$5m" and "5 million dollars" one amount, "Jan. 5", "5th of January" and
"2017-01-05" one day. Spelled numbers are read by text2num; the rest is a short grammar of English news.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from qa.wordlists import MONTHS

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\w:%]|[.,]\d)"
_ISO_DATE = re.compile(r"\b(?P<year>\d{4})-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b")
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}", re.IGNORECASE)
_DAY_MONTH = re.compile(rf"\b(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}", re.IGNORECASE)
_MONTH_ALONE = re.compile(rf"\b{_MONTH}")
_WEEKDAY = re.compile(
    r"\b(?P<day>mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?P<short>mon|tues?|wed|thurs?|fri)\b(?=[.,])",
    re.IGNORECASE,
)
_WEEKDAYS = {day[:2]: day for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}
_TIME = re.compile(r"\b(?P<hour>[01]?\d|2[0-4])(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>[ap])\.?m\b\.?", re.IGNORECASE)
_CLOCK = re.compile(r"\b(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)\b(?!:)")
_DECADE = re.compile(r"\b(?P<century>\d\d)?(?P<tens>\d0)['’]?s\b")
_ORDINAL = re.compile(r"\b(?P<number>\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)

_POWERS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "mn": 6, "bn": 9, "tn": 12}
_SHORT_POWERS = {"k": 3, "m": 6, "b": 9, "t": 12}  # only after a currency: "5m" alone may be metres
_CURRENCIES = {"dollar": "$", "buck": "$", "usd": "$", "pound": "£", "gbp": "£", "euro": "€", "eur": "€", "yen": "¥"}
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<![\w.])\.\d+"
_POWER = r"(?:hundred|thousand|million|billion|trillion|mn|bn|tn)s?\b"
_AMOUNT = re.compile(
    rf"(?P<sign>(?<![\w.)])-)?(?P<currency>[$£€¥]\s*)?(?<![\w.])(?P<digits>{_DIGITS})"
    rf"(?:(?P<short>(?<=\d)[kmbt]\b)|[\s-]*(?P<power>{_POWER}))?"
    r"(?:\s*(?P<percent>%|per\s?cent\b|pct\b)|[\s-]*(?P<coin>(?:dollar|buck|pound|euro)s?|usd|gbp|eur|yen)\b)?",
    re.IGNORECASE,
)
_DOZEN = re.compile(r"\b(?:(?P<count>\d+)\s+|an?\s+)?dozens?\b(?P<of>\s+of)?", re.IGNORECASE)
_NO_NUMBER = re.compile(  # "one" as a pronoun
    r"\b(?:no|each|every|any|some|the|this|that|which|another)[\s-]+ones?\b|\bone\s+(?:of|another|day)\b|\bone['’]s\b",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\b\d+(?:\.\d+){2,}\b")
_CODE = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[^\W\d_])[^\W_]+(?:-[^\W_]+)*")
_LONGEST = 20_000  # characters that are read: a sentence and its quotes are shorter, and time stays bounded


@dataclass(slots=True)
class _Found:
    """Normal forms that a text states, and weaker ones that they imply ("January 5" implies "January")."""

    stated: dict[str, None] = field(default_factory=dict)
    implied: set[str] = field(default_factory=set)

    def add(self, form: str, *implied: str) -> str:
        """Keeps the forms; what is put in their place in the text, so that nothing is read twice."""
        self.stated[form] = None
        self.implied.update(implied)
        return " ; "


def quantities(text: str) -> tuple[str, ...]:
    """The normal forms of all numbers, dates, weekdays, times and amounts of `text`, each once."""
    return tuple(_read(text).stated)


def missing_quantities(text: str, source: str) -> tuple[str, ...]:
    """The quantities of `text` that `source` does not state: "in May" is held by "on May 5", "5" by "5 %"."""
    given = _read(source)
    return tuple(form for form in _read(text).stated if form not in given.stated and form not in given.implied)


def is_date(form: str) -> bool:
    """Whether a quantity's normal form is a day, a month or a weekday, rather than a number."""
    return form in _WEEKDAYS.values() or (form[:3] in MONTHS and form[3:4] in ("", " "))


@lru_cache(maxsize=256)
def _read(text: str) -> _Found:
    found = _Found()
    rest = _in_digits(text[:_LONGEST])
    steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
        (_ISO_DATE, lambda m: found.add(m["year"]) + _date(found, int(m["month"]), m["day"])),
        (_MONTH_DAY, lambda m: _date(found, _month(m["month"]), m["day"])),
        (_DAY_MONTH, lambda m: _date(found, _month(m["month"]), m["day"])),
        (_MONTH_ALONE, lambda m: found.add(MONTHS[_month(m["month"]) - 1])),
        (_WEEKDAY, lambda m: found.add(_WEEKDAYS[(m["day"] or m["short"])[:2].casefold()])),
        (_TIME, lambda m: found.add(_time(m))),
        (_CLOCK, lambda m: found.add(f"{int(m['hour'])}:{m['minute']}")),
        (_DECADE, lambda m: found.add(f"{m['century'] or ''}{m['tens']}s", f"{m['tens']}s")),
        (_ORDINAL, lambda m: found.add(f"no. {_plain(m['number'])}", _plain(m["number"]))),
        (_DOZEN, lambda m: " ; " if m["of"] and not m["count"] else found.add(_plain(str(12 * int(m["count"] or 1))))),
        (_VERSION, lambda m: found.add(m.group())),
        (_AMOUNT, lambda m: _amount(found, m)),
        (_CODE, lambda m: found.add(m.group().casefold())),
    )
    for pattern, take in steps:
        rest = pattern.sub(take, rest)
    return found


def _in_digits(text: str) -> str:
    """`text` with spelled numbers in digits: "twenty-five" becomes "25", "third" "3rd"."""
    from text_to_num import alpha2digit

    flat = unicodedata.normalize("NFKC", text).translate(_DASHES)
    flat = _NO_NUMBER.sub(" ; ", flat)
    flat = re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])", " ", flat)
    # a figure before a power first: text2num would read "2.5 million" as two numbers
    flat = re.sub(rf"({_DIGITS})[\s-]*({_POWER})", lambda m: _times(m[1], _power(m[2])), flat, flags=re.IGNORECASE)
    return str(alpha2digit(flat, "en", threshold=0))


def _date(found: _Found, month: int, day: str) -> str:
    if not (1 <= month <= 12 and 1 <= int(day) <= 31):
        return found.add(_plain(day))
    return found.add(f"{MONTHS[month - 1]} {int(day)}", MONTHS[month - 1])


def _month(name: str) -> int:
    return MONTHS.index(name[:3].casefold()) + 1


def _time(match: re.Match[str]) -> str:
    hour = int(match["hour"]) % 12 + (12 if match["half"].casefold() == "p" else 0)
    return f"{hour}:{match['minute'] or '00'}"


def _amount(found: _Found, match: re.Match[str]) -> str:
    coin = (match["coin"] or "").casefold()
    currency = (match["currency"] or "").strip() or _CURRENCIES.get(coin.rstrip("s"), "")
    if match["short"] and not currency:
        return match.group()  # "5m": no number by itself, read as a code
    number = _times(match["digits"], _SHORT_POWERS[match["short"].casefold()] if match["short"] else 0)
    number = _times(number, _power(match["power"]) if match["power"] else 0)
    if match["sign"]:
        number = f"-{number}"
    if match["percent"]:
        return found.add(f"{number}%", number)
    return found.add(f"{currency}{number}", number)


def _power(word: str) -> int:
    return _POWERS[word.casefold().rstrip("s")]


def _times(digits: str, power: int) -> str:
    """`digits` times ten to the `power`, as a plain decimal; by moving the point, so any length is exact."""
    whole, _, fraction = digits.replace(",", "").partition(".")
    return _plain(f"{whole}{fraction[:power].ljust(power, '0')}.{fraction[power:]}")


def _plain(digits: str) -> str:
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
