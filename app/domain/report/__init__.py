"""Many products become lines and figures."""
