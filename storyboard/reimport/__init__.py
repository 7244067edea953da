"""Bringing an edited cut back: what an editor made of it, against ours, into the storyboard.

readers     a file of each format as a `Sequence`: tracks of excerpts, in film frames
flattening  one track of several: what lies on top is seen
footage     where the files lie that a sequence names
edited      the sequence as a cut of the film: shots, and what was not understood
inserting   names for what only the cut shows: footage and cards
outside     versions of shots that were made outside
snapping    from a file's frames to its take's, where a format says them less exactly
changes     what differs from the film, in words and as places in it
rewrite     the same as the storyboard's `cut:` and `ending`
"""
