"""A company's certificates, by whatever name other programs know them."""

from storyboard.webfetch.proxies import adopt

__all__ = ["adopt"]
