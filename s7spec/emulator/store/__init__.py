"""What outlives the process: stable handle numbers, jobs and their logs, in one SQLite file."""
