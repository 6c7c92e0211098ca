"""From noise to video: path, schedule, solvers, guidance, canvases and the one sampler. Knows no model."""
