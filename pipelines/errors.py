"""A user's mistakes: one clear line on stderr, exit code 2, no traceback."""


class UserError(Exception):
    """A mistake of the user's; the message names the thing and the mend."""


class ConservationError(Exception):
    """A stage lost or invented rows: a bug in this project, never the user's fault."""
