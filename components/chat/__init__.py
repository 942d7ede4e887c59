"""The chat: the transcript, the composer, and the actions on messages."""
