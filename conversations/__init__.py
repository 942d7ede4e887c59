"""What is kept of a conversation: turns, pictures, answers, and where to find them again."""

from .registry import Conversations
from .requests import Form, Settings, next_request
from .turns import Answer, Conversation, Picture, Turn

__all__ = [
    "Answer",
    "Conversation",
    "Conversations",
    "Form",
    "Picture",
    "Settings",
    "Turn",
    "next_request",
]
