"""Sheets for people: the shot list, the contact sheet."""
