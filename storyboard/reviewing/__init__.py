"""Reviewing: measuring takes and seams, and drawing what was measured.

repeat      whether a take begins with the picture that the one before it ended on
seams       the seams of a cut, measured
keyframe_places  where in a take its keyframes are seen
limits      from where on a number is wrong, and what to do about it
report      what was found, as data
listing     the same as a table for people
strip       a picture of a seam
measure     the numbers behind all of it
"""
