"""FUI: a Samba share as a menu of privileged actions."""

__version__ = "0.2.0"
