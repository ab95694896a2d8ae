"""The process in which typst sets one file: `python -m exports.printing_child TEMPLATE FOLDER FONTS`, JSON in, PDF out.

typst keeps what it has set for the next time and never lets go of it: 1,000 certificates in one process took 1.2 GB. A process for each
file takes 0.2 s more and gives everything back.
"""

from __future__ import annotations

import sys

import typst


def main(template: str, folder: str, fonts: str) -> None:
    """Set one file from JSON on standard input.

    Raises:
        typst.TypstError: the template or the data are wrong.
    """
    made = typst.compile(
        f"{folder}/{template}.typ",
        root=folder,
        font_paths=[fonts],
        ignore_system_fonts=True,
        format="pdf",
        pdf_tags=False,
        sys_inputs={"data": sys.stdin.buffer.read().decode()},
    )
    if not isinstance(made, bytes):
        raise TypeError("typst returned no file")
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
