"""Many calls in the background, no more at once than one allows: a sweep, or a folder of pictures.

    from workers_ai.batches import Batch, Job

    client = Client(backend, max_retries=0)     # the batch itself calls again
    jobs = [Job(name, lambda name=name: question_about(name)) for name in names]
    batch = Batch(client, jobs, concurrency=4, on_outcome=store.keep).start()
    batch.snapshot().counts["done"]

A server that is busy slows a batch down instead of failing it, and trouble that would meet every
job alike (the day's allowance, a wrong token, a retired model) stops it before more is burnt.
"""
