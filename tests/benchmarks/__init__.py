"""Programs that measure; none of them is a test. Each prints ours, the baseline of the same run, and the ratio."""
