"""GitHub's REST routes: one table says who may call what, one handler per route says what happens."""
