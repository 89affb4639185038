"""What can be measured along a run: pure functions of a scene log, vectorised over ticks and pairs.

`MEASURES` lists those that are a curve over time.
"""

from roadlab.measures.curves import MEASURES, Curve, Measure

__all__ = ["MEASURES", "Curve", "Measure"]
