"""All pages of the staff, and those that stand in the menu."""

from core.employees.model import EVERYBODY
from staff import company, facts, home, jobs, looks, people, signing, why
from staff.model import Entry, Route

ROUTES: tuple[Route, ...] = (
    *home.ROUTES,
    *signing.ROUTES,
    *why.ROUTES,
    *facts.ROUTES,
    *jobs.ROUTES,
    *company.ROUTES,
    *people.ROUTES,
    *looks.ROUTES,
)

ENTRIES: tuple[Entry, ...] = (
    Entry("/", "home", EVERYBODY),
    Entry("/facts", "facts", facts.BRINGERS),
    Entry("/jobs", "jobs", jobs.READERS),
    Entry("/company", "company", EVERYBODY),
    Entry("/people", "people", people.ADMINS),
    Entry("/looks", "looks", looks.AUDITORS),
)
