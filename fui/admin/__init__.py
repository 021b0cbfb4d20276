"""What an administrator runs once: none of it is needed while the daemon runs."""
