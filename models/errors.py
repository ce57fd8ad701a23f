"""What ends a run instead of dropping one record."""


class Unavailable(Exception):
    """Something that every record needs, such as a model server or a sandbox, cannot be had."""
