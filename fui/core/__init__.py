"""Pure decisions: events and an instant in, effects out. No I/O, no clock, no state but its own."""
