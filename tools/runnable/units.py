"""Unit conversion with exact factors."""

import math
from fractions import Fraction
from typing import Any, NamedTuple

from .tool import RunnableTool, ToolError, define, number


class Unit(NamedTuple):
    """A unit: its size in the base unit of its quantity, and where its zero is."""

    quantity: str
    names: tuple[str, ...]
    factor: Fraction
    zero: Fraction = Fraction(0)
    """This unit's zero in the base unit; nonzero only for temperatures."""


_TABLE = {
    "length": """m metre meter=1|km kilometre kilometer=1000|cm centimetre centimeter=0.01
        |mm millimetre millimeter=0.001|um µm micrometre micrometer=0.000001|nm nanometre=1e-9
        |in inch=0.0254|ft foot=0.3048|yd yard=0.9144|mi mile=1609.344|nmi nautical_mile=1852""",
    "mass": """kg kilogram=1|g gram=0.001|mg milligram=0.000001|t tonne=1000|lb pound=0.45359237
        |oz ounce=0.028349523125|st stone=6.35029318|short_ton=907.18474|long_ton=1016.0469088""",
    "volume": """L l litre liter=1|mL ml millilitre milliliter=0.001|cL cl centilitre=0.01
        |m3 m³ cubic_metre cubic_meter=1000|cm3 cm³=0.001|us_gallon gallon gal=3.785411784
        |us_quart quart=0.946352946|us_pint pint=0.473176473|us_cup cup=0.2365882365
        |us_fluid_ounce fl_oz=0.0295735295625|us_tablespoon tbsp=0.01478676478125
        |us_teaspoon tsp=0.00492892159375|imperial_gallon=4.54609|imperial_pint=0.56826125
        |ft3 ft³ cubic_foot=28.316846592|in3 in³ cubic_inch=0.016387064""",
    "area": """m2 m² square_metre square_meter=1|km2 km² square_kilometre=1000000|cm2 cm²=0.0001
        |mm2 mm²=0.000001|ha hectare=10000|acre=4046.8564224|ft2 ft² square_foot=0.09290304
        |in2 in² square_inch=0.00064516|yd2 yd² square_yard=0.83612736
        |mi2 mi² square_mile=2589988.110336""",
    "speed": """m/s metres_per_second=1|km/h kmh kph=5/18|mph=0.44704|kn knot=463/900
        |ft/s=0.3048""",
    "time": """s second=1|ms millisecond=0.001|us µs microsecond=0.000001|ns nanosecond=1e-9
        |min minute=60|h hour=3600|d day=86400|week=604800""",
    "data": """B byte=1|bit=1/8|kB kilobyte=1000|MB megabyte=1e6|GB gigabyte=1e9|TB terabyte=1e12
        |KiB kibibyte=1024|MiB mebibyte=1048576|GiB gibibyte=1073741824|TiB tebibyte=1099511627776
        |kbit kilobit=125|Mbit megabit=125000|Gbit gigabit=125000000""",
    "energy": """J joule=1|kJ kilojoule=1000|MJ megajoule=1e6|Wh watt_hour=3600
        |kWh kilowatt_hour=3600000|cal calorie=4.184|kcal kilocalorie=4184
        |eV electronvolt=1.602176634e-19|BTU=1055.05585262""",
    "pressure": """Pa pascal=1|hPa hectopascal=100|kPa kilopascal=1000|MPa megapascal=1e6
        |bar=100000|mbar millibar=100|atm atmosphere=101325|Torr torr=20265/152
        |psi=8896443230521/1290320000""",
}
_FAHRENHEIT = Fraction(5, 9)
_TEMPERATURES = (
    Unit("temperature", ("K", "kelvin"), Fraction(1)),
    Unit("temperature", ("°C", "C", "celsius"), Fraction(1), Fraction("273.15")),
    Unit("temperature", ("°F", "F", "fahrenheit"), _FAHRENHEIT, Fraction("459.67") * _FAHRENHEIT),
    Unit("temperature", ("°R", "rankine"), _FAHRENHEIT),
)


def _unit(quantity: str, entry: str) -> Unit:
    names, factor = entry.strip().split("=")
    return Unit(quantity, tuple(names.split()), Fraction(factor))


UNITS = (
    *(_unit(quantity, entry) for quantity, table in _TABLE.items() for entry in table.split("|")),
    *_TEMPERATURES,
)
_EXACT = {name: unit for unit in UNITS for name in unit.names}


def find_unit(name: str) -> Unit:
    """Return the unit with a name (singular or plural) or symbol, or raise ToolError.

    Case matters only where it distinguishes two units.
    """
    wanted = "_".join(name.split())
    if wanted in _EXACT:
        return _EXACT[wanted]
    folded = wanted.casefold()
    spellings = {folded, folded.removesuffix("s"), folded.removesuffix("es")}
    spellings |= {"foot"} if folded == "feet" else set()
    alike = {unit for known, unit in _EXACT.items() if known.casefold() in spellings}
    if len(alike) == 1:
        return alike.pop()
    raise ToolError(f'"{name}" is not a known unit; use one of {_LISTED}.')


_LISTED = ", ".join(unit.names[0] for unit in UNITS)


def convert(value: float, source: Unit, target: Unit) -> Fraction:
    """Return a value converted exactly, or raise ToolError if the quantities differ."""
    if source.quantity != target.quantity:
        raise ToolError(
            f"{source.names[0]} is a unit of {source.quantity}, {target.names[0]} of "
            f"{target.quantity}; they cannot be converted."
        )
    if not math.isfinite(value):
        raise ToolError("The value is not a number.")
    base = Fraction(str(value)) * source.factor + source.zero
    if source.quantity == "temperature" and base < 0:
        raise ToolError("That is below absolute zero.")
    return (base - target.zero) / target.factor


def _run(arguments: dict[str, Any]) -> Any:
    source, target = find_unit(arguments["from_unit"]), find_unit(arguments["to_unit"])
    return {
        "value": number(convert(arguments["value"], source, target)),
        "unit": target.names[0],
    }


def _name(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description, "maxLength": 40}


CONVERT_UNITS = RunnableTool(
    define(
        "convert_units",
        f"Converts between units of {', '.join(_TABLE)} and temperature.",
        {
            "value": {
                "type": "number",
                "description": "The number to convert",
                "minimum": -1e100,
                "maximum": 1e100,
            },
            "from_unit": _name(f"The unit of the number. One of {_LISTED}"),
            "to_unit": _name("The unit to convert to, of the same kind"),
        },
    ),
    _run,
)
