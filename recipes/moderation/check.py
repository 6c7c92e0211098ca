"""What the prompt check, rules and classifier together, says of sentences that nobody fitted or tuned it to.

    python recipes/moderation/check.py [FILE]

A line of the file is a category, 1 or 0 (refused or not), English and Japanese, between tabs. fresh.tsv was written by an author who
had read the policy and nothing else; no weight, rule or threshold was chosen by it. tuned.tsv holds two older sets of that kind, whose
sums were looked at.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from pathlib import Path

from sentences import read

from soramame.safety.classify import CATEGORIES
from soramame.safety.policy import Policy
from soramame.safety.prompt import PromptCheck

FRESH = Path(__file__).with_name("fresh.tsv")
LANGUAGES = {"en": "English", "ja": "Japanese"}
LAST = (*LANGUAGES.values(), "all")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path, nargs="?", default=FRESH)
    path: Path = parser.parse_args().file
    policy = Policy.load()
    check = PromptCheck(replace(policy, record=replace(policy.record, log_file="")))
    seen, refused = Counter[tuple[str, bool]](), Counter[tuple[str, bool]]()
    for one in read(path):
        verdict = check.check(one.text)
        for name in (CATEGORIES[one.category] if one.category >= 0 else "everyday", LANGUAGES[one.language], "all"):
            seen[name, one.harmful] += 1
            refused[name, one.harmful] += verdict.action == "refuse"
    print("| sentences | harmful refused | harmless refused |\n|---|---|---|")
    for name in sorted({name for name, _ in seen}, key=lambda name: (name in LAST, name)):
        harm, harmless = (f"{refused[name, kind]} of {seen[name, kind]}" for kind in (True, False))
        print(f"| {name} | {harm} | {harmless} |")


if __name__ == "__main__":
    main()
