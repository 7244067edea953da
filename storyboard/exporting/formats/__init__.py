"""The formats, a module each: `write(timeline, media, clock=...)`, pure, and its own `losses`."""
