"""Numbers of signals that mean something to the network."""

TRAFFIC_LIGHT = "1000001"
"""Red, amber, green (OpenDRIVE's own catalogue)."""
NOT_FOR_VEHICLES = ("1000002", "1000007", "1000013")
"""Lights for people on foot, on foot and on bicycles, on bicycles (the same)."""
STOP_LINE = "294"
"""Haltlinie (StVO, Anlage 2)."""
STOP = ("206", "R1-1")
"""StVO, Anlage 2; MUTCD."""
YIELD = ("205", "R1-2")
PRIORITY = ("301", "306")
"""At this junction; on this road."""
