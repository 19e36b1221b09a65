"""The story of the main job: people at work over HTTP, each step proved by what GitHub then shows."""
