"""What leaves POSKO on paper or as a file: certificates with a signed QR code, lists, minutes (§9.3, §13.5, §13.12, §14.2).

Rows come from acts in `posko.services`; nothing here reads a table. Pages are set by typst from `templates/` with the fonts of `fonts/`.
"""
