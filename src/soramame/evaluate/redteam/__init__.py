"""The red team: prompts that have to be refused, twins of theirs that must not be, and tricks that are played on both."""
