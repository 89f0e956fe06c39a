"""import_units FILE --region CODE: the register of units from a list."""

from __future__ import annotations

from lawgov.units.commands import ImportCommand
from lawgov.units.importing import UnitsImported, import_units


class Command(ImportCommand):
    help = "从 CSV 或 XLSX 导入单位，全部或一行不写；有一行不能写入时以 1 退出"
    name = "import_units"
    read_in = staticmethod(import_units)

    def told(self, done: UnitsImported) -> str:
        return (
            f"{len(done.created)} created, {len(done.changed)} changed, "
            f"{len(done.unchanged)} unchanged, {len(done.leads)} lead units"
        )
