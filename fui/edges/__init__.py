"""Where FUI touches the world. An edge translates and never decides; no edge imports another."""
