"""Taking over an existing portfolio from a spreadsheet: columns understood, rows checked, products made on GitHub."""
