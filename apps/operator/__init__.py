"""The operators' and evaluators' screens: a sign-in page in plain HTML, then Streamlit pages on the services (Gambar 1-12, §9, §12-14)."""
