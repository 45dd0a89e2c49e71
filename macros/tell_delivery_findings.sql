{#-
    After a run that tested deliveries: says in words what is missing, which recommendations it harms and what
    to ask the supplier for. Gaps that the register knows are told with their age.
-#}
{% macro tell_delivery_findings(results, received) %}
    {%- if execute and flags.WHICH in ('test', 'build') -%}
        {%- set sources = [] -%}
        {%- for result in results if result.node.resource_type == 'test' and 'delivery' in result.node.tags
            and result.status in ('fail', 'warn') -%}
            {%- do sources.append(result.node.attached_node.split('.')[-1] | replace('delivery_', '')) -%}
        {%- endfor -%}
        {%- if sources -%}
            {%- set found = run_query(
                "select source, coalesce(delivery_id || ' ' || file_name, 'source as a whole'), label, finding, "
                ~ "recommendations, ask, gap_state, gap_id, gap_owner, gap_age_days, expires_on "
                ~ "from " ~ received ~ " where gap_state <> 'none' and source in ("
                ~ "'" ~ sources | unique | join("', '") ~ "')"
                ~ (" and delivery_id = '" ~ var('delivery') ~ "'" if var('delivery') else "")
                ~ " order by gap_state, source, label, delivery_id"
            ) -%}
            {%- do log("", info=true) -%}
            {%- do log("What the deliveries lack:", info=true) -%}
            {%- for row in found.rows -%}
                {%- set where = row[0] ~ ", " ~ row[1] ~ ": " ~ row[2] ~ " - " ~ row[3] -%}
                {%- if row[6] == 'registered' -%}
                    {%- do log(
                        "  registered " ~ row[7] ~ " (" ~ row[9] ~ " days, " ~ row[8] ~ ", until " ~ row[10] ~ "): "
                        ~ where,
                        info=true
                    ) -%}
                {%- else -%}
                    {%- set kind = "EXPIRED " ~ row[7] if row[6] == 'expired' else "NEW GAP" -%}
                    {%- do log("  " ~ kind ~ ": " ~ where, info=true) -%}
                    {%- if row[4] -%}
                        {%- do log("      harms " ~ row[4] | replace(',', ', '), info=true) -%}
                    {%- endif -%}
                    {%- if row[5] -%}
                        {%- do log("      ask: " ~ row[5], info=true) -%}
                    {%- endif -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
