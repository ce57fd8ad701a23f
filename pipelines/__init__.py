"""What you run: the command line, the configuration and the build."""
