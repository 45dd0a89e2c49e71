-- One row per source and field or period that its contract asks for.
{{ contract_requirements() }}
