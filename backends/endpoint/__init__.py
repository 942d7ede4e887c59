"""The documented endpoint on a local machine, answered by any backend.

    from backends import BuiltIn, endpoint_app
    from backends.endpoint.routes import routes

    app = endpoint_app(BuiltIn())                    # a separate ASGI application
    st.App("frame.py", routes=routes(BuiltIn()))     # next to Streamlit's pages

`python -m backends.endpoint` serves it alone. Code written for Workers AI then works with
`http://127.0.0.1:8788/client/v4` in place of the API's address: exported code, the official
libraries (wire.md 1 to 3), and OpenAI's, with `/accounts/{account_id}/ai/v1` appended.
"""
