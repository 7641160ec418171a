"""All pages of the staff, and those that stand in the menu."""

from core.employees.model import EVERYBODY
from staff import (
    accounts,
    calibration,
    company,
    contracts,
    facts,
    home,
    inbox,
    jobs,
    looks,
    people,
    quality,
    searching,
    signing,
    stock,
    tasks,
    told,
    watching,
    why,
)
from staff.model import Entry, Route

ROUTES: tuple[Route, ...] = (
    *home.ROUTES,
    *signing.ROUTES,
    *why.ROUTES,
    *inbox.ROUTES,
    *watching.ROUTES,
    *tasks.ROUTES,
    *facts.ROUTES,
    *calibration.ROUTES,
    *stock.ROUTES,
    *quality.ROUTES,
    *jobs.ROUTES,
    *company.ROUTES,
    *contracts.ROUTES,
    *people.ROUTES,
    *looks.ROUTES,
    *searching.ROUTES,
    *accounts.ROUTES,
    *told.ROUTES,
)

ENTRIES: tuple[Entry, ...] = (
    Entry("/", "home", EVERYBODY),
    Entry("/inbox", "inbox", inbox.READERS),
    Entry("/contracts", "contracts", contracts.READERS),
    searching.ENTRY,
    Entry("/facts", "facts", facts.BRINGERS),
    Entry("/calibration", "calibration", calibration.READERS),
    Entry("/stock", "stock", stock.READERS),
    Entry("/quality", "quality", quality.READERS),
    Entry("/jobs", "jobs", jobs.READERS),
    Entry("/company", "company", EVERYBODY),
    Entry("/people", "people", people.ADMINS),
    Entry("/looks", "looks", looks.AUDITORS),
)
