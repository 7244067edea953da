"""Fetching what a storyboard names by its web address, and nothing of the network around us.

A storyboard may come from a stranger. Its addresses must not reach this machine, the local
network or a cloud's metadata service, so the check is made where the connection is: a name is
resolved once, every address it has must be public, and the connection goes to one of those very
addresses. Redirects, names that change their mind and odd spellings of 127.0.0.1 all pass there.

**Proxies.** Where the environment names a proxy (`HTTPS_PROXY`, `NO_PROXY`), it makes the
connection, because behind one nothing else works. The name is still resolved and checked first,
where it can be resolved here; what the proxy itself then reaches is up to the proxy.
"""

from storyboard.webfetch.fetching import MOST_REDIRECTS, Fetched, fetch
from storyboard.webfetch.guard import FetchError, addresses, is_public
from storyboard.webfetch.proxies import NoWayOut

__all__ = [
    "MOST_REDIRECTS",
    "FetchError",
    "Fetched",
    "NoWayOut",
    "addresses",
    "fetch",
    "is_public",
]
