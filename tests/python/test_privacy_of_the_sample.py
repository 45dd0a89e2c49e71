"""What identifies stays in the vault: by the SQL of the models, and by what the sample's build made of it."""

import json

from swp import leak_scan, lineage


def test_no_identifier_or_free_text_is_carried_out_of_the_vault(sample_home):
    manifest = sample_home.home.root.parent / "target" / "manifest.json"
    found = lineage.follow(json.loads(manifest.read_text(encoding="utf-8")))
    assert found.sensitive > 150
    assert not found.leaks
    assert not found.lost
    assert [f"{each.model}.{each.column}" for each in found.reached] == ["dim_person.birth_year_band"]


def test_nothing_identifying_lies_outside_the_vault(sample_home):
    folders = tuple(sample_home.home.root.parent / name for name in ("target", "logs"))
    with sample_home.entered() as home:
        found = leak_scan.scan(home, folders)
    assert found.values > 5_000
    assert not found.leaks
    keys = [path.read_bytes().strip() for path in sample_home.keys.rglob("*.key")]
    assert keys
    told = {"what dbt printed": sample_home.run.output.encode()}
    told |= {
        path.name: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()
    }
    assert [name for name, content in told.items() if any(key in content for key in keys)] == []
