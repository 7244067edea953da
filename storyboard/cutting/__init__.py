"""Cutting: which frames of which take are shown when. Pure."""
