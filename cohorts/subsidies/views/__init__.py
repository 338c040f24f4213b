"""Workbench pages of the money side, by what they show."""
