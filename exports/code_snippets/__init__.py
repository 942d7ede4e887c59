"""Code that sends a request from elsewhere: curl, Python, JavaScript, a Worker, official clients.

    from exports import write_snippets

    for snippet in write_snippets(request, backend).snippets:
        print(snippet.title, snippet.code)

Strings in a request always stay string literals in the code, and the code sends what the app sends.
"""
