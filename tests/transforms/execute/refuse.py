"""Runs a command as an unprivileged container does: no capability, and a filter that refuses all namespaces."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    from transforms.execute import namespaces, seccomp

    refused = b"".join(
        seccomp._always(call, seccomp._EPERM)
        for call in ((272, 97), (165, 40), (308, 268))  # unshare, mount, setns
    )
    seccomp._install(seccomp._head() + refused + seccomp._instruction(0x06, seccomp._ALLOW))
    namespaces.drop_privileges()
    os.execv(sys.argv[1], sys.argv[1:])
