"""The books: what was paid for a storyboard, how it stands, and what the user decides about it.

status      every request of a storyboard, and the sums
resolve     what becomes of a request that only the user can decide about
adopt       a request whose id is known by hand
bring       a clip that was downloaded by hand
correct     what a possibly charged request really cost
cancel      give up what is still queued
costs       each payment, as a table, as CSV
verify      what in a store is not as it was written
mend        damaged clips, fetched again
rebuild     a new ledger from the takes and from the service's history
"""
