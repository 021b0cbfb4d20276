"""The long press: many people press for a long time, and FUI is killed again and again.

`python -m integration.soak --presses 10000 --clients 20 --kills 100 --seed 1`. Everybody writes down
what he did, Samba what it deleted, FUI what it told, and each command that it ran; `reckoning` holds
the four against each other.
"""
