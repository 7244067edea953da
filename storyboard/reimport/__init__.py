"""Bringing an edited cut back: what an editor made of it, against ours, into the storyboard."""
