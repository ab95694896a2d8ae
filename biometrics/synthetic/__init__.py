"""Synthetic fingers, made again from a few words: for tests, demo, simulator and bench, never for the field (§8.2).

`people` gives fingers as minutiae (thousands a second), `image` as grey pictures (ten a second), `reader` a reader that they are put
on, `committed` the small set of pictures in the repository. `draws`, `pattern` and `growth` are what they are made of. Nobody has
these fingers.
"""
