"""Helpers of the tests: a source to the contract, what staging must then hold, ways to break things."""
