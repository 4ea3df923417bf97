"""Run the peer's maximin on one pool; started by benchmarks.sortition with the peer's Python."""

import sys
import time
from pathlib import Path


def main() -> None:
    """Print CPU seconds and the smallest chance."""
    from sortition_algorithms import CSVStringDataSource, SelectionData, Settings
    from sortition_algorithms.committee_generation import find_distribution_maximin

    folder, size = Path(sys.argv[1]), int(sys.argv[2])
    features_text = (folder / "features.csv").read_text()
    people_text = (folder / "people.csv").read_text()
    data = SelectionData(CSVStringDataSource(features_text, people_text))
    settings = Settings(id_column="id", columns_to_keep=[])
    features = data.load_features(size)[0]
    people = data.load_people(settings, features)[0]
    started = time.process_time()
    panels, chances, _ = find_distribution_maximin(features, people, size, [])
    seconds = time.process_time() - started
    sits = dict.fromkeys(people, 0.0)
    for panel, chance in zip(panels, chances, strict=True):
        for identity in panel:
            sits[identity] += chance
    print(f"{seconds:.1f} s cpu, min {min(sits.values()):.8f}")


if __name__ == "__main__":
    main()
