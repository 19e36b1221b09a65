"""One wake-up processed: a product, a policy file, the labels of a repository."""
