"""What people write, before a model reads it: short prompts expanded, events put in order, storyboards read.

Each part is imported from its own module, so that a storyboard can be checked without loading torch.
"""
