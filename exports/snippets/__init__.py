"""Code that makes a request elsewhere: curl, Python, JavaScript, a Worker, official clients.

    from workers_ai.snippets import write_snippets

    for snippet in write_snippets(request, backend).snippets:
        print(snippet.title, snippet.code)

Whatever texts a request holds, they stay texts in the code; and what arrives is what the app sends.
"""
