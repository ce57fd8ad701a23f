"""Reading pages and rows from WARC, HTML, JSONL and Parquet files; what cannot be read is dropped, alone."""
