"""Workbench: boards of areas and classes, the annual report, and the rows behind every figure."""
