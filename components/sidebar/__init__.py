"""The settings of a request: who answers, the parameters, the prompt."""
