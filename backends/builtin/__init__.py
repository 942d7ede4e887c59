"""A small language model in this process that answers in the format of the documented API.

It lets people try everything immediately and offline. It is not Gemma: it consists of n-grams over
the help passages, favors those that fit the conversation, and admits it when none does.
"""
