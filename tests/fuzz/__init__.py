"""What strangers can write, read a million times over: a value comes of it, or the module's own error.

`python -m tests.fuzz TARGET` has atheris look for inputs of which something else comes, or which take
longer than their length; `make fuzz` does that for all targets. What was found once, and what reaches
each part of the readers, stands in `corpus/TARGET/` and is tried by `test_corpus` in each run of the
tests, for which atheris is not needed.

A target is a module with `check(data)`, which raises whatever the readers should not, and AssertionError
where what they return cannot be right; and `WORDS`, what means something to them. An input that stands
for several things has SEPARATOR between them.
"""
