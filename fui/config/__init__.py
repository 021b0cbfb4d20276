"""From fui.yaml and the drop-ins to a Menu, or to a ConfigError that names file, line and column."""
