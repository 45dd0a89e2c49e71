"""The descriptions of the staging models follow from the contracts, and are up to date."""

import yaml

from swp import staging_docs
from swp.contracts import load_contracts

CONTRACT = """\
version: 2
sources:
  - name: shop
    schema: raw
    config: {meta: {supplier: A shop, source_id: S99, origin: partner, layout: assumed, formats: [csv]}}
    tables:
      - name: shop_theft
        description: One row per theft.
        columns:
          - name: theft_id
            description: Number of the theft.
            config: {meta: {label: 'No., shop', type: integer, need: key}}
          - name: thief_name
            description: 'Name: first, last.'
            config: {meta: {label: Thief, type: text, sensitivity: identifier}}
          - name: stolen_on
            description: Day of the theft.
            config: {meta: {label: 'When?', type: date, formats: ['%d/%m/%Y'], need: required}}
"""
MODEL = "select {{ staged_columns('shop_theft') }} from {{ source('shop', 'shop_theft') }}\n"


def made(tmp_path):
    """A staging folder with one contract and one model."""
    load_contracts.cache_clear()
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "_shop__sources.yml").write_text(CONTRACT, encoding="utf-8")
    (folder / "stg_shop__thefts.sql").write_text(MODEL, encoding="utf-8")
    return folder


def test_the_generated_descriptions_are_up_to_date(capsys):
    assert staging_docs.main(["--check"]) == 0, capsys.readouterr().out


def test_each_column_has_its_label_and_sensitivity_and_casts_keep_their_text(tmp_path):
    folder = made(tmp_path)
    (text,) = staging_docs.rendered(tmp_path).values()
    (model,) = yaml.safe_load(text)["models"]
    columns = {column["name"]: column for column in model["columns"]}
    assert model["name"] == "stg_shop__thefts"
    assert list(columns) == [
        "delivery_id",
        "row_number",
        "theft_id",
        "thief_name",
        "stolen_on",
        "stolen_on_text",
    ]
    assert columns["theft_id"]["config"]["meta"]["supplier_label"] == "No., shop"
    assert columns["thief_name"]["description"] == "Name: first, last."
    assert columns["thief_name"]["config"]["meta"]["sensitivity"] == "identifier"
    assert staging_docs.out_of_date(tmp_path) == [folder / "_shop__models.yml"]


def test_a_file_that_differs_from_its_contract_is_out_of_date(tmp_path):
    folder = made(tmp_path)
    path = folder / "_shop__models.yml"
    path.write_text(staging_docs.rendered(tmp_path)[path], encoding="utf-8")
    assert staging_docs.out_of_date(tmp_path) == []
    path.write_text(path.read_text(encoding="utf-8").replace("Day of", "Date of"), encoding="utf-8")
    assert staging_docs.out_of_date(tmp_path) == [path]
