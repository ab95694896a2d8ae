"""`posko bench`: how fast POSKO is, as ratios against a peer or a limit measured in the same run."""
