"""GitHub and GitLab: the only place that knows their APIs and what they tell a CI run."""
