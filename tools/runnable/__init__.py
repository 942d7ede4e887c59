"""Safe tools that the app can run for a person, and stubs with canned answers.

Each tool only computes with its own arguments. Nothing that a model writes is evaluated, no
connection is opened, and the only files read are the time zones that ship with Python.
"""
