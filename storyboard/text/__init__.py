"""Setting words: which font has their letters, where lines break, what reads right to left."""
