"""Generating: run a plan. Reuse what is there, pick up what was sent, then send the rest."""
