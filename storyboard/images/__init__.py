"""Pictures from strangers: told what they are, made fit for the film, and sent without gossip.

Pure functions over bytes and Pillow images; only a `Still` reads a file, and nothing opens a
connection.

    inspect    what a picture is, from its headers
    develop    its pixels: upright, sRGB, opaque, 8 bits, at the wanted size
    fit        any image at a size, also the frames of takes
    payload    the exact bytes that are uploaded
    notes      what is converted, in plain words
    refusals   why a model would not take it

One module for each format takes files apart (`png`, `jpeg`, `webp`, `avif`); a new format is one
more such module and one row in `facts`.
"""
