"""What is handed over as a file of its own: bundles, stems, dailies, tables."""
