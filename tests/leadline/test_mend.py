"""What is damaged is set aside, and each thing that is done says what to do now."""

from datetime import date
from pathlib import Path

from leadline.logbook import LOG
from leadline.mend import ASIDE, Mending
from leadline.verify import verify
from tests.stores import finra, lines, load_finra, load_sessions, opened


def mended(place: Path) -> list[str]:
    with opened(place) as store:
        return list(Mending(store).run())


def errors(place: Path) -> list[str]:
    with opened(place) as store:
        return [each.what for each in verify(store) if each.is_error]


def laid(folder: Path) -> Path:
    with opened(folder / "store") as store:
        load_sessions(store)
        for day in (4, 5):
            load_finra(store, finra(folder / "in", date(2024, 3, day), ["A|1|0|9", "B|2|0|9"]))
    return folder / "store"


def test_a_sound_store_is_left_as_it_is(tmp_path: Path) -> None:
    place = laid(tmp_path)

    assert mended(place) == []
    assert not (place / ASIDE).exists()


def test_the_load_of_a_lost_file_is_forgotten_and_can_be_loaded_again(tmp_path: Path) -> None:
    place = laid(tmp_path)
    with opened(place) as store:
        Path(store.tables["short_volume"].paths()[0]).unlink()

    said = mended(place)

    assert [sentence.rpartition("; ")[2] for sentence in said[1:]] == [
        "run leadline load finra_short_volume again for what it covers"
    ]
    assert errors(place) == []
    with opened(place) as store:
        loaded = load_finra(store, tmp_path / "in")
    assert sorted(each.is_new for each in loaded) == [False, True]
    assert errors(place) == []


def test_a_log_is_cut_off_before_its_first_damaged_entry(tmp_path: Path) -> None:
    place = laid(tmp_path)
    (place / "short_volume" / LOG / f"{1:020}.json").write_text("{")

    said = mended(place)

    assert said[0].startswith(f"{place}/short_volume: 2 files of its log are set aside in ")
    assert len([each for each in lines(place) if each["action"] == "forget"]) == 2
    assert errors(place) == []


def test_a_ledger_that_lost_its_end_is_completed_by_loading_again(tmp_path: Path) -> None:
    place = laid(tmp_path)
    before = [line["load_id"] for line in lines(place)]
    sorted((place / "loads" / LOG).glob("*.json"))[-1].write_text("")

    said = mended(place)
    with opened(place) as store:
        load_finra(store, tmp_path / "in")

    assert said[-1].startswith("finra_short_volume: 1 loads have rows and no line")
    assert [line["load_id"] for line in lines(place)] == before
    assert errors(place) == []


def test_a_dataset_without_a_log_is_set_aside_whole(tmp_path: Path) -> None:
    place = laid(tmp_path)
    for path in (place / "short_volume" / LOG).iterdir():
        path.write_text("")

    said = mended(place)

    assert any("all of it is set aside" in sentence for sentence in said)
    assert not (place / "short_volume").exists()
    with opened(place) as store:
        assert all(each.is_new for each in load_finra(store, tmp_path / "in"))
    assert errors(place) == []
