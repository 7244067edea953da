"""What people say of takes: notes at their frames, and approvals, kept beside the storyboard.

    review_note  a note, an approval, and how they are written
    notes_file   `FILE.notes.jsonl`: read, and added to
    placing      where the notes lie on a film

A note belongs to a take by its key and to a frame in it, so it stays where it is when shots are
put into another order.
"""
