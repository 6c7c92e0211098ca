"""Training: VAE, text and DiT stages over one loop that resumes bit for bit."""
