"""What you run: the command line, the configuration and the build."""

import logging

# Beam warns through the root logger, on import and on every run, of things that no user can mend; trafilatura warns of
# every bad page. This is set here so that it holds in worker processes too, before they import Beam.
logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s")
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("models.chat").setLevel(logging.INFO)  # a server that is gone, and that it is back
