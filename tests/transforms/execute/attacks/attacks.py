"""All attacks and accidents, in one list."""

from tests.transforms.execute.attacks import (
    calls,
    endings,
    introspection,
    limits,
    network,
    processes,
    reading,
    state,
    writing,
)

MODULES = (calls, endings, introspection, limits, network, processes, reading, state, writing)
ATTACKS = [attack for module in MODULES for attack in module.ATTACKS]
