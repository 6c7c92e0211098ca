"""What may be made, and how what was made can be told: the policy, the check of prompts."""
