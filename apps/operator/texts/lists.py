"""Texts of every list."""

TEXTS = {
    "lists.total": ("{total} baris, {last} halaman", "{total} rows, {last} pages"),
}
