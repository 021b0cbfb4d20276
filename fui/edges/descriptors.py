"""How many files FUI may have open: it holds one for each folder of the menu.

systemd gives a service 1,024 and lets it ask for more (DefaultLimitNOFILE= in systemd-system.conf(5)), for
programs that use select(2) cannot have more. A job is such a program: it gets what FUI got.
"""

import resource


def raise_limit() -> int:
    """Have as many as may be; return how many there were until now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return soft
