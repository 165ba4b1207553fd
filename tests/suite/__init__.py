"""The suite as ./kith test runs it: finds a browser and a server, then starts pytest once per database."""
