"""The invented people: plausible, deterministic, nobody real, and observed with slips that are known."""

import time

import numpy as np
import pyarrow.parquet as pq
import pytest

from swp.sample.people import LEAST, RESIDENCES, People, age_on

REVIEW = "2023-01-01"


@pytest.fixture(scope="module")
def people() -> People:
    return People.make(np.random.default_rng(1))


def fresh(seed: int = 2) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_population_is_made_in_seconds_and_is_the_same_each_time(people):
    started = time.perf_counter()
    again = People.make(np.random.default_rng(1))
    assert time.perf_counter() - started < 3
    for name, values in vars(people).items():
        if isinstance(values, np.ndarray):
            assert (values == getattr(again, name)).all(), name


def test_a_third_live_in_the_borough_and_only_they_have_its_ward(people):
    assert len(people) == 240_000
    resident = people.residence == "westminster"
    assert 0.31 < resident.mean() < 0.36
    assert set(people.residence) == set(RESIDENCES)
    has_ward = np.array([code is not None for code in people.ward_code])
    assert (has_ward == resident).all()
    assert len(set(people.ward_code[resident])) == 18
    assert all(code.startswith("E010") for code in people.lsoa_2021_code[resident])
    homeless = people.residence == "no_fixed_abode"
    assert all(address is None for address in people.address[homeless])
    assert people.age(REVIEW)[homeless].min() >= 18


def test_no_address_can_be_a_real_one(people):
    housed = people.household >= 0
    assert all(code.startswith("ZZ") and not code.startswith("ZZ99") for code in people.postcode[housed])
    assert all(uprn.startswith("9990") and len(uprn) == 12 for uprn in people.uprn[housed])


def test_no_text_holds_a_comma_or_a_quote(people):
    for name in ("given_name", "family_name", "address", "postcode"):
        assert not any("," in text or '"' in text for text in getattr(people, name) if text), name


def test_ages_and_sexes_and_ethnicities_are_plausible(people):
    resident = people.residence == "westminster"
    years = people.age(REVIEW)
    assert years.min() >= 0
    assert years.max() < 100
    assert 0.13 < (years[resident] < 18).mean() < 0.18
    assert 0.10 < (years[resident] >= 65).mean() < 0.14
    assert 0.49 < (people.sex == "F").mean() < 0.52
    white = np.isin(people.self_defined.astype(str), ["W1", "W2", "W3", "W9"])
    assert 0.52 < white.mean() < 0.58
    assert set(people.ic_code) == {f"IC{i}" for i in range(1, 7)}


def test_children_live_with_an_adult(people):
    years = people.age(REVIEW)
    with_adult = np.zeros(people.household.max() + 1, dtype=bool)
    with_adult[people.household[(years >= 30) & (people.household >= 0)]] = True
    assert with_adult[people.household[years < 18]].all()


def test_pick_keeps_to_age_on_the_date_and_sex_and_residence(people):
    on = np.datetime64("2022-10-01")
    index = people.pick(fresh(), 500, age=(10, 17), on=on, sex="F", residence="westminster")
    years = people.age(on)[index]
    assert years.min() >= 10
    assert years.max() <= 17
    assert set(people.sex[index]) == {"F"}
    assert set(people.residence[index]) == {"westminster"}
    assert len(set(index)) == 500


def test_pick_repeats_the_share_that_is_asked_for(people):
    index = people.pick(fresh(), 10_000, repeat=0.2)
    assert len(set(index)) == 8_000
    first = {}
    for at, who in enumerate(index.tolist()):
        first.setdefault(who, at)
    assert sum(at == first[who] for at, who in enumerate(index.tolist())) == 8_000


def test_pick_repeats_people_where_there_are_too_few_and_says_where_there_are_none(people):
    few = people.pick(fresh(), 50_000, age=(10, 10), residence="westminster")
    assert len(few) == 50_000
    assert len(people.pick(fresh(), 0)) == 0
    with pytest.raises(ValueError, match="Nobody"):
        people.pick(fresh(), 1, age=(119, 120))


def test_pick_follows_the_weights(people):
    weight = np.where(people.ic_code == "IC3", 5.0, 1.0)
    weight[people.sex == "M"] = 0
    index = people.pick(fresh(), 2_000, weight=weight)
    assert set(people.sex[index]) == {"F"}
    assert (people.ic_code[index] == "IC3").mean() > 2 * (people.ic_code == "IC3").mean()


def test_what_is_observed_is_mostly_right_and_slips_as_often_as_asked(people):
    index = np.arange(20_000)
    seen = people.observe(fresh(), index, "test_agency", error=0.05, table="t")
    wrong = seen["family_name"] != people.family_name[index]
    assert 0.04 < wrong.mean() < 0.07
    written = np.datetime_as_string(people.birth_date[index]).astype(object)
    blank = np.array([text is None for text in seen["birth_date"]])
    assert 0.04 < blank.mean() < 0.06
    assert 0.003 < ((seen["birth_date"] != written) & ~blank).mean() < 0.02
    assert (
        people.observe(fresh(), index, "test_agency", error=0)["given_name"] == people.given_name[index]
    ).all()


def test_a_reference_is_stable_within_an_agency_and_differs_between_agencies(people):
    index = np.arange(len(people))
    one, other = people.reference(index, "mps_cris"), people.reference(index, "yjs")
    assert (one == people.reference(index, "mps_cris")).all()
    assert len(set(one)) == len(people)
    assert not (one == other).any()


def test_truth_leads_from_every_observed_row_to_its_person(tmp_path):
    people = People.make(np.random.default_rng(3), scale=0.01)
    assert len(people) == LEAST
    index = people.pick(fresh(), 300, repeat=0.3)
    seen = people.observe(fresh(), index, "yjs", table="yjs_case", rows=[f"C{i}" for i in range(300)])
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    path = people.write_truth(tmp_path / "truth")
    assert path == tmp_path / "truth" / "person_links.parquet"
    truth = pq.read_table(path).to_pydict()
    assert truth["person_id"] == index.tolist()
    assert truth["reference"] == seen["reference"].tolist()
    assert truth["row_reference"][0] == "C0"
    assert set(truth["source_table"]) == {"yjs_case"}
    assert not list(inbox.iterdir())


def test_age_changes_on_the_birthday():
    born = np.array(["2000-03-15", "2000-02-29"], dtype="M8[D]")
    assert age_on(born, np.datetime64("2018-03-14")).tolist() == [17, 18]
    assert age_on(born, np.datetime64("2018-03-15")).tolist() == [18, 18]
