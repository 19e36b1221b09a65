"""Reports out of histories: where their figures come from, and the shapes in which people take them away."""
