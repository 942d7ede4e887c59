"""The owner of the chats: the signed-in person if sign-in is configured, else the browser."""

import hashlib
import secrets

import streamlit as st

from .browser_cookie import browser_id


def sign_in_configured() -> bool:
    """Return whether the operator has configured Streamlit's sign-in."""
    return "is_logged_in" in st.user


def require_sign_in() -> None:
    """If sign-in is configured, draw nothing else until the person has signed in."""
    if not sign_in_configured() or st.user.is_logged_in:
        return
    st.title("Cabochon")
    st.write("Chats here belong to the person who signs in.")
    st.button("Sign in", icon=":material/login:", on_click=st.login)
    st.stop()


def owner() -> str:
    """Return the owner's id. It cannot be guessed, nor turned back into a cookie."""
    if sign_in_configured():
        return _hashed("person", f"{st.user.get('iss')} {st.user.get('sub')}")
    return _hashed("browser", browser_id() or secrets.token_urlsafe(24))


def draw_person() -> None:
    """Draw the signed-in person's name and the button to sign out."""
    if not sign_in_configured():
        return
    name = st.user.get("name") or st.user.get("email") or "Signed in"
    with st.container(horizontal=True, vertical_alignment="center", key="person"):
        st.text(str(name), width="stretch")
        st.button("Sign out", icon=":material/logout:", type="tertiary", on_click=st.logout)


def _hashed(kind: str, secret: str) -> str:
    return f"{kind}-{hashlib.sha256(secret.encode()).hexdigest()}"
