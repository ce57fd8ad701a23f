"""One module or folder for each stage: thin Beam transforms, and beside them the algorithms as plain functions."""
