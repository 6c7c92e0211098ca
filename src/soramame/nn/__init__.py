"""Layers that several models share: attention, rotary positions, norms, causal convolutions. They know no model."""
