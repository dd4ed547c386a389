"""Snowflake's regions, by each of their names."""

from __future__ import annotations

import pytest

from tests.snowflake.account.pastes import CN, COM
from wizard.snowflake.account import REGIONS, read_account
from wizard.snowflake.account.regions import (
    Region,
    looks_like_suffix,
    region_of_id,
    region_of_suffix,
    suffix_of_id,
    title_of,
)


def test_the_list_begins_with_the_region_that_needs_no_suffix():
    assert REGIONS[0] == Region("", "US West (Oregon)", "AWS_US_WEST_2")
    assert len({region.suffix for region in REGIONS}) == len({region.title for region in REGIONS}) == len(REGIONS)


@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region.region_id)
def test_every_region_is_found_by_each_of_its_names(region: Region):
    assert suffix_of_id(f"PUBLIC.{region.region_id}") == region.suffix
    assert region_of_id(region.region_id.lower()) is region
    assert title_of(region.suffix) == region.title
    assert read_account(f"XY12345\t{region.region_id}").region == region.suffix
    if region.suffix:
        assert region_of_suffix(region.suffix.upper()) is region
        assert region_of_suffix(region.suffix.removesuffix("." + region.cloud)) is region
        assert looks_like_suffix(region.suffix)
        domain = CN if region.suffix.startswith("cn-") else COM
        for pasted in (f"xy12345.{region.suffix}", f"https://xy12345.{region.suffix}{domain}/console"):
            assert read_account(pasted) == read_account("xy12345", region=region.suffix)
