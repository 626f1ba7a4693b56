"""The company: its users, presets, folders and assets, read from a folder of real files."""
