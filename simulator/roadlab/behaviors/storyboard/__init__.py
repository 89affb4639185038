"""The story on the tick: conditions, events and actions, with the semantics of OpenSCENARIO's storyboard elements."""
