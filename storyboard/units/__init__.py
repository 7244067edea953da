"""Ground values: sizes and fits, rates and durations, money."""
