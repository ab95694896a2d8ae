"""Fingers: readers, matcher, templates, and the only place where a finger proof is made (§8.2, §13.3-13.7)."""
