"""Start one program in its own session so that it dies with its parent; run as a script.

    python -I -S factcheck/embedded/launch.py PARENT SIGNAL WHO PROGRAM [ARGUMENT…]

PARENT  process id that must still be the parent; otherwise nothing is started
SIGNAL  number of the signal that the kernel sends to the program when PARENT dies, however it dies (Linux;
        elsewhere the program can outlive a killed parent)
WHO     `same`: the same user; `namespace`: user 65534 of a new user namespace, whose files outside belong to
        root; or `UID:GID`. The last two are for PostgreSQL, which refuses to run as root.

As a separate program it needs no code between fork and exec of a process that may have threads.
Exit code 97: this WHO is not possible here.
"""

import ctypes
import os
import sys

NOT_POSSIBLE = 97
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1


def enter_namespace() -> None:
    """Become uid and gid 65534 inside a new user namespace; files outside see root without its capabilities."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, line in (("setgroups", "deny"), ("uid_map", "65534 0 1"), ("gid_map", "65534 0 1")):
        with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123
            file.write(line)


def become(who: str) -> None:
    if who == "namespace":
        enter_namespace()
    elif who != "same":
        uid, gid = (int(part) for part in who.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def main(arguments: list[str]) -> None:
    parent, death_signal, who, *command = arguments
    os.setsid()
    try:
        become(who)
    except (OSError, AttributeError) as error:
        print(f"cannot start as {who}: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(NOT_POSSIBLE)
    if sys.platform == "linux":
        # After the change of user, which resets the setting.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(1)
    try:
        os.execv(command[0], command)  # noqa: S606
    except OSError as error:
        print(f"cannot run {command[0]} as {who}: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(NOT_POSSIBLE)


if __name__ == "__main__":
    main(sys.argv[1:])
