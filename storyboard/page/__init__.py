"""The page in a browser: one document, one template, and the media that they show.

    document     the film as plain data: shots, takes, seams, money, notes
    shelf        the page's media: small files that are made from the takes, kept by content
    tiles        all takes of a shot in one file, side by side, so that they can't drift apart
    loops        a few frames around each seam
    pictures     film strips and keyframes
    sheet        the template with its data: one file, a folder, or an answer

The page shows and asks; what it asks for is done by a workflow.
"""
