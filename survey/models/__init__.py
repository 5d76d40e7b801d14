"""Every table, one file per family of nouns."""

from .answers import AGE_GROUPS, MISSING, Answer, Questionnaire, RefusalCount, SetAside, Submission
from .base import Base
from .cases import STAGES, WAVES, Assignment, Card, Child, ChildIdentity, Permission, Round
from .concerns import LEVELS, OUTCOMES, Concern
from .decisions import Decision, Release, StaffAnswer, StaffForm, View
from .ledger import Record
from .people import ROLES, SignIn, StaffMember, StaffSite
from .places import SAFE_ROLES, Organisation, SafeAdult, Site
from .replies import Reply
from .translations import FEWEST_CHILDREN, REVIEW_STATES, TranslationReview
from .voices import CLIP_KINDS, Clip

__all__ = [
    "AGE_GROUPS", "CLIP_KINDS", "FEWEST_CHILDREN", "LEVELS", "MISSING", "OUTCOMES", "REVIEW_STATES", "ROLES",
    "SAFE_ROLES", "STAGES", "WAVES",
    "Answer", "Assignment", "Base", "Card", "Child", "ChildIdentity", "Clip", "Concern", "Decision", "Organisation",
    "Permission", "Questionnaire", "Record", "RefusalCount", "Release", "Reply", "Round", "SafeAdult", "SetAside",
    "SignIn", "Site", "StaffAnswer", "StaffForm", "StaffMember", "StaffSite", "Submission", "TranslationReview", "View",
]  # fmt: skip
