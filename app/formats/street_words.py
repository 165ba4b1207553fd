"""Words of addresses that are written in several ways, brought to one. Data only; folded (app.formats.latin)."""

from __future__ import annotations

_LINES = """
street str st
saint st
avenue ave av aven avda avenida
road rd
drive dr drv
boulevard blvd boul bld bvd bulevar
lane ln
court ct crt
place pl plc placa plaza praca platz piazza
square sq sqr
highway hwy hgwy
parkway pkwy pky
terrace ter tce terr
crescent cres cr crs
close cl
circuit cct cir circle
grove gr grv
way wy
suite ste
apartment apt appt app
floor fl flr
building bldg bld
room rm
north n nth no
south s sth so
east e
west w
northeast ne
northwest nw
southeast se
southwest sw
mount mt
fort ft
center centre ctr cntr
strasse strasze stra
calle c cl
rue r
rua
via v
first 1st
second 2nd
third 3rd
fourth 4th
fifth 5th
sixth 6th
seventh 7th
eighth 8th
ninth 9th
tenth 10th
eleventh 11th
twelfth 12th
"""

FULL = {
    short: words[0] for line in reversed(_LINES.split("\n")) if (words := line.split()) for short in words
}
"""Short form → the word it stands for; where it stands for several, the one of the first line."""

SORTS = frozenset(
    [
        "street",
        "avenue",
        "road",
        "drive",
        "boulevard",
        "lane",
        "court",
        "place",
        "square",
        "highway",
        "parkway",
        "terrace",
        "crescent",
        "close",
        "circuit",
        "grove",
        "way",
        "strasse",
        "calle",
        "rue",
        "rua",
        "via",
        "north",
        "south",
        "east",
        "west",
        "northeast",
        "northwest",
        "southeast",
        "southwest",
    ]
)
"""Words that say what sort of street it is or on which side: two streets are told apart by the others."""
