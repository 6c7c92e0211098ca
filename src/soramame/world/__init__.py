"""The paper world: scenes from seeds, simulated with the exact state of every frame, drawn, captioned, with their truth.

``sample`` → :class:`~soramame.world.scene.Scene` → ``simulate`` → states → ``stage`` → frames; ``captions`` and ``truth`` tell them.
"""
