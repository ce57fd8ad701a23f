"""Asking a model behind OpenAI-compatible endpoints: shared by all stages that do. No finished call is made twice."""
