"""How the lists of the ground (units, contacts) are read on their way in; needs no database."""

from lawgov.imports.lists import reader
from lawgov.units.columns import LIAISONS, UNITS

read_units = reader(UNITS)
read_roster = reader(LIAISONS)
