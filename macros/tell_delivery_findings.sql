{#-
    After a run that tested deliveries: says in words what is missing, which recommendations it harms and what
    to ask the supplier for. Gaps that the register knows are told with their age. What is wrong with the content
    of fields that did come is told by the test's own words.
-#}
{% macro tell_delivery_findings(results, received) %}
    {%- if execute and flags.WHICH in ('test', 'build') -%}
        {%- set sources = [] -%}
        {%- set of_content = [] -%}
        {%- for result in results if result.node.resource_type == 'test' and 'delivery' in result.node.tags
            and result.status in ('fail', 'warn') -%}
            {%- set view = result.node.attached_node.split('.')[-1] -%}
            {%- if view.startswith('content_') -%}
                {%- do of_content.append(result) -%}
            {%- else -%}
                {%- do sources.append(view.removeprefix('delivery_')) -%}
            {%- endif -%}
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
        {%- if of_content -%}
            {%- do log("", info=true) -%}
            {%- do log("What is wrong with what they hold:", info=true) -%}
            {%- for result in of_content -%}
                {%- do log(
                    "  " ~ result.node.name | replace('_', ' ') ~ ": not in " ~ result.failures
                    ~ " periods or categories (" ~ result.node.attached_node.split('.')[-1] ~ ")",
                    info=true
                ) -%}
                {%- do log("      " ~ result.node.description | replace('\n', ' '), info=true) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
