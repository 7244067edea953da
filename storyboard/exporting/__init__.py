"""Handing the cut over: timelines for editing programs, and the media they point to.

    export     everything into one folder: media, timelines, sheets, subtitles
    losses     what a format cannot carry
    FORMATS    a module each: `write(timeline, media, clock=...)`, pure, and its own `losses`
    DELIVERIES a module each: files of their own, such as stems or dailies
    EDITORS    which formats a program opens best

The film and every format consume the same timeline, so they cannot disagree.
"""
