"""Snowflake's regions: how a locator, ``CURRENT_REGION()`` and a person write each of them.

The table is a hint for what people type and the list of a ``<select>``. It is never a reason to refuse a region:
Snowflake opens a few new ones every year.

Source: https://docs.snowflake.com/en/user-guide/admin-account-identifier and
https://docs.snowflake.com/en/sql-reference/functions/current_region (read autumn 2026).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

CLOUDS: Final = ("aws", "azure", "gcp")

# US government accounts say in front of the region which set of rules they are run under.
COMPLIANCES: Final = ("fhplus", "dod")

_CLOUD_TITLES: Final = {"AWS": "AWS", "AZURE": "Azure", "GCP": "Google Cloud"}

# One label of a suffix; the whole suffix has one to three: compliance, region, cloud.
_SUFFIX = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*){0,2}")

# Amazon's own naming, "eu-south-2": the only region names that can stand without a cloud behind them.
_AMAZON = re.compile(r"[a-z]{2}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}(?:-gov)?")


@dataclass(frozen=True, slots=True)
class Region:
    """One row of Snowflake's table.

    ``suffix`` is what follows a locator, without the leading dot (``""`` for AWS US West (Oregon) alone);
    ``region_id`` is what ``CURRENT_REGION()`` returns, in upper case, without a region group.
    """

    suffix: str
    place: str
    region_id: str

    @property
    def cloud(self) -> str:
        """``"aws"``, ``"azure"`` or ``"gcp"``."""
        return self.region_id.partition("_")[0].lower()

    @property
    def title(self) -> str:
        """The region for people: ``AWS US East (Ohio)``."""
        return f"{_CLOUD_TITLES[self.region_id.partition('_')[0]]} {self.place}"


# suffix, place, region id. Oregon stands first: it is the one that needs no suffix.
REGIONS: Final[tuple[Region, ...]] = tuple(
    Region(*row)
    for row in (
        ("", "US West (Oregon)", "AWS_US_WEST_2"),
        ("us-east-1", "US East (N. Virginia)", "AWS_US_EAST_1"),
        ("us-east-2.aws", "US East (Ohio)", "AWS_US_EAST_2"),
        ("ca-central-1.aws", "Canada (Central)", "AWS_CA_CENTRAL_1"),
        ("sa-east-1.aws", "South America (São Paulo)", "AWS_SA_EAST_1"),
        ("eu-west-1", "EU (Ireland)", "AWS_EU_WEST_1"),
        ("eu-west-2.aws", "Europe (London)", "AWS_EU_WEST_2"),
        ("eu-west-3.aws", "Europe (Paris)", "AWS_EU_WEST_3"),
        ("eu-central-1", "EU (Frankfurt)", "AWS_EU_CENTRAL_1"),
        ("eu-central-2.aws", "Europe (Zurich)", "AWS_EU_CENTRAL_2"),
        ("eu-north-1.aws", "Europe (Stockholm)", "AWS_EU_NORTH_1"),
        ("me-central-1.aws", "Middle East (UAE)", "AWS_ME_CENTRAL_1"),
        ("af-south-1.aws", "Africa (Cape Town)", "AWS_AF_SOUTH_1"),
        ("ap-northeast-1.aws", "Asia Pacific (Tokyo)", "AWS_AP_NORTHEAST_1"),
        ("ap-northeast-3.aws", "Asia Pacific (Osaka)", "AWS_AP_NORTHEAST_3"),
        ("ap-northeast-2.aws", "Asia Pacific (Seoul)", "AWS_AP_NORTHEAST_2"),
        ("ap-south-1.aws", "Asia Pacific (Mumbai)", "AWS_AP_SOUTH_1"),
        ("ap-southeast-1", "Asia Pacific (Singapore)", "AWS_AP_SOUTHEAST_1"),
        ("ap-southeast-2", "Asia Pacific (Sydney)", "AWS_AP_SOUTHEAST_2"),
        ("ap-southeast-3.aws", "Asia Pacific (Jakarta)", "AWS_AP_SOUTHEAST_3"),
        ("ap-southeast-5.aws", "Asia Pacific (Malaysia)", "AWS_AP_SOUTHEAST_5"),
        ("ap-southeast-6.aws", "Asia Pacific (New Zealand)", "AWS_AP_SOUTHEAST_6"),
        ("ap-southeast-7.aws", "Asia Pacific (Thailand)", "AWS_AP_SOUTHEAST_7"),
        ("cn-northwest-1.aws", "China (Ningxia)", "AWS_CN_NORTHWEST_1"),
        ("us-west-2-gov.aws", "US West (Commercial Gov)", "AWS_US_GOV_WEST_2"),
        ("us-east-1-gov.aws", "US East (Commercial Gov)", "AWS_US_GOV_EAST_1"),
        ("fhplus.us-gov-west-1.aws", "US Gov West 1 (FedRAMP High Plus)", "AWS_US_GOV_WEST_1_FHPLUS"),
        ("dod.us-gov-west-1.aws", "US Gov West 1 (DoD)", "AWS_US_GOV_WEST_1_DOD"),
        ("fhplus.us-gov-east-1.aws", "US Gov East 1 (FedRAMP High Plus)", "AWS_US_GOV_EAST_1_FHPLUS"),
        ("west-us-2.azure", "West US 2 (Washington)", "AZURE_WESTUS2"),
        ("central-us.azure", "Central US (Iowa)", "AZURE_CENTRALUS"),
        ("south-central-us.azure", "South Central US (Texas)", "AZURE_SOUTHCENTRALUS"),
        ("east-us.azure", "East US (Virginia)", "AZURE_EASTUS"),
        ("east-us-2.azure", "East US 2 (Virginia)", "AZURE_EASTUS2"),
        ("us-gov-virginia.azure", "US Gov Virginia", "AZURE_USGOVVIRGINIA"),
        ("fhplus.us-gov-virginia.azure", "US Gov Virginia (FedRAMP High Plus)", "AZURE_USGOVVIRGINIA_FHPLUS"),
        ("canada-central.azure", "Canada Central (Toronto)", "AZURE_CANADACENTRAL"),
        ("mexicocentral.azure", "Mexico Central", "AZURE_MEXICOCENTRAL"),
        ("uk-south.azure", "UK South (London)", "AZURE_UKSOUTH"),
        ("north-europe.azure", "North Europe (Ireland)", "AZURE_NORTHEUROPE"),
        ("west-europe.azure", "West Europe (Netherlands)", "AZURE_WESTEUROPE"),
        ("sweden-central.azure", "Sweden Central", "AZURE_SWEDENCENTRAL"),
        ("switzerland-north.azure", "Switzerland North (Zurich)", "AZURE_SWITZERLANDNORTH"),
        ("uae-north.azure", "UAE North (Dubai)", "AZURE_UAENORTH"),
        ("central-india.azure", "Central India (Pune)", "AZURE_CENTRALINDIA"),
        ("japan-east.azure", "Japan East (Tokyo)", "AZURE_JAPANEAST"),
        ("korea-central.azure", "Korea Central (Seoul)", "AZURE_KOREACENTRAL"),
        ("southeast-asia.azure", "Southeast Asia (Singapore)", "AZURE_SOUTHEASTASIA"),
        ("australia-east.azure", "Australia East (Sydney)", "AZURE_AUSTRALIAEAST"),
        ("us-central1.gcp", "US Central 1 (Iowa)", "GCP_US_CENTRAL1"),
        ("us-east4.gcp", "US East 4 (N. Virginia)", "GCP_US_EAST4"),
        ("europe-west2.gcp", "Europe West 2 (London)", "GCP_EUROPE_WEST2"),
        ("europe-west3.gcp", "Europe West 3 (Frankfurt)", "GCP_EUROPE_WEST3"),
        ("europe-west4.gcp", "Europe West 4 (Netherlands)", "GCP_EUROPE_WEST4"),
        ("me-central2.gcp", "Middle East Central 2 (Dammam)", "GCP_ME_CENTRAL2"),
        ("australia-southeast2.gcp", "Australia Southeast 2 (Melbourne)", "GCP_AUSTRALIA_SOUTHEAST2"),
    )
)

OREGON: Final = REGIONS[0]


def _spellings(region: Region) -> Iterator[str]:
    """Yield every way in which people and older pages write a region behind a locator."""
    # Oregon has no suffix, but Snowsight's links and PrivateLink names call it by Amazon's name.
    written = region.suffix or "us-west-2"
    yield written
    cloud = f".{region.cloud}"
    yield written.removesuffix(cloud) if written.endswith(cloud) else written + cloud


_BY_SPELLING: Final = {spelling: region for region in REGIONS for spelling in _spellings(region)}
_BY_ID: Final = {region.region_id: region for region in REGIONS}


def region_of_suffix(suffix: str) -> Region | None:
    """Find a region by its suffix, with or without the cloud, hyphens or underscores: ``us-east-2`` is Ohio."""
    written = suffix.lower().replace("_", "-")
    labels = written.split(".")
    # "us-gov-west-1.fhplus.aws": the rules belong in front of the region.
    if len(labels) > 1 and labels[1] in COMPLIANCES:
        labels[:2] = labels[1], labels[0]
    return _BY_SPELLING.get(".".join(labels))


def region_of_id(region_id: str) -> Region | None:
    """Find a region by what ``CURRENT_REGION()`` returns, a region group in front ("PUBLIC.") or not."""
    return _BY_ID.get(region_id.rpartition(".")[2].upper().replace("-", "_"))


def suffix_of_id(region_id: str) -> str | None:
    """Return the suffix for a region ID, worked out where the table is too old; None when it can't be known.

    Azure's IDs have lost their hyphens (``AZURE_WESTUS3``), so an unknown one can't be written as a suffix.
    """
    if region := region_of_id(region_id):
        return region.suffix
    cloud, _, rest = region_id.rpartition(".")[2].lower().partition("_")
    if cloud not in ("aws", "gcp"):
        return None
    suffix = f"{rest.replace('_', '-')}.{cloud}"
    return suffix if is_suffix(suffix) else None


def looks_like_region_id(text: str) -> bool:
    """Tell whether a text is the answer of ``CURRENT_REGION()``, of a region known here or not."""
    cloud, _, rest = text.rpartition(".")[2].partition("_")
    return cloud.lower() in CLOUDS and re.fullmatch(r"[A-Za-z0-9_]+", rest) is not None


def is_suffix(text: str) -> bool:
    """Tell whether a text could be a suffix at all: one to three labels of small letters, digits, hyphens."""
    return _SUFFIX.fullmatch(text) is not None


def looks_like_suffix(text: str) -> bool:
    """Tell whether a text can only be a region: in the table, ending in a cloud, or named as Amazon names them."""
    if region_of_suffix(text):
        return True
    if not is_suffix(text):
        return False
    *front, last = text.split(".")
    return (bool(front) and last in CLOUDS) or _AMAZON.fullmatch(last) is not None


def title_of(suffix: str) -> str:
    """Name the region of a suffix for people; an unknown one is named by itself."""
    if suffix == "":
        return OREGON.title
    region = region_of_suffix(suffix)
    return region.title if region else f"region {suffix}"
