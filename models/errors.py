"""What ends a run instead of dropping one record."""


class Unavailable(Exception):
    """Something that every record needs, such as a model server or a sandbox, cannot be had."""

    # So that Beam raises it as it is: else it logs a traceback, and adds its own words to the one line.
    _tagged_with_step = True


class Interrupted(KeyboardInterrupt):
    """Ctrl-C where a stage waits; Beam makes a RuntimeError of a bare KeyboardInterrupt."""

    _tagged_with_step = True
