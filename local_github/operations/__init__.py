"""Everything one may do on the local GitHub, by subject: rights are checked, the state changed, the event told."""
