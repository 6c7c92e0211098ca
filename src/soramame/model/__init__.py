"""The networks: VAE, DiT and the bundled text encoder. A frozen configuration beside each module; no files are read here."""
