"""Takes: what requests brought, by their keys, each with a readable note beside it.

assets      the door: what a place for takes has to do, and the kinds of assets
folder      the usual place: a folder on this machine
holding     how things stand with a take

Nothing here knows storyboards, shots or money: a take is bytes with a name and a note.
"""
