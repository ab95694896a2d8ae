"""The script that Streamlit runs for every look at a page; what it needs is put in place by `apps.operator.asgi`."""

from __future__ import annotations

import streamlit as st

from apps.operator.frame import icon, navigation

st.set_page_config(page_title="POSKO BNSP", page_icon=icon(), layout="wide", initial_sidebar_state="auto")
navigation()
