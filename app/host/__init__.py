"""The plugin host: finds, loads, checks, migrates and switches plugins. It may import services, never the reverse."""
