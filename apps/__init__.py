"""What a person or a scheduler starts: commands and, later, screens."""
