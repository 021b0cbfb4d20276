"""What `fui setup` does: a plan of small changes, shown first, then carried out one by one.

The way: `candidate` reads the configuration as it will be; `here` looks at the machine; `plan` makes
the steps; `carry_out` takes those that are needed and keeps the `record`; `take_back` makes steps of
the record that undo what was made.
"""
