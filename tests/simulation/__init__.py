"""The whole engine in a simulated world: one seed is one conversation, and always the same one.

Rules: chance is drawn before a conversation begins, so what is left of it after some steps are left
out plays on as it was. The world knows who really did what (`truth`); the invariants (`oracle`, `calm`)
are held against that, and never against what the engine remembers. The world keeps the daemon's rules
(`fui/daemon.py`): inotify before records and before time, listings last, answers first.

Two things are not tried, for FUI cannot see through them: that Samba logs a deletion which was none
and is late with the record of another one of the same name; and that it is late across a start of FUI.

`cast` has the people and their menus, `disk` the share, `machine` the jobs and the state directory,
`world` the daemon, the clocks and the journal, `steps` what can happen, `script` draws a
conversation, `shrink` makes a short one of one that fails, `runner` plays many.
"""
