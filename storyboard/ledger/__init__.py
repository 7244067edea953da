"""The ledger: every paid request, written down before it is sent.

rows        what it holds, as values
door        what a ledger, and a place for one, have to do
sqlite      the usual ledger: one file
place       the usual place: a folder, with locks, receipts, and a mark that says whose it is
tables_sql  the file's tables, opened, upgraded, refused
witness     a second look at the file, before anything is sent
receipts    one small file for each request that is not settled
pages       what is whole in a damaged file
disk        whether a folder is fit for payments: local, writable, locked, with room

Nothing here knows storyboards' contents, takes or the service: a request is words and numbers.
"""
