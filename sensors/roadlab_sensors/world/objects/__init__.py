"""Things that a scenario puts somewhere by hand, of roadlab's generators, of a plug-in's, or from a file."""
