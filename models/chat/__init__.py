"""Clients of OpenAI-compatible servers such as vLLM: many requests at a time, retries, several servers in turn."""
