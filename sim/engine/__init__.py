"""The two engines: events in order of time with a full log (SimPy), and many worlds at compiled speed (threads)."""
