"""Charts drawn on the server as SVG: figures in, a SafeString out; colours are in charts.css."""

from lawgov.web.charts.bars import Bar, bars
from lawgov.web.charts.burndown import Burndown, Week, burndown
from lawgov.web.charts.heat import Cell, Column, Heat, heat

__all__ = ["Bar", "Burndown", "Cell", "Column", "Heat", "Week", "bars", "burndown", "heat"]
