"""Importing an existing portfolio from a spreadsheet: columns understood, rows checked, issues created."""
