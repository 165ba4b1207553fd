"""Which profiles are compared at all: those that share a key. Keys are short texts; a profile has about ten.

No pair is lost because one value was misspelt, as long as another key is shared; no pair is compared twice, because
it is compared under the first key that both have.
"""

from __future__ import annotations

from app.formats import latin, nicknames
from app.services.dedupe_profile import Profile, Words

MOST_WORDS = 5


def keys(profile: Profile) -> tuple[str, ...]:
    """Return the keys of a profile, sorted and without repetitions."""
    found = set(_reach(profile))
    found |= _firm(profile) if profile.name else _person(profile)
    return tuple(sorted(found))


def _person(profile: Profile) -> set[str]:
    found: set[str] = set()
    given, family = _given(profile), "".join(profile.family)
    sounds = latin.sound(family) if family else ""
    called = [nicknames.FIRST_OF.get(w, w) for w in given[:2]]
    if family and given:
        halves = sorted((latin.sound(called[0]), sounds))
        found.add(f"n{halves[0]}|{halves[1]}")
        found.add(f"i{given[0][0]}{latin.bare(family)}")
        for word in (*given[1:2], *profile.others[:2]):
            halves = sorted((latin.sound(nicknames.FIRST_OF.get(word, word)), sounds))
            found.add(f"n{halves[0]}|{halves[1]}")
    elif family or given:
        found.add(f"a{family or given[0]}")
    if profile.born:
        born = profile.born.replace("-", "")
        found.add(f"b{born}")
        ends = (sounds[:2], latin.sound(given[0])[:2] if given else "")
        found |= {f"d{born[-4:]}{end}" for end in ends if end}
        found |= {
            f"y{born[:4]}{end}" for end in (sounds, latin.sound(given[0]) if given else "") if len(end) > 2
        }
    for employer in profile.employers[:2]:
        found |= {f"w{employer[:20]}|{end}" for end in (sounds[:2], given[0][:2] if given else "") if end}
    for _number, street, town, code in profile.places[:3]:
        for end in (sounds, latin.sound(given[0]) if given else ""):
            if end and (code or town):
                found.add(f"c{code or town[:6]}|{end}")
        if street and (sounds or given):
            found.add(f"s{street[:8]}|{sounds or given[0]}")
    return found


def _given(profile: Profile) -> Words:
    return tuple(w for w in profile.given if len(w) > 1) or profile.given


def _firm(profile: Profile) -> set[str]:
    words = [latin.bare(w) for w in profile.name]
    found = {f"o{''.join(words)[:12]}", f"O{latin.sound(''.join(words))}{len(words)}"}
    told = sorted(set(words), key=lambda w: (-len(w), w))[:MOST_WORDS]
    found |= {f"t{a}|{b}" for n, a in enumerate(sorted(told)) for b in sorted(told)[n + 1 :]}
    if told and len(words) <= 2:
        found.add(f"t{told[0]}")
    found |= {f"m{domain}" for domain in profile.domains[:3]}
    found |= {f"v{code}" for code in profile.codes[:3]}
    return found


def _reach(profile: Profile) -> set[str]:
    found = {f"e{mail}" for mail in profile.emails[:5]} | {f"p{number[-7:]}" for number in profile.phones[:5]}
    for number, street, _town, code in profile.places[:3]:
        first = street.split()[0] if street else ""
        if number and first:
            found.add(f"h{number}|{first[:4]}")
        if number and code:
            found.add(f"z{number}|{code}")
    return found
