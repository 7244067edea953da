"""The media of an export: which files a cut needs, and making them."""
