"""The program on the PC of a TUK that owns the reader, and what the server says to it (§13.1-13.7, R-185)."""
