"""Learn: stories, patterns and words."""
