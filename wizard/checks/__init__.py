"""The live test: one file per check, a list that gives their order, and a runner that never raises."""
