"""How far an organisation has come, told from what the administrator may see: places, people, documents."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import clock, invite, publish
from .. import models as m

UNNAMED = ("", "Our organisation")  # what an installation is called before somebody gives it a name
LEADS = 2


@dataclass(frozen=True)
class Place:
    """A site and what it still needs before a child is invited there."""

    site: m.Site
    staff: Sequence[m.StaffMember]

    @property
    def adults(self) -> bool:
        """Are there two safe adults?"""
        return len(self.site.safe_adults) >= 2

    @property
    def adult_from_outside(self) -> bool:
        """Is one of the safe adults from outside?"""
        return any(adult.from_outside for adult in self.site.safe_adults)

    @property
    def helpline(self) -> bool:
        """Is there a helpline to call?"""
        return bool(self.site.helpline_number)

    @property
    def leads(self) -> bool:
        """Are there two safeguarding leads?"""
        return len(self._with("safeguarding_lead")) >= LEADS

    @property
    def lead_from_outside(self) -> bool:
        """Is one of the safeguarding leads from outside?"""
        return any(person.from_outside for person in self._with("safeguarding_lead"))

    @property
    def unnamed_reader(self) -> str:
        """Whom children are told about as their reader, if they do not find this person among the safe adults."""
        leads = sorted(self._with("safeguarding_lead"), key=lambda one: (one.from_outside, one.name))
        named = {adult.name for adult in self.site.safe_adults}
        return leads[0].name if leads and leads[0].name not in named else ""

    @property
    def coordinator(self) -> bool:
        """Does a coordinator work here?"""
        return bool(self._with("coordinator"))

    @property
    def safe(self) -> bool:
        """Can a child here reach somebody: two safe adults, one from outside, and a helpline?"""
        return self.adults and self.adult_from_outside and self.helpline

    @property
    def invites(self) -> bool:
        """May cards be printed? The rule itself is kept in `invite`."""
        return invite.site_ready(self.site, self._with("safeguarding_lead"))

    @property
    def ready(self) -> bool:
        """Is everything here: safe adults, helpline, and staff who read and decide?"""
        return self.invites and self.coordinator

    @property
    def there(self) -> int:
        """How many of the things it needs are there."""
        return sum(
            (self.adults, self.adult_from_outside, self.helpline, self.coordinator, self.leads, self.lead_from_outside)
        )

    def _with(self, role: str) -> list[m.StaffMember]:
        return [person for person in self.staff if person.role == role]


@dataclass(frozen=True)
class Readiness:
    """The facts behind the five steps."""

    organisation: m.Organisation
    places: Sequence[Place]
    roles: Counter[str]
    documents: Sequence[m.Questionnaire]

    @property
    def furthest(self) -> Place | None:
        """The place that has come furthest: the one the five steps speak about."""
        return max(self.places, key=lambda place: place.there, default=None)

    @property
    def named(self) -> bool:
        """Step 1: does the organisation have a name of its own?"""
        return self.organisation.name not in UNNAMED

    @property
    def placed(self) -> bool:
        """Step 2: is there a site where a child may be invited?"""
        return any(place.safe for place in self.places)

    @property
    def staffed(self) -> bool:
        """Step 3: is there a site with a coordinator and two safeguarding leads, and a psychologist somewhere?"""
        return self.roles["psychologist"] > 0 and any(
            p.coordinator and p.leads and p.lead_from_outside for p in self.places
        )

    @property
    def published(self) -> bool:
        """Step 4: are the questionnaires published?"""
        return bool(self.documents)

    @property
    def complete(self) -> bool:
        """Are the administrator's own four steps done?"""
        return self.named and self.placed and self.staffed and self.published


def of(session: Session) -> Readiness:
    """Return how far the organisation has come."""
    staff = working(session)
    sites = session.scalars(select(m.Site).order_by(m.Site.name)).all()
    places = [Place(site, [person for person in staff if site in person.sites]) for site in sites]
    roles = Counter(person.role for person in staff)
    return Readiness(session.get_one(m.Organisation, 1), places, roles, publish.all_current(session))


def working(session: Session) -> Sequence[m.StaffMember]:
    """Return who works here today, by name."""
    here = m.StaffMember.left_on.is_(None) | (m.StaffMember.left_on > clock.today())
    return session.scalars(select(m.StaffMember).where(here).order_by(m.StaffMember.name)).all()
