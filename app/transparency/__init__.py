"""The register as a transparency log: canonical entries, one tree of digests, signed notes and proofs; no I/O."""
