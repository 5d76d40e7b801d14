"""Every table, one file per family of nouns."""

from .answers import AGE_GROUPS, MISSING, Answer, Questionnaire, RefusalCount, SetAside, Submission
from .base import Base
from .cases import STAGES, WAVES, Assignment, Card, Child, ChildIdentity, Permission, Round
from .concerns import LEVELS, OUTCOMES, Concern
from .decisions import Decision, Release, StaffAnswer, StaffForm, View
from .ledger import Record
from .people import ROLES, SignIn, StaffMember, StaffSite
from .places import Organisation, SafeAdult, Site
from .replies import Reply

__all__ = [
    "AGE_GROUPS", "LEVELS", "MISSING", "OUTCOMES", "ROLES", "STAGES", "WAVES",
    "Answer", "Assignment", "Base", "Card", "Child", "ChildIdentity", "Concern", "Decision", "Organisation",
    "Permission", "Questionnaire", "Record", "RefusalCount", "Release", "Reply", "Round", "SafeAdult", "SetAside",
    "SignIn", "Site", "StaffAnswer", "StaffForm", "StaffMember", "StaffSite", "Submission", "View",
]  # fmt: skip
