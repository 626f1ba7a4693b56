"""Names that say which submission a job on IPS is, read back."""

import pytest

from s7spec.model.job import attempt_name, name_prefix, split_attempt_name
from tests.fakes.jobs import export_job, job_key

KEY = job_key("shop/main")


@pytest.mark.parametrize("generation", [1, 2, 10, 999_999_999])
def test_a_generation_is_told_apart_from_what_it_is_of(generation: int) -> None:
    fingerprint = export_job().fingerprint
    stem, found = split_attempt_name(attempt_name(KEY, fingerprint, generation))
    assert found == generation
    assert f"{stem}-g1" == attempt_name(KEY, fingerprint, 1)
    assert stem.startswith(name_prefix(KEY))


@pytest.mark.parametrize(
    "name",
    ["", "publish", "a-g", "a-g0", "a-g007", "a-g-1", "a-g1.5", "a-g٣", "a-g1234567890", "a-gx"],
)
def test_names_of_others_have_no_generation(name: str) -> None:
    assert split_attempt_name(name) == (name, 0)
