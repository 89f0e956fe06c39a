"""How a decomposition sheet 任务分解表 is read on its way in; needs no database."""

from indicators.assignments.columns import DECOMPOSITION
from lawgov.imports.lists import reader

read_sheet = reader(DECOMPOSITION)
