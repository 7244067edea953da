"""The books: what was paid for a storyboard, how it stands, and what the user decides about it.

status      every request of a storyboard, and the sums
resolve     what becomes of a request that only the user can decide about
cancel      give up what is still queued
costs       each payment, as a table, as CSV
verify      what in a store is not as it was written
rebuild     a new ledger from the takes and from the service's history
"""

from storyboard.books.costs import Cost, costs, csv_of
from storyboard.books.decisions import Cancelled, Decision, Resolved, cancel, resolve
from storyboard.books.rebuilding import Rebuilt, rebuild
from storyboard.books.standing import Line, Status, status
from storyboard.books.verifying import Damage, set_aside, verify

__all__ = [
    "Cancelled",
    "Cost",
    "Damage",
    "Decision",
    "Line",
    "Rebuilt",
    "Resolved",
    "Status",
    "cancel",
    "costs",
    "csv_of",
    "rebuild",
    "resolve",
    "set_aside",
    "status",
    "verify",
]
