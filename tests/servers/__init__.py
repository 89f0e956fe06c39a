"""Real servers for tests: found on the machine or taken from the wheels, always private."""
