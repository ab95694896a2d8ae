"""The demo's play: people and exam days acted out through the services, with a clock of their own (§12.3-14.5)."""
