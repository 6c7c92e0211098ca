"""Models on disk: folders of safetensors with a card, checked by hash; names of public checkpoints."""
