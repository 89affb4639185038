"""Roads and junctions as an author writes them, made into those that the network holds."""
