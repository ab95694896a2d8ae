"""Services: the only writers of operational rows, one module an act."""
