"""FUI: a Samba share as a menu of privileged actions."""
