"""What has weights, or serves them: plain functions from strings to numbers and strings."""
