"""An address says where a store is."""

from pathlib import Path

import pytest

from leadline import homes
from leadline.access import Access
from leadline.cloud import Cloud
from leadline.errors import ConfigError
from leadline.home import Folder

OPEN = Access("http://127.0.0.1:9", "us-east-1", 0, "KEY", "hush")


def test_a_path_is_a_folder_and_an_address_a_bucket(tmp_path: Path) -> None:
    folder, cloud = homes.at(str(tmp_path)), homes.at("s3://stores/team/one/", OPEN)

    assert isinstance(folder, Folder)
    assert isinstance(cloud, Cloud)
    assert str(cloud / "prints") == "s3://stores/team/one/prints"
    assert homes.at(cloud) is cloud


def test_another_process_opens_what_it_is_told(tmp_path: Path) -> None:
    cloud = homes.at("s3://stores/team", OPEN)

    assert homes.told(cloud.told()) == cloud
    assert homes.told(Folder(tmp_path).told()) == Folder(tmp_path)


@pytest.mark.parametrize(
    "address", ["gs://bucket/x", "s3://", "s3://B", "s3://b/a?c", "s3://bb//x"]
)
def test_what_is_no_place_is_told(address: str) -> None:
    with pytest.raises(ConfigError) as error:
        homes.at(address, OPEN)

    assert str(error.value) == (
        f"store: '{address}' is no place; name a folder or s3://bucket/prefix"
    )
