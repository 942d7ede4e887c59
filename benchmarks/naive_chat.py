"""The chat of Streamlit's tutorial, with the same client, for comparison.

The script owns the stream, draws the whole history on each run, and writes token by token.
`?turns=N` starts after N finished turns.
"""

import os
from collections.abc import Iterator

import streamlit as st

from benchmarks.texts import answer, question
from workers_ai import ChatRequest, Client, Cloudflare


@st.cache_resource
def client() -> Client:
    return Client(
        Cloudflare(
            os.environ["CLOUDFLARE_ACCOUNT_ID"],
            os.environ["CLOUDFLARE_API_TOKEN"],
            base_url=os.environ["CLOUDFLARE_BASE_URL"],
        )
    )


def streamed_text() -> Iterator[str]:
    for chunk in client().stream(ChatRequest(messages=st.session_state.messages)):
        yield chunk.text


if "messages" not in st.session_state:
    turns = range(int(st.query_params.get("turns", "0")))
    st.session_state.messages = [
        {"role": role, "content": text}
        for number in turns
        for role, text in (("user", question(number)), ("assistant", answer(number)))
    ]

if st.sidebar.toggle("temperature", key="temperature_sent"):
    st.sidebar.slider("temperature", 0.0, 5.0, 0.6, key="temperature")

for message in st.session_state.messages:
    with st.chat_message(message["role"]):
        st.markdown(message["content"])

if prompt := st.chat_input("Ask something"):
    st.session_state.messages.append({"role": "user", "content": prompt})
    with st.chat_message("user"):
        st.markdown(prompt)
    with st.chat_message("assistant"):
        text = st.write_stream(streamed_text())
    st.session_state.messages.append({"role": "assistant", "content": text})
