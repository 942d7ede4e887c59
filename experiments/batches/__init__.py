"""Many calls in the background with limited parallelism, such as a sweep or a folder of pictures.

    from experiments import Batch, Job

    client = Client(backend, max_retries=0)     # the batch itself retries
    jobs = [Job(name, lambda name=name: question_about(name)) for name in names]
    batch = Batch(client, jobs, concurrency=4, on_outcome=store.keep).start()
    batch.snapshot().counts["done"]

A busy server slows a batch down instead of failing it. An error that would affect every job (the
daily allowance, a wrong token, a retired model) stops the batch before it wastes more calls.
"""
