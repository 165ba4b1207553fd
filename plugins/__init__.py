"""The plugins that come with Kith. Each is a folder with a plugin.py; none has privileges."""
