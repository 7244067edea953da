"""The file format, version 1, as pydantic models; each field carries its meaning.

The models check the shape of a file and nothing else: what a model of the table can do, which
files exist and whether names are unique is for `storyboard.load`.
"""
