"""Facts that are changed raise in every test; imported before anything that makes facts."""

from core.basics import facts

facts.guarded = GUARDED = True
