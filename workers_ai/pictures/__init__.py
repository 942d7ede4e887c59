"""Reading picture files safely, and writing them with nothing but their pixels."""
