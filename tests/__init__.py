"""The tests mirror the modules; each states one behaviour."""
