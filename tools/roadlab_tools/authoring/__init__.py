"""What helps the author of a scenario: `roadlab check`, `sample`, `explain`, `new` and `list`."""
