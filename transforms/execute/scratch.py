"""The scratch folder of a snippet: how much it may hold, and how it is emptied.

It runs inside the sandbox and needs the standard library only.
"""

import os
import shutil
from contextlib import suppress

# For those outside of the sandbox: however deep the folder is, and whatever modes a snippet has given to its folders.
REMOVE = ("/bin/sh", "-c", '/bin/chmod -R u+rwx "$0" 2>/dev/null; /bin/rm -rf "$0"')
_MAX_ENTRIES = 1024


def is_full(folder: str, num_bytes: int) -> bool:
    """Whether the folder holds more than it may: a tmpfs limits its bytes itself, a disk does not, none its entries."""
    entries, size, folders = 0, 0, [folder]
    while folders:
        try:
            with os.scandir(folders.pop()) as found:
                for entry in found:
                    entries += 1
                    with suppress(FileNotFoundError):
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entries > _MAX_ENTRIES or size > num_bytes:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
        except FileNotFoundError:
            continue
        except OSError:  # it may not be listed, or its path is too long
            return True
    return False


def wipe(folder: str) -> bool:
    """Empties the folder; False if something is left."""
    try:
        with os.scandir(folder) as found:
            for entry in found:
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)
                    continue
                try:
                    os.rmdir(entry.path)  # also where it may not be read
                except OSError:
                    shutil.rmtree(entry.path)
    except (OSError, RecursionError):
        return False
    return True
