"""import_assignments FILE --region CODE: the decomposition sheet 任务分解表."""

from __future__ import annotations

from indicators.assignments.importing import AssignmentsImported, import_assignments
from lawgov.units.commands import ImportCommand


class Command(ImportCommand):
    help = "导入任务分解：牵头单位和责任单位，全部或一行不写；有一行不能写入时以 1 退出"
    name = "import_assignments"
    read_in = staticmethod(import_assignments)

    def told(self, done: AssignmentsImported) -> str:
        for note in done.notes:
            self.stderr.write(str(note))
        return f"{done.changed} changed, {done.unchanged} unchanged, {len(done.missing)} not named"
