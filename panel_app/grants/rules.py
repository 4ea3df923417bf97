"""Which names stand in addresses, and what in a public text tells of somebody. Pure."""

from __future__ import annotations

import re

#: What tells of a person, whoever it is: an address, a number to call, a title with a name.
_MAIL, _NUMBER = r"[^\s@<>]+@[^\s@<>]+\.\w+", r"\+?\d[\d \-()]{5,}\d"
_TELLING = re.compile(rf"{_MAIL}|{_NUMBER}|\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\b\.? +\w+")
_REACHING = re.compile(rf"{_MAIL}|{_NUMBER}")
#: Digits of the shortest number to call, longer than two years side by side.
FEWEST_DIGITS = 9
SHORTEST_NAME = 3
_SLUG = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")


def is_slug(name: str) -> bool:
    """Whether `name` can stand in an address: up to 60 lower-case letters, digits and dashes."""
    return bool(_SLUG.match(name)) and name.isascii()


def names(text: str, name: str) -> bool:
    """Whether `text` holds the applicant's name, whole and as a word."""
    folded = " ".join(name.casefold().split())
    if not folded:
        return False
    return (
        re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", " ".join(text.casefold().split()))
        is not None
    )


def ways_to_reach(text: str) -> list[str]:
    """Return the mail addresses and telephone numbers in `text`."""
    found = _REACHING.findall(text)
    return [one for one in found if "@" in one or sum(map(str.isdigit, one)) >= FEWEST_DIGITS]


def telling_words(text: str, name: str) -> list[str]:
    """Return what in `text` may tell who somebody is, such as one of the words of `name`.

    A guess for a person to look at: a name that is a usual word counts only with a capital.
    """
    parts = {part for part in re.findall(r"\w+", name.casefold()) if len(part) >= SHORTEST_NAME}
    words = [w for w in re.findall(r"\w+", text) if w.casefold() in parts and not w[0].islower()]
    return list(dict.fromkeys([*words, *_TELLING.findall(text)]))


#: Pence from which more is checked before a grant is paid.
SMALL, LARGE = 50_000, 100_000


def checks_needed(kind: str, amount: int, pay_by: str | None) -> list[str]:
    """Return what is checked before an award of `amount` pence is paid, in order.

    By kind of applicant: an organisation's number against a register; a person's identity from
    £500 on; from £1,000 on how people are kept safe and whether they are insured, but for somebody
    alone. A bank account is to be in a matching name.
    """
    alone, organisation = kind == "individual", kind == "organisation"
    needed = {
        "identity": not organisation and amount >= SMALL,
        "account": pay_by != "cheque",
        "register": organisation,
        "safeguarding": not alone and amount >= LARGE,
        "insurance": not alone and amount >= LARGE,
    }
    return [check for check, wanted in needed.items() if wanted]


def sort_code(typed: str) -> str | None:
    """Return the six digits of a sort code such as `12-34-56`; None where it is none."""
    digits = re.sub(r"[\s\u2010-\u2015.-]", "", typed)
    return digits if re.fullmatch(r"[0-9]{6}", digits) else None


def account_number(typed: str) -> str | None:
    """Return an account's eight digits, a shorter old one filled with zeros; None for no such."""
    digits = re.sub(r"[\s-]", "", typed)
    return digits.zfill(8) if re.fullmatch(r"[0-9]{6,8}", digits) else None


def iban(typed: str) -> str | None:
    """Return an IBAN without spaces, where its check digits hold (ISO 13616, modulo 97)."""
    plain = re.sub(r"\s", "", typed).upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", plain):
        return None
    number = "".join(str(int(c, 36)) for c in plain[4:] + plain[:4])
    return plain if int(number) % 97 == 1 else None
