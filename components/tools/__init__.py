"""The tool definitions that the playground offers."""
