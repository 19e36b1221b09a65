"""Reports: where their products come from, and the formats in which people take them away."""
