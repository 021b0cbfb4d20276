"""Deliberate faults in the core, each of which the simulation or a unit test has to find.

Rules: a fault is a small replacement of text that stands in the file exactly once; it is made in a copy
of the tree, never in place. A fault that survives is a missing test.
"""
