"""Safe reading of picture files, and writing them with nothing but their pixels."""
