"""The film's sound: files, layers, mix, loudness."""
