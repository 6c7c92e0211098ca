"""The server: the videos API that official clients speak, a queue that loses nothing, and workers that own an engine."""
