"""Generating: the engine, its pace, and drafts."""
