"""Units and other words behind a number."""

import re
from fractions import Fraction

# Unit → what it measures and how many of that measure's first unit it is.
_FACTORS: dict[str, tuple[str, Fraction]] = {
    unit: (measure, Fraction(factor))
    for measure, units in {
        "length": "m=1 mm=1/1000 cm=1/100 dm=1/10 km=1000 in=127/5000 ft=381/1250 yd=1143/1250 mi=201168/125",
        "mass": "kg=1 g=1/1000 mg=1/1000000 t=1000 lb=45359237/100000000",
        "time": "s=1 ms=1/1000 min=60 h=3600 d=86400 week=604800",
        "volume": "l=1 ml=1/1000",
        "money": "$=1 cent=1/100",
        "energy": "J=1 kJ=1000",
        "power": "W=1 kW=1000",
        "force": "N=1 kN=1000",
        "pressure": "Pa=1 kPa=1000",
        "euro": "€=1",
        "pound": "£=1",
        "angle": "deg=1",
    }.items()
    for unit, factor in (part.split("=") for part in units.split())
}
_SPELLINGS = {
    spelling: unit
    for unit, spellings in {
        "m": "meter metre meters metres",
        "cm": "centimeter centimetre centimeters centimetres",
        "mm": "millimeter millimetre millimeters millimetres",
        "km": "kilometer kilometre kilometers kilometres kms",
        "in": "inch inches",
        "ft": "foot feet",
        "yd": "yard yards yds",
        "mi": "mile miles",
        "kg": "kilogram kilograms kgs",
        "g": "gram grams gm",
        "mg": "milligram milligrams",
        "t": "tonne tonnes",
        "lb": "pound pounds lbs",
        "s": "second seconds sec secs",
        "min": "minute minutes mins",
        "h": "hour hours hr hrs",
        "d": "day days",
        "week": "weeks",
        "l": "L liter litre liters litres",
        "ml": "mL milliliter milliliters millilitre millilitres",
        "$": "dollar dollars USD usd",
        "cent": "cents ¢",
        "€": "euro euros EUR",
        "£": "GBP",
        "J": "joule joules",
        "W": "watt watts",
        "N": "newton newtons",
        "Pa": "pascal pascals",
        "deg": "degree degrees ° \\circ",
        "km/h": "kph kmph",
        "mi/h": "mph",
    }.items()
    for spelling in spellings.split()
}
_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_REMARK = re.compile(r"(?<=\w)\s(?:in|after|within|every|over|during)\s+\d.*")
_POWERS = {"square": "^2", "sq": "^2", "cubic": "^3", "cu": "^3"}


def scale(unit: str) -> tuple[int, str]:
    """The power of ten that a number word at the start of the unit means, and the rest of it."""
    first, _, rest = unit.partition(" ")
    return (_SCALES[first.lower()], rest) if first.lower() in _SCALES else (0, unit)


def canonical(unit: str) -> str:
    r"""One spelling: `\text{ cm}^2`, `square centimeters` and `cm²` become `cm^2`; other words stay as they are."""
    unit = _REMARK.sub("", unit)
    unit = re.sub(
        r"\\(?:text|mathrm|mbox)|[{}\\]|\^\s*circ\s*(?=[CFK])", "", unit.replace(r"\circ", "deg").replace("**", "^")
    )
    unit = re.sub(r"\bper\b", "/", unit).strip(" .,;^")
    words = [word for word in re.split(r"\s+|(?=/)|(?<=/)", unit) if word]
    power, found = "", []
    for word in words:
        if word.lower() in _POWERS:
            power = _POWERS[word.lower()]
            continue
        base, mark, exponent = word.partition("^")
        if not mark and base[-1:] in "23" and base[:-1] in _FACTORS:
            base, mark, exponent = base[:-1], "^", base[-1]
        base = _SPELLINGS.get(base, _SPELLINGS.get(base.lower(), base))
        found.append(base + (mark + exponent if mark else power))
        power = ""
    return (
        "".join(found) if all(part == "/" or part.partition("^")[0] in _FACTORS for part in found) else " ".join(found)
    )


def ratio(stated: str, printed: str) -> Fraction | None:
    """By what a number in the printed unit is multiplied to be one in the stated unit; None if that is not known.

    A side without a unit is taken for one in the other's unit, and words that are no units are not looked at.
    """
    a, b = measure(canonical(stated)), measure(canonical(printed))
    if a is None or b is None or a == b:
        return Fraction(1)
    return b[1] / a[1] if a[0] == b[0] else None


def measure(unit: str) -> tuple[str, Fraction] | None:
    """What a unit measures, and its factor; None for no unit that is known."""
    kinds, factor, below = [], Fraction(1), False
    for part in re.split(r"(/)", unit):
        if part == "/":
            below = True
            continue
        base, _, exponent = part.strip().partition("^")
        if base not in _FACTORS or (exponent and exponent not in "123"):
            return None
        kind, size = _FACTORS[base]
        power = int(exponent or 1) * (-1 if below else 1)
        kinds.append(f"{kind}^{power}")
        factor *= size**power
    return " ".join(kinds), factor
