"""Index of the tables; each stands in the folder of its subject."""

from indicators.assignments.models import Assignment, UnitAssignment
from indicators.campaigns.models import Campaign, Phase
from indicators.evidence.models import Evidence, EvidenceLink, EvidenceVersion
from indicators.framework.models import Area, FrameworkEdition, Group, Indicator

__all__ = [
    "Area",
    "Assignment",
    "Campaign",
    "Evidence",
    "EvidenceLink",
    "EvidenceVersion",
    "FrameworkEdition",
    "Group",
    "Indicator",
    "Phase",
    "UnitAssignment",
]
