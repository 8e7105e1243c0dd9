"""python -m studies NAME […]: run one study from its seed, offline, and print its tables."""

import sys

from leadline.errors import LeadlineError
from studies import donoho, pump, scorecards

STUDIES = {"donoho": donoho.main, "pump": pump.main, "scorecards": scorecards.main}


def main() -> None:
    """Run the study that is named, with the rest of the words."""
    name, *rest = sys.argv[1:] or [""]
    if name not in STUDIES:
        print(f"'{name}' is no study; there are {', '.join(STUDIES)}", file=sys.stderr)
        sys.exit(2)
    try:
        for line in STUDIES[name](rest):
            print(line, flush=True)
    except LeadlineError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
