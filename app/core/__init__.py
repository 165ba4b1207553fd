"""What the core declares, through the same contributions as every plugin: the file list is the feature list."""
