"""Pure rules without input or output; imports the standard library only."""
