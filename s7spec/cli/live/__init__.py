"""How a run goes, while it goes: bars, lines and heartbeats on stderr."""
