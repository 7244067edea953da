"""Writing the film: each frame composed, encoded in segments, joined, and checked."""
