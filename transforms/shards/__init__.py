"""Writing Parquet in `id` order, so that equal rows give equal bytes."""
