"""1:N search for the same finger under another identity; what it finds goes to people (R-048, DV-I05, DV-I06)."""
