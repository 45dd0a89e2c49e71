-- One row per contract with the id of the source in the assessment's list.
{{ contract_sources() }}
