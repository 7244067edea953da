"""The media place: files, claims, proof."""
