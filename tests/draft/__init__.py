"""Tests of the offline model that draws a shot between two stills."""
