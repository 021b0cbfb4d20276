"""The vocabulary. Frozen values and enums that every layer shares; imports nothing of ours."""
